# SPDX-License-Identifier: Apache-2.0
"""One result document against one expected/ file. Knows the result schema and the oracle's fields;
shares no code with the reader, so that neither can hide the other's mistakes."""
import math
import re
from collections import Counter

import ezdxf.math  # Debian's python3-ezdxf: an independent arbitrary axis algorithm
from ezdxf.tools.text import plain_text

TOLERANCE = 2e-6  # expected/ is rounded to 1e-6


def close(a, b, tolerance=TOLERANCE):
    return abs(a - b) <= tolerance + 1e-9 * max(abs(a), abs(b))


# Types that expected/ lists by handle.
COMPARED = set("LINE POINT CIRCLE ARC ELLIPSE LWPOLYLINE POLYLINE SPLINE TEXT MTEXT ATTRIB ATTDEF INSERT HATCH "
               "SOLID TRACE 3DFACE RAY XLINE".split())
CARET = re.compile(r"\^([ -~])")
UNICODE = re.compile(r"\\U\+([0-9A-Fa-f]{4})")


def decoded(text):
    """Caret codes and \\U+XXXX as characters, paragraph ends as newlines: how expected/ writes MTEXT."""
    text = UNICODE.sub(lambda m: chr(int(m[1], 16)), text)
    text = CARET.sub(lambda m: "^" if m[1] == " " else chr(ord(m[1]) ^ 64) if "@" <= m[1] <= "_" else m[0], text)
    return text.replace("\\P", "\n")


def point(p):
    return (p["x"], p["y"], p.get("z", 0.0))


def same_point(ours, truth):
    return all(close(a, b) for a, b in zip(ours, tuple(truth) + (0.0,) * (3 - len(truth))))


def same_angle(a, b, tolerance=1e-5):
    """Degrees, modulo a turn."""
    return abs((a - b + 180) % 360 - 180) <= tolerance


class Comparison:
    def __init__(self, document, truth, has_units):
        """has_units: the file holds $INSUNITS (without it the oracle reports its own default)."""
        self.document, self.truth, self.has_units = document, truth, has_units
        # "raw: geometry SPLINE.deg differs on 3 of 3": fields the oracles themselves disagree on.
        self.contested = {m[1] for row in truth["disagreements"]
                          if (m := re.search(r"geometry (\w+\.\w+) differs", row)) and row.startswith("raw")}
        self.compared = self.equal = 0
        self.differences = []

    def differ(self, where, what, detail=""):
        self.differences.append((where, what, detail))

    def run(self):
        self.sheets = {s["name"]: s for s in self.document["sheets"]}
        self.model = self.document["sheets"][0]
        self.blocks = {b["name"].upper(): b for b in self.document.get("blocks", [])}
        self.check_counts()
        self.check_layers()
        self.check_blocks()
        self.check_header()
        self.check_geometry()

    # ---- structure -------------------------------------------------------------------------
    def counts_of(self, entities):
        counts = Counter(e["type"] for e in entities)
        for alias in ("ARC_DIMENSION", "LARGE_RADIAL_DIMENSION"):
            counts["DIMENSION"] += counts.pop(alias, 0)
        if not counts["DIMENSION"]:
            del counts["DIMENSION"]
        return counts

    def check_counts(self):
        self.compare_counts("modelspace", self.counts_of(self.model["entities"]), self.truth["modelspace"])
        by_name = {s["name"]: s for s in self.document["sheets"][1:]}
        for name, counts in self.truth["layouts"].items():
            ours = self.counts_of(by_name[name]["entities"]) if name in by_name else Counter()
            # A layout without content has no sheet: only its own viewport frames may be missing.
            if name not in by_name and set(counts) <= {"VIEWPORT"}:
                continue
            self.compare_counts(f"layout {name}", ours, counts)

    def compare_counts(self, where, ours, truth):
        truth = Counter(truth)
        for kind in sorted(set(ours) | set(truth)):
            if ours[kind] != truth[kind]:
                self.differ(where, f"count {kind}", f"ours {ours[kind]}, truth {truth[kind]}")

    def check_layers(self):
        ours = {l["name"].upper(): l for l in self.model["layers"]}
        for layer in self.truth["layers"]:
            mine = ours.get(decoded(layer["name"]).upper())
            if mine is None:
                self.differ(f"layer {layer['name']}", "layer missing")
                continue
            if mine["color"] != abs(layer["color"]):
                self.differ(f"layer {layer['name']}", "layer color", f"{mine['color']} {layer['color']}")
            if mine["isVisible"] != (not layer["off"] and not layer["frozen"]):
                self.differ(f"layer {layer['name']}", "layer visibility")
            if layer["rgb"] is not None and mine["colorHex"].lower() != f"#{layer['rgb']:06x}":
                self.differ(f"layer {layer['name']}", "layer rgb", f"{mine['colorHex']} {layer['rgb']:06x}")

    def check_blocks(self):
        truth = Counter(n.upper() for n in self.truth["block_names"])
        for name in truth:
            if name not in self.blocks:
                self.differ(f"block {name}", "block missing")

    def check_header(self):
        if self.truth.get("ltscale") is not None and not close(
                self.document["metadata"]["ltscale"], self.truth["ltscale"]):
            self.differ("header", "ltscale", f"{self.document['metadata']['ltscale']} {self.truth['ltscale']}")
        names = {1: "inch", 2: "feet", 4: "mm", 5: "cm", 6: "m"}
        unit = names.get(self.truth.get("insunits"))
        if unit and self.has_units and self.document["file"]["units"] != unit:
            self.differ("header", "units", f"{self.document['file']['units']} {unit}")

    # ---- geometry --------------------------------------------------------------------------
    def find(self, key, truth):
        if key.startswith("#"):  # "#3": third entity without a handle; "#BLOCK:3": of a block
            block, _, number = key[1:].rpartition(":")
            place = self.blocks[block.upper()] if block else self.model
            named = self.truth["geometry"]  # some files give a handle late, where the oracle misses it
            unhandled = [e for e in place["entities"] if e["type"] in COMPARED
                         and (e["handle"] is None or e["handle"] not in named)]
            index = int(number) - 1
            return unhandled[index] if index < len(unhandled) else None
        handle, _, copy = key.partition("~")
        place = truth["in"]
        rows = self.by_handle.get((place.upper() if place != "M" else "M", handle.upper()), [])
        index = int(copy) - 1 if copy else 0
        return rows[index] if index < len(rows) else None

    def check_geometry(self):
        self.by_handle = {}
        places = [("M", self.model["entities"])]
        places += [(s["name"].upper(), s["entities"]) for s in self.document["sheets"][1:]]
        places += [(name, b["entities"]) for name, b in self.blocks.items()]
        for place, entities in places:
            for e in entities:
                handle = e["handle"] or e["id"]
                self.by_handle.setdefault((place, handle.upper()), []).append(e)
        for key, truth in self.truth["geometry"].items():
            self.compared += 1
            before = len(self.differences)
            where = f"{truth['in']}/{key} {truth['t']}"
            ours = self.find(key, truth)
            if ours is None:
                self.differ(where, "entity missing")
                continue
            try:
                self.check_entity(where, ours, truth)
            except (KeyError, TypeError, IndexError, AttributeError) as e:
                self.differ(where, "shape", repr(e))
            self.equal += len(self.differences) == before

    def check_entity(self, where, ours, truth):
        if ours["type"] != truth["t"]:
            return self.differ(where, "type", f"ours {ours['type']}, truth {truth['t']}")
        if ours["layer"].upper() != decoded(truth["layer"]).upper():
            self.differ(where, "layer", f"ours {ours['layer']!r}, truth {truth['layer']!r}")
        color = ours["properties"]["colorIndex"]
        if (256 if color is None else color) != truth["color"]:
            self.differ(where, "color", f"ours {color}, truth {truth['color']}")
        check = getattr(self, "check_" + truth["t"].lower().replace("3dface", "face3d"), None)
        if check is None:
            return self.differ(where, "no comparison for this type")
        self.ocs = ezdxf.math.OCS(truth["ext"]) if "ext" in truth else None
        check(where, ours["geometry"], truth, ours)

    def wcs(self, p):
        p = tuple(p) + (0.0,) * (3 - len(p))
        return tuple(self.ocs.to_wcs(p)) if self.ocs else p

    def slack(self, truth, t):
        """An oblique extrusion is rounded to 1e-6 in expected/, which moves far points."""
        return 1 + max(map(abs, truth)) * 2 if self.ocs and (t["ext"][0] or t["ext"][1]) else 1

    def need_point(self, where, what, ours, truth):
        if not same_point(point(ours), truth):
            self.differ(where, what, f"ours {ours}, truth {truth}")

    def need_number(self, where, what, ours, truth):
        if not close(ours, truth):
            self.differ(where, what, f"ours {ours}, truth {truth}")

    def check_line(self, where, g, t, _):
        self.need_point(where, "start", g["start"], t["s"])  # a LINE is stored in WCS
        self.need_point(where, "end", g["end"], t["e"])

    def check_point(self, where, g, t, _):
        self.need_point(where, "position", g["position"], t["p"])

    def check_circle(self, where, g, t, _):
        self.need_point(where, "center", g["center"], self.wcs(t["ce"]))
        self.need_number(where, "radius", g["radius"], t["r"])

    def check_arc(self, where, g, t, _):
        self.check_circle(where, g, t, _)
        a0, a1 = math.radians(t["a0"]), math.radians(t["a1"])
        r = t["r"]
        ends = [self.wcs((t["ce"][0] + r * math.cos(a), t["ce"][1] + r * math.sin(a), t["ce"][2]))
                for a in (a0, a1)]
        center = point(g["center"])
        if "normal" in g and not (g["normal"]["x"] == 0 and g["normal"]["y"] == 0):
            frame = ezdxf.math.OCS(point(g["normal"]))
            c = frame.from_wcs(center)
            mine = [tuple(frame.to_wcs((c[0] + r * math.cos(a), c[1] + r * math.sin(a), c[2])))
                    for a in (g["startAngle"], g["endAngle"])]
        else:
            mine = [(center[0] + r * math.cos(a), center[1] + r * math.sin(a), center[2])
                    for a in (g["startAngle"], g["endAngle"])]
        if self.ocs and t["ext"][2] < 0 and t["ext"][0] == 0 == t["ext"][1]:
            ends.reverse()  # seen from +Z a mirrored arc runs from its end to its start
        slack = TOLERANCE * 4 + abs(r) * 4e-8  # truth angles are degrees rounded to 1e-6
        for m, e in zip(mine, ends):
            if math.dist(m, e) > slack:
                return self.differ(where, "arc ends", f"ours {mine}, truth {ends}")

    def check_ellipse(self, where, g, t, _):
        self.need_point(where, "center", g["center"], t["ce"])
        self.need_point(where, "majorAxis", g["majorAxis"], t["maj"])
        self.need_number(where, "ratio", g["ratio"], t["ra"])
        start, end = t["p0"], t["p1"]
        if self.ocs and t["ext"][2] < 0:  # the result runs counter-clockwise in world coordinates
            start, end = math.tau - end, math.tau - start
        self.need_number(where, "startAngle", g["startAngle"], start)
        self.need_number(where, "endAngle", g["endAngle"], end)

    def check_lwpolyline(self, where, g, t, _):
        vertices = g["vertices"]
        if len(vertices) != len(t["v"]):
            return self.differ(where, "vertex count", f"ours {len(vertices)}, truth {len(t['v'])}")
        if bool(g["closed"]) != bool(t["cl"]):
            self.differ(where, "closed")
        flip = -1 if self.ocs and t["ext"][2] < 0 else 1
        for i, (mine, truth) in enumerate(zip(vertices, t["v"])):
            expected = self.wcs((truth[0], truth[1], t["el"]))
            if not same_point((mine["x"], mine["y"], mine.get("z", expected[2] if abs(expected[2]) < 1e-6 else 0)), expected):
                return self.differ(where, "vertex", f"{i}: ours {mine}, truth {expected}")
            if not close(mine.get("bulge", 0), truth[2] * flip):
                return self.differ(where, "bulge", f"{i}: ours {mine}, truth {truth[2]}")

    def check_polyline(self, where, g, t, _):
        truth_vertices = t["v"]
        if t["fl"] & 64:  # polyface: the oracle also lists the face records, all zero
            truth_vertices = truth_vertices[:len(g["vertices"])]
            if any(any(v) for v in t["v"][len(g["vertices"]):]):
                self.differ(where, "vertex count", f"ours {len(g['vertices'])}, truth {len(t['v'])}")
        if len(g["vertices"]) != len(truth_vertices):
            return self.differ(where, "vertex count", f"ours {len(g['vertices'])}, truth {len(truth_vertices)}")
        if not t["fl"] & (16 | 64) and bool(g["closed"]) != bool(t["fl"] & 1):
            self.differ(where, "closed")
        flip = -1 if self.ocs and t["ext"][2] < 0 else 1
        flat = not t["fl"] & (8 | 16 | 64)
        for i, (mine, truth) in enumerate(zip(g["vertices"], truth_vertices)):
            expected = self.wcs(truth[:3]) if flat else tuple(truth[:3])
            allowed = TOLERANCE * self.slack(truth[:3], t)
            if math.dist((mine["x"], mine["y"], mine.get("z", 0.0)), expected) > 2 * allowed:
                return self.differ(where, "vertex", f"{i}: ours {mine}, truth {expected}")
            if not close(mine.get("bulge", 0), truth[3] * (flip if flat else 1)):
                return self.differ(where, "bulge", f"{i}: ours {mine}, truth {truth[3]}")

    def rotation(self, degrees):
        """A rotation in the OCS as seen in WCS from +Z; None when the plane is not horizontal."""
        if not self.ocs:
            return degrees
        a = math.radians(degrees)
        x, y, z = self.wcs((math.cos(a), math.sin(a), 0))
        return math.degrees(math.atan2(y, x)) if abs(z) < 1e-9 else None

    def check_string(self, where, ours, truth):
        if ours != truth:
            self.differ(where, "text", f"ours {ours!r}, truth {truth!r}")

    def check_text(self, where, g, t, entity):
        if entity["text"]["value"] != t["s"]:
            self.check_string(where, entity["text"]["value"], plain_text(t["s"]))
        self.need_point(where, "position", g["position"], self.wcs(t["p"]))
        self.need_number(where, "height", entity["text"]["height"], t["h"])
        rotation = self.rotation(t["rot"])
        if rotation is not None and not same_angle(g["rotation"], rotation):
            self.differ(where, "rotation", f"ours {g['rotation']}, truth {rotation}")

    check_attrib = check_attdef = check_text

    def check_mtext(self, where, g, t, entity):
        self.check_string(where, decoded(g["rawText"]), decoded(t["s"]))
        self.need_point(where, "position", g["position"], t["p"])  # WCS, whatever the extrusion
        self.need_number(where, "height", entity["text"]["height"], t["h"])
        if not same_angle(g["rotation"], t["rot"]):
            self.differ(where, "rotation", f"ours {g['rotation']}, truth {t['rot']}")

    def check_insert(self, where, g, t, entity):
        if entity["reference"]["blockName"].upper() != t["n"].upper():
            self.differ(where, "blockName", f"ours {entity['reference']['blockName']}, truth {t['n']}")
        self.need_point(where, "position", g["position"], self.wcs(t["p"]))
        mirrored = self.ocs is not None and t["ext"][2] < 0
        for i, name in enumerate(("scaleX", "scaleY")):
            if not close(abs(g[name]), abs(t["sc"][i])) or (not mirrored and g[name] * t["sc"][i] < 0):
                self.differ(where, name, f"ours {g[name]}, truth {t['sc'][i]}")
        for name, key in (("columns", "cols"), ("rows", "rows")):
            if g.get(name, 1) != t.get(key, 1):
                self.differ(where, name, f"ours {g.get(name)}, truth {t.get(key)}")
        if not self.ocs and not same_angle(g["rotation"], t["rot"]):
            self.differ(where, "rotation", f"ours {g['rotation']}, truth {t['rot']}")
        if mirrored:
            self.check_mirrored_frame(where, g, t)

    def check_mirrored_frame(self, where, g, t):
        """The block's x and y axes must land where the truth's OCS puts them."""
        a = math.radians(t["rot"])
        truth_x = self.wcs((t["sc"][0] * math.cos(a), t["sc"][0] * math.sin(a), 0))
        truth_y = self.wcs((-t["sc"][1] * math.sin(a), t["sc"][1] * math.cos(a), 0))
        b = math.radians(g["rotation"])
        mine_x = (g["scaleX"] * math.cos(b), g["scaleX"] * math.sin(b), 0)
        mine_y = (-g["scaleY"] * math.sin(b), g["scaleY"] * math.cos(b), 0)
        if "normal" in g and g["normal"]["z"] < 0 and g["normal"]["x"] == 0 == g["normal"]["y"]:
            mine_x, mine_y = ((-p[0], p[1], p[2]) for p in (mine_x, mine_y))
        if not (same_point(mine_x, truth_x) and same_point(mine_y, truth_y)):
            self.differ(where, "frame", f"ours {mine_x} {mine_y}, truth {truth_x} {truth_y}")

    def check_spline(self, where, g, t, _):
        if "SPLINE.deg" not in self.contested:
            self.need_number(where, "degree", g["degree"], t["deg"])
        for name, key in (("controlPoints", "cp"), ("fitPoints", "fp")):
            if len(g[name]) != len(t[key]):
                self.differ(where, name + " count", f"ours {len(g[name])}, truth {len(t[key])}")
            elif not all(same_point(point(a), b) for a, b in zip(g[name], t[key])):
                self.differ(where, name)
        if len(g["knots"]) != len(t["k"]) or not all(close(a, b) for a, b in zip(g["knots"], t["k"])):
            self.differ(where, "knots", f"ours {g['knots'][:8]}, truth {t['k'][:8]}")
        if t["fl"] is not None and bool(g["closed"]) != bool(t["fl"] & 1):
            self.differ(where, "closed")

    def check_solid(self, where, g, t, _):
        # The oracle keeps the stored order 1 2 3 4; the result draws 1 2 4 3.
        truth = [self.wcs(p) for p in t["q"]]
        mine = [point(p) for p in g["vertices"]]
        stored = truth[:4]
        outline = [truth[0], truth[1], truth[3], truth[2]] if len(truth) == 4 else truth
        if any(len(mine) == len(order) and all(same_point(a, b) for a, b in zip(mine, order))
               for order in (stored, outline)):
            return
        # A triangle repeats its last corner.
        if len(mine) == 3 and all(same_point(a, b) for a, b in zip(mine, stored)):
            return
        self.differ(where, "corners", f"ours {mine}, truth {truth}")

    check_trace = check_solid

    def check_face3d(self, where, g, t, _):
        mine = [point(p) for p in g["vertices"]]
        if not all(same_point(a, b) for a, b in zip(mine, t["q"])) or len(t["q"]) - len(mine) not in (0, 1):
            self.differ(where, "corners", f"ours {mine}, truth {t['q']}")

    def check_ray(self, where, g, t, _):
        self.need_point(where, "start", g.get("start", g.get("base", g.get("position"))), t["p"])
        self.need_point(where, "direction", g["direction"], t["d"])

    check_xline = check_ray

    def check_hatch(self, where, g, t, entity):
        name = entity["properties"]["patternName"] or ""
        if name.upper() != t["pat"].upper():
            self.differ(where, "patternName", f"ours {name}, truth {t['pat']}")
        if len(g["boundaries"]) != t["np"]:
            self.differ(where, "boundary count", f"ours {len(g['boundaries'])}, truth {t['np']}")
