#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes examples/house.dxf: a small floor plan in millimetres with walls, hatches, door and window
blocks with attributes, dimensions, room texts, a title block on a paper-space layout and a viewport.

Needs Debian's python3-ezdxf. usage: tools/make_example.py OUT.dxf
"""
import sys

import ezdxf
from ezdxf.enums import TextEntityAlignment as Align

WALL = 240


def set_up():
    doc = ezdxf.new("R2010", setup=True)
    doc.header["$INSUNITS"] = 4
    doc.header["$MEASUREMENT"] = 1
    doc.header["$LTSCALE"] = 100
    for name, color, weight, linetype in (
            ("WALLS", 7, 50, "CONTINUOUS"), ("WALL-FILL", 8, 13, "CONTINUOUS"), ("DOORS", 3, 25, "CONTINUOUS"),
            ("WINDOWS", 5, 25, "CONTINUOUS"), ("DIMENSIONS", 1, 18, "CONTINUOUS"), ("TEXT", 2, 18, "CONTINUOUS"),
            ("AXES", 6, 13, "CENTER"), ("FURNITURE", 30, 18, "CONTINUOUS"), ("GARDEN", 94, 18, "CONTINUOUS"),
            ("NOTES-OFF", 4, 18, "CONTINUOUS")):
        layer = doc.layers.add(name, color=color, lineweight=weight, linetype=linetype)
        if name == "NOTES-OFF":
            layer.off()
    return doc


def add_blocks(doc):
    door = doc.blocks.new("DOOR-900")
    door.add_line((0, 0), (0, 900))
    door.add_arc((0, 0), 900, 0, 90)
    door.add_attdef("NUMBER", (300, 250), "D0", height=150)
    window = doc.blocks.new("WINDOW-1500")
    for y in (0, WALL / 2, WALL):
        window.add_line((0, y), (1500, y))
    for x in (0, 1500):
        window.add_line((x, 0), (x, WALL))
    tree = doc.blocks.new("TREE")
    tree.add_circle((0, 0), 900)
    tree.add_circle((0, 0), 120)
    for i in range(8):
        tree.add_line((0, 0), (850, 0)).rotate_z(i * 0.785398163)


def add_walls(msp):
    outer = [(0, 0), (10000, 0), (10000, 8000), (0, 8000)]
    inner = [(WALL, WALL), (10000 - WALL, WALL), (10000 - WALL, 8000 - WALL), (WALL, 8000 - WALL)]
    for ring in (outer, inner):
        msp.add_lwpolyline(ring, close=True, dxfattribs={"layer": "WALLS"})
    hatch = msp.add_hatch(color=8, dxfattribs={"layer": "WALL-FILL"})
    hatch.set_pattern_fill("ANSI31", scale=40)
    hatch.paths.add_polyline_path(outer, is_closed=True, flags=1)
    hatch.paths.add_polyline_path(inner, is_closed=True, flags=16)
    msp.add_lwpolyline([(6000, WALL), (6000, 8000 - WALL)], dxfattribs={"layer": "WALLS", "const_width": 120})
    msp.add_lwpolyline([(6060, 4500), (10000 - WALL, 4500)], dxfattribs={"layer": "WALLS", "const_width": 120})


def add_openings(msp):
    for i, (point, angle) in enumerate((((1200, WALL), 0), ((6060, 1800), 0), ((6060, 5200), 0)), start=1):
        door = msp.add_blockref("DOOR-900", point, dxfattribs={"layer": "DOORS", "rotation": angle})
        door.add_attrib("NUMBER", f"D{i}", (point[0] + 300, point[1] + 250),
                        dxfattribs={"height": 150, "layer": "TEXT"})
    for point, angle in (((3000, 0), 0), ((7200, 0), 0), ((2000, 8000 - WALL), 0), ((10000, 5500), 90), ((WALL, 3000), 90)):
        msp.add_blockref("WINDOW-1500", point, dxfattribs={"layer": "WINDOWS", "rotation": angle})


def add_texts(msp):
    for name, area, at in (("Living room", "41.7", (3000, 4300)), ("Bedroom", "12.6", (7950, 6200)),
                           ("Kitchen", "15.6", (7950, 2200))):
        msp.add_mtext("{\\H1.4x;\\L%s\\l}\\P\\A1;%s m{\\H0.6x;\\S2^ ;}" % (name, area),
                      dxfattribs={"layer": "TEXT", "insert": at, "char_height": 220, "attachment_point": 5, "width": 2800})
    msp.add_text("GROUND FLOOR  1:50", height=350, dxfattribs={"layer": "TEXT"}).set_placement(
        (5000, -2600), align=Align.MIDDLE_CENTER)
    msp.add_text("%%uLevel %%p0.00", height=200, dxfattribs={"layer": "TEXT"}).set_placement((400, 7400))
    msp.add_text("not to be built", height=200, dxfattribs={"layer": "NOTES-OFF"}).set_placement((400, 7000))


def add_dimensions(msp):
    style = {"dimtxt": 200, "dimasz": 150, "dimexe": 100, "dimexo": 100, "dimgap": 60, "dimdec": 0, "dimlfac": 1, "dimclrt": 2}
    for base, p1, p2, angle in (((0, -1200), (0, 0), (10000, 0), 0), ((0, -600), (6000, 0), (10000, 0), 0),
                                ((0, -600), (0, 0), (6000, 0), 0), ((-800, 0), (0, 0), (0, 8000), 90)):
        msp.add_linear_dim(base=base, p1=p1, p2=p2, angle=angle, override=style,
                           dxfattribs={"layer": "DIMENSIONS"}).render()


def add_garden(msp):
    for x, y, s in ((12500, 1500, 1.0), (13200, 5200, 1.4), (12200, 7400, 0.8)):
        msp.add_blockref("TREE", (x, y), dxfattribs={"layer": "GARDEN", "xscale": s, "yscale": s})
    msp.add_spline([(11000, -400), (12400, 2800), (11400, 5200), (12800, 8800)], dxfattribs={"layer": "GARDEN"})
    for y in (2000, 4000, 6000):
        msp.add_line((-600, y), (10600, y), dxfattribs={"layer": "AXES"})
    msp.add_ellipse((3000, 2300), (900, 0), 0.6, dxfattribs={"layer": "FURNITURE"})
    sofa = msp.add_hatch(dxfattribs={"layer": "FURNITURE"})
    sofa.set_gradient((200, 160, 120), (245, 235, 220), rotation=0)
    sofa.paths.add_polyline_path([(700, 5000), (1500, 5000), (1500, 7000, 0.2), (700, 7000)], is_closed=True)


def add_sheet(doc):
    sheet = doc.layout("Layout1")
    doc.layouts.rename("Layout1", "A3 Plan")
    sheet.page_setup(size=(420, 297), margins=(0, 0, 0, 0), units="mm")
    sheet.add_viewport(center=(190, 160), size=(360, 250), view_center_point=(6200, 3200), view_height=12800)
    sheet.add_lwpolyline([(10, 10), (410, 10), (410, 287), (10, 287)], close=True, dxfattribs={"layer": "WALLS"})
    sheet.add_lwpolyline([(290, 10), (410, 10), (410, 35), (290, 35)], close=True, dxfattribs={"layer": "WALLS"})
    sheet.add_text("House, ground floor", height=5, dxfattribs={"layer": "TEXT"}).set_placement((295, 24))
    sheet.add_text("Scale 1:50   Sheet 1", height=3.5, dxfattribs={"layer": "TEXT"}).set_placement((295, 15))


def main(out):
    doc = set_up()
    add_blocks(doc)
    msp = doc.modelspace()
    add_walls(msp)
    add_openings(msp)
    add_texts(msp)
    add_dimensions(msp)
    add_garden(msp)
    add_sheet(doc)
    doc.saveas(out)


if __name__ == "__main__":
    main(sys.argv[1])
