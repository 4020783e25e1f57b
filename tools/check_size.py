#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds source files to the size budget: 500 lines a file, 60 a function; tables/ is exempt.

Function lengths are read from clang-format's layout (a body closes with a brace in the column of its
head), which the format check guarantees.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MAX_FILE, MAX_FUNCTION = 500, 60
HEAD = re.compile(r"^(?!namespace|struct|class|enum|union|extern|constexpr\b.*=|const\b.*=|inline constexpr\b.*=)\S.*\)\s*(const|noexcept|override|->.*)*\s*\{$")


def long_functions(lines):
    start = None
    for number, line in enumerate(lines, 1):
        if start is None and line.endswith("{") and not line.startswith((" ", "#", "}", "//")):
            joined = line
            back = number - 1
            while back > 0 and not HEAD.match(joined) and lines[back - 1].strip() and not lines[back - 1].startswith(("}", "#", "//")):
                joined = lines[back - 1] + " " + joined.strip()
                back -= 1
            if HEAD.match(joined):
                start = number
        elif start is not None and line.startswith("}"):
            if number - start - 1 > MAX_FUNCTION:
                yield start, number - start - 1
            start = None


def main():
    bad = 0
    for path in sorted(list((ROOT / "src").rglob("*.[ch]pp")) + list((ROOT / "bench").rglob("*.cpp"))):
        if "tables" in path.parts:
            continue
        lines = path.read_text().split("\n")
        name = path.relative_to(ROOT)
        if len(lines) > MAX_FILE:
            bad += 1
            print(f"{name}: {len(lines)} lines (budget {MAX_FILE})")
        for start, length in long_functions(lines):
            bad += 1
            print(f"{name}:{start}: a function of {length} lines (budget {MAX_FUNCTION})")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
