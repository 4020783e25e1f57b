# SPDX-License-Identifier: Apache-2.0
"""Drawings that are small to send and endless to draw, made when they are needed. BOMBS maps a name to a
function that gives the file's bytes. tests/api/test_bombs.py sends them, bench/bombs.py measures them.
"""
BOMBS = {}


def bomb(function):
    BOMBS[function.__name__] = function
    return function


def tags(*pairs):
    return "".join(f"{code}\n{value}\n" for code, value in pairs)


def section(name, body):
    return tags((0, "SECTION"), (2, name)) + body + tags((0, "ENDSEC")) if body else ""


def dxf(entities, blocks="", tables="", objects="", header=""):
    head = tags((9, "$ACADVER"), (1, "AC1032")) + header
    return (section("HEADER", head) + section("TABLES", tables) + section("BLOCKS", blocks)
            + section("ENTITIES", entities) + section("OBJECTS", objects) + tags((0, "EOF"))).encode()


def entity(kind, *pairs):
    return tags((0, kind), (8, "0"), *pairs)


def line(x, y, x2, y2, *more):
    return entity("LINE", *more, (10, x), (20, y), (11, x2), (21, y2))


def block(name, body):
    return entity("BLOCK", (2, name), (70, 0), (10, 0), (20, 0), (3, name)) + body + entity("ENDBLK")


def insert(name, x=0, y=0, *more):
    return entity("INSERT", (2, name), (10, x), (20, y), *more)


def array(name, columns, rows, dx, dy, *more):
    return insert(name, 0, 0, (70, columns), (71, rows), (44, dx), (45, dy), *more)


def text(value, height, x=0, y=0):
    return entity("TEXT", (10, x), (20, y), (40, height), (1, value))


def mtext(value, width):
    return entity("MTEXT", (10, 0), (20, 0), (40, 1), (41, width), (71, 1), (1, value))


def solid(size, color=1):
    return entity("SOLID", (62, color), (10, 0), (20, 0), (11, size), (21, 0), (12, 0), (22, size), (13, size), (23, size))


def square(size):
    return [(10, 0), (20, 0), (10, size), (20, 0), (10, size), (20, size), (10, 0), (20, size)]


def scattered(count):
    """Points that jump all over the place."""
    return [pair for i in range(count) for pair in ((10, i * 7919 % 977), (20, i * 31 % 1009))]


def hatch(boundary, lines=None, more=()):
    """Of pattern lines (angle, dx, dy, dashes), or solid."""
    head = [(10, 0), (20, 0), (30, 0), (210, 0), (220, 0), (230, 1), (2, "X"), (70, 0 if lines else 1), (71, 0),
            (91, 1), (92, 7), (72, 0), (73, 1), (93, len(boundary) // 2), *boundary, (97, 0), (75, 0), (76, 1)]
    if not lines:
        return entity("HATCH", *head, (98, 0), *more)
    head += [(52, 0), (41, 1), (77, 0), (78, len(lines))]
    for angle, dx, dy, dashes in lines:
        head += [(53, angle), (43, 0), (44, 0), (45, dx), (46, dy), (79, len(dashes)), *((49, d) for d in dashes)]
    return entity("HATCH", *head)


def spline(degree, knots, points):
    return entity("SPLINE", (70, 8), (71, degree), (72, len(knots)), (73, len(points) // 2), (74, 0),
                  *((40, knot) for knot in knots), *points)


def polyline(points, *more, bulges=None):
    pairs = list(points)
    if bulges:
        pairs = [p for i, b in enumerate(bulges) for p in (points[2 * i], points[2 * i + 1], (42, b))]
    return entity("LWPOLYLINE", *more, (90, len(points) // 2), (70, 1), *pairs)


def table(kind, records):
    return tags((0, "TABLE"), (2, kind), (70, 1)) + records + tags((0, "ENDTAB"))


def fine_dashes(label=None):
    """A linetype D of dashes a thousandth long, with a text at each if one is given."""
    mark = [(74, 2), (75, 0), (340, 0), (46, 1e-3), (50, 0), (44, 0), (45, 0), (9, label)] if label else [(74, 0)]
    return table("LTYPE", tags((0, "LTYPE"), (2, "D"), (70, 0), (3, ""), (72, 65), (73, 2), (40, 2e-3), (49, 1e-3), *mark,
                               (49, -1e-3), (74, 0)))


LEAF = block("L0", line(0, 0, 1, 1))


@bomb
def arrays_in_arrays():  # 10^9 lines
    blocks = LEAF + "".join(block(f"L{i}", array(f"L{i - 1}", 1000, 1000, 2 * 1000 ** (i - 1), 2 * 1000 ** (i - 1)))
                            for i in (1, 2, 3))
    return dxf(insert("L3"), blocks)


@bomb
def one_array_of_a_billion():
    return dxf(array("L0", 32000, 32000, 2, 2), LEAF)


@bomb
def five_thousand_arrays():
    return dxf("".join(array("L0", 1000, 1000, 2, 2, (50, i * 0.1)) for i in range(5000)), LEAF)


@bomb
def two_of_the_next_forty_times():
    blocks = LEAF + "".join(block(f"L{i}", insert(f"L{i - 1}") + insert(f"L{i - 1}", 2 ** i, 1, (50, 17 + i)))
                            for i in range(1, 40))
    return dxf(insert("L39"), blocks)


@bomb
def hundred_of_the_next_five_times():
    blocks = block("L0", "".join(line(i, 0, i + 1, 1) for i in range(100)))
    blocks += "".join(block(f"L{i}", "".join(insert(f"L{i - 1}", j * 10 ** i, j, (50, j)) for j in range(100)))
                      for i in range(1, 6))
    return dxf(insert("L5"), blocks)


@bomb
def blocks_that_hold_themselves():
    return dxf(insert("A") + insert("B"), block("A", insert("B") + insert("A") + line(0, 0, 1, 1))
               + block("B", insert("A") + insert("B")))


@bomb
def blocks_that_hold_each_other():
    count = 60
    blocks = "".join(block(f"R{i}", "".join(insert(f"R{j}", i, j) for j in range(count))) for i in range(count))
    return dxf("".join(insert(f"R{i}") for i in range(count)) + line(0, 0, 1, 1), blocks)


@bomb
def array_with_attributes():
    attributes = "".join(entity("ATTRIB", (10, i), (20, 0), (40, 1), (1, "W" * 40), (2, "T")) for i in range(200))
    return dxf(array("L0", 1000, 1000, 2, 2, (66, 1)) + attributes + entity("SEQEND"), LEAF)


@bomb
def array_of_texts():
    return dxf(array("L0", 3000, 3000, 20, 20), block("L0", text("W" * 100, 500)))


@bomb
def array_of_fills():
    return dxf(array("L0", 3000, 3000, .01, .01), block("L0", solid(1000)))


@bomb
def array_of_hatches():
    return dxf(array("L0", 1000, 1000, .01, .01), block("L0", hatch(square(1000), [(45, 0, 0.1, [])])))


@bomb
def array_of_splines():
    return dxf(array("L0", 1000, 1000, .01, .01), block("L0", spline(3, range(1004), scattered(1000))))


@bomb
def hatch_of_ten_billion_lines():
    return dxf(hatch(square(1e6), [(45, 0, 1e-4, [])]))


@bomb
def thousands_of_dense_hatches():
    return dxf(hatch(square(1000), [(45, 0, 0.006, [])]) * 2000)


@bomb
def hatches_of_short_dashes():
    return dxf(hatch(square(1000), [(0, 0, 10, [0.01, -0.01])]) * 500)


@bomb
def hatches_of_many_patterns():
    return dxf(hatch(square(1000), [(angle, 0, 1, []) for angle in range(200)]) * 30)


@bomb
def hatch_that_crosses_itself():
    return dxf(hatch(scattered(30000)))


@bomb
def patterned_hatch_that_crosses_itself():
    return dxf(hatch(scattered(15000), [(angle, 0, 10, []) for angle in range(5000)]))


@bomb
def gradients():
    gradient = ((450, 1), (451, 0), (460, .5), (461, 0), (452, 0), (462, 0), (453, 2), (463, 0), (63, 5), (421, 255),
                (463, 1), (63, 2), (421, 16776960), (470, "SPHERICAL"))
    return dxf(hatch(square(1000), more=gradient) * 2500)


@bomb
def spline_of_many_points():
    return dxf(spline(3, range(20004), scattered(20000)))


@bomb
def spline_of_a_huge_degree():
    return dxf(spline(2999, [0] * 3000 + [1] * 3000, scattered(3000)))


@bomb
def splines_of_absurd_numbers():
    points = [(10, 0), (20, 0), (10, 1e300), (20, 1e14), (10, -1e14), (20, 1e15), (10, 1), (20, 1)]
    return dxf(spline(3, [0, 0, 0, 0, 1, 1, 1, 1], points) * 2000 + line(0, 0, 1, 1))


@bomb
def arcs_of_absurd_sizes():
    return dxf("".join(entity("ARC", (10, 0), (20, 0), (40, 10.0 ** (i % 15)), (50, 0), (51, 1e300 if i % 2 else 359.999))
                       for i in range(8000)) + line(0, 0, 1, 1))


@bomb
def dashed_circles():
    return dxf("".join(entity("CIRCLE", (6, "D"), (10, i), (20, 0), (40, 15)) for i in range(12000)), "", fine_dashes())


@bomb
def dashed_lines():
    return dxf("".join(line(i, 0, i, 95, (6, "D")) for i in range(12000)), "", fine_dashes())


@bomb
def dashes_with_texts():
    return dxf("".join(line(i, 0, i, 95, (6, "D")) for i in range(12000)), "", fine_dashes("W" * 200))


@bomb
def dashed_polyline():
    return dxf(polyline(scattered(50000), (6, "D")), "", fine_dashes())


@bomb
def dashed_polylines_that_stop_at_the_limit():
    points = [(10, 0), (20, 0), (10, 90), (20, 0), (10, 180), (20, 0)]
    return dxf(polyline(points, (6, "D")) * 9000, "", fine_dashes())


@bomb
def texts_of_giant_heights():
    return dxf("".join(text(f"Wgiant{i}", 10.0 ** (i % 300)) for i in range(5000)) + line(0, 0, 1, 1))


@bomb
def overlapping_large_texts():
    return dxf("".join(text("W" * 40, 1e6, i, i) for i in range(9000)))


@bomb
def one_text_of_4_mb():
    return dxf(text("W" * (4 << 20), 1))


@bomb
def one_mtext_of_many_formats():
    return dxf(mtext("word {\\fArial|b1;x} \\P" * 40000, 100))


@bomb
def mtext_of_nested_braces():
    return dxf(mtext("{" * 450000 + "x" + "}" * 450000, 0))


@bomb
def mtext_of_no_width():
    return dxf(mtext("a b c d e f g h " * 60000, 1e-9))


@bomb
def mtext_of_fractions():
    return dxf(mtext("\\S1/2;" * 150000, 0))


@bomb
def text_of_both_directions():
    return dxf(text("\u05d0\u0661(" * 120000, 1))


@bomb
def million_layers():
    records = "".join(tags((0, "LAYER"), (2, f"{i:x}"), (70, 0), (62, 7), (6, "C")) for i in range(1000000))
    return dxf(line(0, 0, 1, 1), "", table("LAYER", records))


@bomb
def polyline_of_a_million_vertices():
    return dxf(polyline(scattered(1000000)))


@bomb
def polyline_of_absurd_bulges():
    count = 30000
    return dxf(polyline(scattered(count), (43, 1e3), bulges=[(-1) ** i * 10.0 ** (i % 9 - 4) for i in range(count)]))


@bomb
def wide_polyline():
    return dxf(polyline(scattered(55000), (43, 500)))


@bomb
def fills_over_fills():
    return dxf("".join(solid(1000, 1 + i % 250) for i in range(8500)))


@bomb
def wide_lines_over_lines():
    return dxf("".join(line(0, i, 10000, 13000 - i, (370, 211)) for i in range(13000)),
               header=tags((9, "$LWDISPLAY"), (290, 1)))


@bomb
def wipeouts():
    corners = [(14, -.5), (24, -.5), (14, .5), (24, -.5), (14, .5), (24, .5), (14, -.5), (24, .5)]
    return dxf(entity("WIPEOUT", (10, 0), (20, 0), (11, 1000), (21, 0), (12, 0), (22, 1000), (13, 1), (23, 1), (70, 7),
                      (280, 1), (71, 2), (91, 4), *corners) * 4000 + line(0, 0, 1000, 1000))


@bomb
def images_of_a_trillion_pixels():
    definition = tags((0, "IMAGEDEF"), (5, "AA"), (1, "x.png"), (10, 4e9), (20, 4e9), (11, 1), (21, 1), (280, 1))
    image = entity("IMAGE", (10, 0), (20, 0), (11, 1e6), (21, 0), (12, 0), (22, 1e6), (13, 4e9), (23, 4e9), (340, "AA"),
                   (70, 7), (280, 0))
    return dxf(image * 6000, objects=definition)


@bomb
def thousands_of_viewports():
    views = "".join(entity("VIEWPORT", (67, 1), (10, 5), (20, 5), (40, 10), (41, 10), (68, i + 2), (69, i + 2), (12, 0),
                           (22, 0), (45, 100)) for i in range(3000))
    return dxf("".join(line(i, 0, i + 1, 1) for i in range(8000)) + views)


@bomb
def mesh_of_a_billion_faces():
    vertices = "".join(entity("VERTEX", (10, i % 250), (20, i // 250), (70, 64)) for i in range(18000))
    return dxf(entity("POLYLINE", (66, 1), (70, 16), (71, 32000), (72, 32000), (73, 32000), (74, 32000)) + vertices
               + entity("SEQEND"))


@bomb
def mline_of_many_vertices():
    return dxf(entity("MLINE", (2, "STANDARD"), (40, 1), (70, 0), (71, 0), (72, 20000), (73, 2), (10, 0), (20, 0),
                      *(pair for i in range(20000) for pair in ((11, i), (21, i % 13)))))


@bomb
def leaders_of_absurd_lengths():
    return dxf("".join(entity("LEADER", (3, "STANDARD"), (71, 1), (72, 1), (73, 3), (76, 4), (10, 0), (20, 0), (10, 1e14),
                              (20, i), (10, i), (20, -1e14), (10, 1), (20, 1)) for i in range(5000)))


@bomb
def dimensions_without_blocks():
    return dxf("".join(entity("DIMENSION", (2, "*D1"), (10, i), (20, 1e14), (70, 32), (1, "<>" * 20), (13, 0), (23, 0),
                              (14, 1e-300), (24, 1e15)) for i in range(6000)))


@bomb
def groups_in_groups():
    return dxf(line(0, 0, 1, 1), objects="".join(
        tags((0, "GROUP"), (5, f"{100 + i:X}"), (330, f"{99 + i:X}"), (300, ""), (70, 1), (71, 1),
             (340, f"{101 + i:X}")) for i in range(15000)))


@bomb
def dictionaries_in_dictionaries():
    return dxf(line(0, 0, 1, 1), objects="".join(
        tags((0, "DICTIONARY"), (5, f"{100 + i:X}"), (330, f"{99 + i:X}"), (281, 1), (3, "ACAD_GROUP"),
             (350, f"{101 + i:X}"), (3, "x"), (350, "64")) for i in range(12000)))


@bomb
def the_same_group_for_ever():
    return dxf(entity("LINE") + "10\n1\n" * 180000)


@bomb
def extended_data_for_ever():
    return dxf(line(0, 0, 1, 1) + tags((1001, "A")) + "1002\n{\n" * 60000 + "1000\nx\n" * 40000)


@bomb
def a_line_without_end():
    return b"0\nSECTION\n2\nENTITIES\n0\n" + b"A" * 900000
