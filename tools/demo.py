#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sends one drawing through a running CADLens and shows what came back (standard library only).

usage: tools/demo.py --base URL --key-file FILE DRAWING
Writes result.json and preview.png into the current folder.
"""
import argparse
import json
import pathlib
import sys
import time
import urllib.error
import urllib.request
import uuid


def call(url, key=None, data=None, content_type=None):
    request = urllib.request.Request(url, data=data)
    if key:
        request.add_header("Authorization", "Bearer " + key)
    if content_type:
        request.add_header("Content-Type", content_type)
    with urllib.request.urlopen(request, timeout=120) as answer:
        return answer.read()


def multipart(path):
    boundary = uuid.uuid4().hex
    name = path.name.replace('"', "")
    head = (f"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n"
            "Content-Type: application/octet-stream\r\n\r\n").encode()
    return head + path.read_bytes() + f"\r\n--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def wait_for(base, key, job_id):
    for _ in range(1200):
        job = json.loads(call(f"{base}/v1/jobs/{job_id}?watch=1", key))
        if job["status"] in ("COMPLETED", "FAILED"):
            return job
        time.sleep(0.05)
    sys.exit("demo: the job did not end within a minute")


def show(result):
    summary = result["summary"]
    box = summary["boundingBox"]
    print(f"  {result['file']['name']}: {result['file']['format']} {result['file']['version']}, "
          f"units {result['file']['units']}")
    print(f"  {summary['totalEntities']} entities on {summary['totalLayers']} layers, "
          f"{summary['totalSheets']} sheets")
    if box and box["width"] is not None:
        print(f"  extents {box['width']:g} x {box['height']:g}")
    counts = sorted(summary["statistics"]["byType"].items(), key=lambda item: -item[1])
    print("  " + ", ".join(f"{count} {kind}" for kind, count in counts[:12]))
    for warning in result["parseInfo"]["warnings"][:10]:
        print("  warning:", warning)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--base", required=True)
    parser.add_argument("--key-file", required=True)
    parser.add_argument("drawing", type=pathlib.Path)
    args = parser.parse_args()
    key = pathlib.Path(args.key_file).read_text().strip()
    body, content_type = multipart(args.drawing)
    started = time.monotonic()
    try:
        job_id = json.loads(call(f"{args.base}/v1/parse", key, body, content_type))["job_id"]
        job = wait_for(args.base, key, job_id)
        elapsed = (time.monotonic() - started) * 1000
        if job["status"] == "FAILED":
            sys.exit(f"demo: the drawing could not be parsed: {job['errorMsg']}")
        result = json.loads(call(f"{args.base}/v1/jobs/{job_id}/result", key))
        preview = call(result["imageUrl"]) if result["imageUrl"] else None
    except urllib.error.HTTPError as e:
        sys.exit(f"demo: {e.code}: {e.read().decode(errors='replace')}")
    pathlib.Path("result.json").write_text(json.dumps(result, indent=1))
    print(f"Uploaded and parsed in {elapsed:.0f} ms ({job_id}):")
    show(result)
    if preview:
        pathlib.Path("preview.png").write_bytes(preview)
    print("Saved result.json" + (" and preview.png" if preview else ""))


if __name__ == "__main__":
    main()
