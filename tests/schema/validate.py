#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Holds result documents to schema/result.schema.json, and to what a schema cannot say: ids are
unique, counts are those of what is there.

    validate.py [--cadlens EXE] [--only SUBSTRING]   every drawing of the corpus and of examples/
    validate.py FILE...                              documents, or drawings (not .json)
"""
import argparse
import collections
import json
import math
import os
import pathlib
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor

import jsonschema

PROJECT = pathlib.Path(__file__).resolve().parent.parent.parent
SCHEMA = json.loads((PROJECT / "schema" / "result.schema.json").read_text())


class Validator:
    """Checks the entities each against its own branch of the schema: trying every type's condition
    on every entity would take the Python validator hours."""

    def __init__(self):
        self.root = self.compile(SCHEMA)
        self.by_type = {}
        self.branches = SCHEMA["$defs"]["entity"]["allOf"]

    @staticmethod
    def compile(schema):
        return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())

    def entity_validator(self, kind):
        if kind not in self.by_type:
            schema = {k: v for k, v in SCHEMA["$defs"]["entity"].items() if k != "allOf"}
            schema["allOf"] = [b["then"] for b in self.branches
                               if self.compile(b["if"]).is_valid({"type": kind})]
            if len(schema["allOf"]) != 1:
                raise ValueError(f"type {kind}: {len(schema['allOf'])} branches of the schema")
            self.by_type[kind] = self.compile({**schema, "$defs": SCHEMA["$defs"]})
        return self.by_type[kind]

    def problems(self, document):
        places = [(f"sheet {s.get('key')}", s) for s in document.get("sheets", [])]
        places += [(f"block {b.get('name')}", b) for b in document.get("blocks", [])]
        for where, place in places:
            for entity in place["entities"]:
                validator = self.entity_validator(entity.get("type"))
                if not validator.is_valid(entity):  # much faster than listing the errors
                    for e in validator.iter_errors(entity):
                        yield f"{where}/{entity.get('id')} {'/'.join(map(str, e.path))}: {e.message[:200]}"
        yield from consistency(document, places)
        for _, place in places:
            place["entities"] = place["entities"][:0]
        for e in self.root.iter_errors(document):
            yield f"{'/'.join(map(str, e.path))}: {e.message[:200]}"


def consistency(document, places):
    ids = collections.Counter(e["id"] for _, place in places for e in place["entities"])
    for repeated in [i for i, n in ids.items() if n > 1][:5]:
        yield f"id {repeated} is used {ids[repeated]} times"
    by_type, by_category = collections.Counter(), collections.Counter()
    for sheet in document["sheets"]:
        if sheet["entityCount"] != len(sheet["entities"]):
            yield f"sheet {sheet['key']}: entityCount"
        if sheet["layerCount"] != len(sheet["layers"]):
            yield f"sheet {sheet['key']}: layerCount"
        by_layer = collections.Counter(e["layer"] for e in sheet["entities"])
        listed = collections.Counter()
        for layer in sheet["layers"]:
            listed[layer["name"]] += layer["entityCount"]
        if by_layer != +listed:
            yield f"sheet {sheet['key']}: the layers' entityCount"
        by_type.update(e["type"] for e in sheet["entities"])
        by_category.update(e["category"] for e in sheet["entities"])
    summary = document["summary"]
    if summary["statistics"]["byType"] != dict(by_type):
        yield "summary: byType"
    if summary["statistics"]["byCategory"] != dict(by_category):
        yield "summary: byCategory"
    if summary["totalEntities"] != sum(by_type.values()):
        yield "summary: totalEntities"
    keys = [s["key"] for s in document["sheets"]]
    if len(set(keys)) != len(keys) or keys != document["metadata"]["layoutKeys"]:
        yield "sheet keys"


def refuse_constant(name):
    raise ValueError(f"{name} is not JSON")


def refuse_infinite(text):
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is no finite number")
    return value


def unique_keys(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("repeated key in " + str(sorted(k for k, _ in pairs))[:200])
    return members


def load(data):
    return json.loads(data.decode("utf-8"), parse_constant=refuse_constant,
                      parse_float=refuse_infinite, object_pairs_hook=unique_keys)


def check(job):
    cadlens, path = job
    if path.suffix == ".json":
        data = path.read_bytes()
    else:
        run = subprocess.run([cadlens, "parse", str(path), "--blocks", "--xdata"],
                             capture_output=True, timeout=600)
        if run.returncode != 0:
            clean = run.returncode in (3, 4, 5) and run.stderr.startswith(b"cadlens: error: ") and not run.stdout
            return path, "refused", [] if clean else [run.stderr.decode(errors="replace")[-500:]]
        data = run.stdout
    try:
        document = load(data)
        return path, "valid", [p for p, _ in zip(Validator().problems(document), range(20))]
    except (ValueError, KeyError, TypeError) as e:
        return path, "broken", [repr(e)[:300]]


def drawings(only):
    found = [p for p in (PROJECT / "examples").rglob("*.d??")]
    corpus = pathlib.Path(os.environ.get("CADLENS_CORPUS", PROJECT.parent / "shared" / "corpus"))
    if corpus.is_dir():
        found += [p for folder in ("dxf", "dwg") for p in (corpus / folder).rglob("*") if p.is_file()]
    elif os.environ.get("CI") == "true":
        sys.exit("FAILED: the corpus must be there in CI")
    else:
        print("SKIPPED: the drawings of the corpus (set CADLENS_CORPUS)")
    return sorted(p for p in found if only in str(p))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cadlens", default=str(PROJECT / "build" / "release" / "cadlens"))
    parser.add_argument("--only", default="")
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    args = parser.parse_args()
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jobs = [(args.cadlens, p) for p in args.files or drawings(args.only)]
    counts, failed = collections.Counter(), 0
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for path, state, problems in pool.map(check, jobs):
            counts[state] += 1
            failed += bool(problems)
            for problem in problems:
                print(f"{path.name}: {problem}")
    print(f"schema: {counts['valid']} documents, {counts['refused']} drawings refused, {failed} wrong")
    return 1 if failed or not counts["valid"] else 0


if __name__ == "__main__":
    sys.exit(main())
