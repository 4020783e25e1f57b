#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds #include lines to the rooms' declared dependencies (cad_room DEPS in CMakeLists.txt), and the
library to the wall: nothing above it includes anything below, nor a service library.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SRC = ROOT / "src"
LIBRARY = {"base", "model", "geom", "formats", "acad", "dxf", "dwg", "text", "scene", "render", "json", "pipeline"}
SERVICE_HEADERS = re.compile(r"<(boost/|openssl/|sqlite3|SQLiteCpp|soci|libpq|curl|spdlog|CLI/|jose/|jansson|prometheus/|crypt\.h|utf8proc)")
INCLUDE = re.compile(r'^\s*#include\s+(["<])([^">]+)[">]')
ROOM = re.compile(r"cad_room\(\s*(\w+)(.*?)\)", re.S)


def read_rooms():
    rooms = {}
    for lists in SRC.rglob("CMakeLists.txt"):
        for name, body in ROOM.findall(lists.read_text()):
            words = body.split()
            deps, test_deps, current = set(), set(), None
            for word in words:
                if word in ("DEPS", "LINK", "TEST_DEPS", "RECURSE"):
                    current = word
                elif current == "DEPS":
                    deps.add(word)
                elif current == "TEST_DEPS":
                    test_deps.add(word)
            rooms[lists.parent] = (name, deps, test_deps)
    return rooms


def closure(rooms_by_name, name):
    seen, stack = set(), [name]
    while stack:
        room = stack.pop()
        if room not in seen:
            seen.add(room)
            stack += rooms_by_name.get(room, ())
    return seen


def room_of(rooms, path):
    folder = path
    while folder != SRC.parent:
        if folder in rooms:
            return rooms[folder]
        folder = folder.parent
    return None


def main():
    rooms = read_rooms()
    deps_by_name = {name: deps for name, deps, _ in rooms.values()}
    name_by_folder = {str(folder.relative_to(SRC)): name for folder, (name, _, _) in rooms.items()}
    bad = 0
    for path in sorted(SRC.rglob("*.[ch]pp")):
        room = room_of(rooms, path.parent)
        if room is None:
            continue
        name, _, test_deps = room
        allowed = closure(deps_by_name, name)
        if path.stem.endswith(("_test", "_fuzz", "_bench")):
            for dep in test_deps:
                allowed |= closure(deps_by_name, dep)
        for number, line in enumerate(path.read_text().split("\n"), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            kind, target = match.groups()
            where = f"{path.relative_to(ROOT)}:{number}"
            if kind == "<":
                if name in LIBRARY and SERVICE_HEADERS.match("<" + target) and "_test" not in path.stem:
                    bad += 1
                    print(f"{where}: the library may not use <{target}>")
                continue
            if target == "formats/format.hpp" and SRC / "formats" in path.parents:
                continue  # a format implements the registry's interface
            folder = str(pathlib.PurePosixPath(target).parent)
            while folder not in (".", "") and folder not in name_by_folder:
                folder = str(pathlib.PurePosixPath(folder).parent)
            other = name_by_folder.get(folder)
            if other and other != name and other not in allowed:
                bad += 1
                print(f"{where}: {name} may not include {target} (room {other} is not among its DEPS)")
    wall = {"worker", "sandbox", "crypto", "blobs", "store", "queue", "auth", "jobs", "http", "app", "cli"}
    for name in LIBRARY & set(deps_by_name):
        crossed = closure(deps_by_name, name) & wall
        if crossed:
            bad += 1
            print(f"{name} depends on {sorted(crossed)}: that is below the wall")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
