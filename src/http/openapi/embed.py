#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turns an OpenAPI document in YAML into a C++ source that holds it as JSON."""
import json
import sys

import yaml

source, target = sys.argv[1:]
with open(source, encoding="utf-8") as file:
    text = json.dumps(yaml.safe_load(file), ensure_ascii=True, separators=(",", ":"))
lines = [text[i:i + 2000] for i in range(0, len(text), 2000)]
with open(target, "w", encoding="ascii") as out:
    out.write('#include "http/openapi/openapi.hpp"\n\nnamespace cad::http {\n')
    out.write("std::string_view openapi_json() {\n  return\n")
    out.writelines(f"      {json.dumps(line)}\n" for line in lines)
    out.write("      ;\n}\n}  // namespace cad::http\n")
