#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turns the list of common passwords of zxcvbn (Debian's python3-zxcvbn, MIT) into a C++ source: sorted
lines in one text, which needs no relocation when the program starts.
"""
import json
import sys

from zxcvbn.frequency_lists import FREQUENCY_LISTS

SHORTEST = 4  # a shorter word says nothing about a password of eight characters

words = sorted({word for word in FREQUENCY_LISTS["passwords"]
                if len(word) >= SHORTEST and word.isascii() and word.isprintable() and word == word.lower()})
if len(words) < 20000:
    sys.exit(f"python3-zxcvbn holds {len(words)} common passwords only: its list has changed")
with open(sys.argv[1], "w", encoding="ascii") as out:
    out.write('#include "passwords/common_words.hpp"\n\nnamespace cad::passwords {\n')
    out.write("std::string_view common_words() {\n  return\n")
    for i in range(0, len(words), 100):
        out.write("      " + json.dumps("".join(word + "\n" for word in words[i:i + 100])) + "\n")
    out.write("      ;\n}\n}  // namespace cad::passwords\n")
