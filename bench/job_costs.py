#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a job costs, by format and size of its drawing, and what a request costs: measured through a real service on
loopback, one at a time, isolation included. Processor time, as walls differ with whoever else uses the machine.

usage: bench/job_costs.py [--repeats N] [--every N] [--largest MB] [--corpus DIR] [--cadlens PROGRAM] [--out FILE]

Drawings: the corpus (CADLENS_CORPUS, or ../shared/corpus beside the project) and generated DXF up to --largest. Each
is parsed --repeats times and stands for the median of them. What is written (bench/sim/costs.json) names no drawing
and holds nothing of one. Worker time is from the service's log (event=attempt_ended); the service's own is that of
its process without its children; both hold whatever the machine's other users did to caches.
"""
import argparse
import datetime
import json
import os
import pathlib
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

import requests

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORPUS = pathlib.Path(os.environ.get("CADLENS_CORPUS", ROOT.parent / "shared/corpus"))
GENERATOR = pathlib.Path(os.environ.get("CADLENS_BIG_DXF_GENERATOR", ROOT.parent / "shared/bench/gen_big_dxf.py"))
# Upper ends of the classes of size, in KB of 1024 bytes.
CLASSES = [32, 128, 512, 2048, 8192, 32768]
GENERATED = [100, 300, 1000, 3000, 10_000, 30_000, 100_000]  # entities, 0.1 to 36 MB
KEYS = ("upload_bytes", "worker_cpu_ms", "service_cpu_ms", "peak_mb", "stored_bytes", "objects")


def size_class(size):
    names = [f"<= {kb} KB" if kb < 1024 else f"<= {kb // 1024} MB" for kb in CLASSES]
    for kb, name in zip(CLASSES, names):
        if size <= kb * 1024:
            return name
    return f"> {CLASSES[-1] // 1024} MB"


def class_order(name):
    number, unit = re.search(r"(\d+) (KB|MB)", name).groups()
    return int(number) * (1024 if unit == "MB" else 1) + name.startswith(">")


class Service:
    """A service of its own. `cpu_ms()`: what its process has used, without its children, in all threads."""

    def __init__(self, program, *arguments):
        self.folder = tempfile.TemporaryDirectory(prefix="cadlens-costs-")
        folder = pathlib.Path(self.folder.name)
        self.log, self.data, self.program = folder / "log", folder / "data", program
        with open(self.log, "wb") as log, open(folder / "out", "wb") as out:
            self.process = subprocess.Popen(
                [program, "serve", "--data", self.data, "--listen", "127.0.0.1:0", "--owner-key-file", folder / "key",
                 "--rate-key", "0", "--rate-address", "0", *arguments], stdout=out, stderr=log)
        while not (found := re.search(r"listens on (\S+)\n", (folder / "out").read_text())):
            if self.process.poll() is not None:
                sys.exit("job_costs: the service did not start: " + self.log.read_text())
            time.sleep(0.02)
        self.base = found[1]
        self.session = requests.Session()
        self.session.trust_env = False  # a list of authorities in the environment would win over verify
        self.session.verify = False
        self.session.headers["Authorization"] = "Bearer " + (folder / "key").read_text().strip()
        self.log_file = open(self.log, encoding="utf-8", errors="replace")

    def cpu_ms(self):
        # The kernel's clock of another process (clock_getcpuclockid): nanoseconds, unlike /proc/PID/stat.
        return time.clock_gettime((~self.process.pid << 3) | 2) * 1000

    def submit(self, content, name):
        answer = self.session.post(self.base + "/v1/parse", files={"file": (name, content)}, timeout=300)
        return answer.json().get("job_id") if answer.status_code == 202 else None

    def attempt(self, job, seconds=400):
        """The log's words about the job's attempt: polling over HTTP would be measured, too."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            line = self.log_file.readline()
            if "event=attempt_ended" in line and f"job={job}" in line:
                return dict(re.findall(r"(\w+)=(\S+)", line))
            if not line:
                time.sleep(0.001)
        sys.exit("job_costs: a job did not end")

    def row(self, sql, *values):
        with sqlite3.connect(f"file:{self.data}/cadlens.db?mode=ro", uri=True, timeout=30) as database:
            return database.execute(sql, values).fetchone()

    def stop(self):
        self.process.terminate()
        self.process.wait(60)
        self.log_file.close()
        self.folder.cleanup()


def has_option(program, option):
    return option in subprocess.run([program, "serve", "--help"], capture_output=True, text=True).stdout


def drawings(options, scratch):
    files = [p for p in sorted(options.corpus.glob("d*/**/*")) if p.is_file() and p.suffix != ".json"
             and p.relative_to(options.corpus).parts[0] != "expected"][::options.every]
    for path in files:
        yield path.read_bytes()
    for entities in GENERATED if GENERATOR.is_file() else []:
        path = scratch / "generated.dxf"
        subprocess.run(["/usr/bin/python3", GENERATOR, str(entities), path], check=True, stdout=subprocess.DEVNULL)
        content = path.read_bytes()
        if len(content) <= options.largest * 1024 * 1024:
            yield content


def one_job(service, content):
    """One job from its upload until the service has settled it; its traces are removed outside of the measurement."""
    before = service.cpu_ms()
    job = service.submit(content, "drawing")
    if not job:
        return None
    said = service.attempt(job)
    for _ in range(2000):  # the line comes just before the transaction that ends the job
        status, form = service.row("SELECT status, format FROM jobs WHERE id = ?", job)
        if status in ("COMPLETED", "FAILED"):
            break
        time.sleep(0.001)
    spent = service.cpu_ms() - before
    objects, size = service.row("SELECT COUNT(*), COALESCE(SUM(size), 0) FROM parts WHERE job_id = ?", job)
    service.session.delete(f"{service.base}/v1/jobs/{job}", timeout=60)
    return {"format": form, "end": said["end"], "upload_bytes": len(content), "worker_cpu_ms": float(said["cpu_ms"]),
            "service_cpu_ms": spent, "peak_mb": int(said["peak_bytes"]) / 1048576, "stored_bytes": size,
            "objects": objects, "wall_ms": float(said["wall_ms"])}


def measure_jobs(options, preview_px):
    extra = ["--preview-px", str(preview_px)] if preview_px is not None else []
    service, found, refused, failed = Service(options.cadlens, *extra), [], 0, 0
    try:
        one_job(service, lines_drawing(50_000))
        sheet = [one_job(service, lines_drawing(50_000)) for _ in range(5 * options.repeats)]
        with tempfile.TemporaryDirectory() as scratch:
            for content in drawings(options, pathlib.Path(scratch)):
                runs = []
                for _ in range(options.repeats):
                    if not (run := one_job(service, content)):
                        break
                    runs.append(run)
                    if run["wall_ms"] > 20_000:
                        break
                if not runs:
                    refused += 1
                elif runs[0]["end"] != "completed":
                    failed += 1
                else:
                    found.append({"format": runs[0]["format"], **{key: statistics.median(r[key] for r in runs)
                                                                  for key in KEYS}})
    finally:
        service.stop()
    return found, refused, failed, {key: round(statistics.median(run[key] for run in sheet), 2) for key in KEYS}


def quantile(values, part):
    values = sorted(values)
    at = part * (len(values) - 1)
    low = int(at)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (at - low)


def distribution(values):
    parts = {"min": 0, "p10": 0.1, "p25": 0.25, "median": 0.5, "p75": 0.75, "p90": 0.9, "p99": 0.99, "max": 1}
    return {"mean": round(statistics.fmean(values), 2),
            **{name: round(quantile(values, part), 2) for name, part in parts.items()}}


def by_format_and_size(found):
    table = {}
    for job in found:
        table.setdefault(job["format"], {}).setdefault(size_class(job["upload_bytes"]), []).append(job)
    return {form: {name: {"drawings": len(classes[name]),
                          **{key: distribution([job[key] for job in classes[name]]) for key in KEYS}}
                   for name in sorted(classes, key=class_order)} for form, classes in sorted(table.items())}


def lines_drawing(size):
    lines, length, i = ["0", "SECTION", "2", "ENTITIES"], 0, 0
    while length < size:
        entity = ["0", "LINE", "8", "0", "10", f"{i % 997}.5", "20", f"{i % 701}.0", "11", f"{i % 983}.5", "21", "1.0"]
        length += sum(map(len, entity)) + len(entity)
        lines += entity
        i += 1
    return "\n".join(lines + ["0", "ENDSEC", "0", "EOF", ""]).encode()


def in_turns(services, calls, times):
    """Medians over rounds of the services' processor time of one call each."""
    rounds = [[] for _ in calls]
    for round_number in range(6):
        for service, call, found in zip(services, calls, rounds):
            before = service.cpu_ms()
            for _ in range(times):
                call()
            if round_number:  # the first one warms
                found.append((service.cpu_ms() - before) / times)
    return [round(statistics.median(found), 4) for found in rounds]


def per_call(service, call, times):
    return in_turns([service], [call], times)[0]


def idle_worker(options, folder):
    """Passes the service's test of it and never answers: uploads are accepted, and nothing else happens."""
    idle = pathlib.Path(folder) / "idle"
    worker = pathlib.Path(options.cadlens).resolve().parent / "cadlens-worker"
    said = subprocess.run([worker, "--self-test"], capture_output=True, text=True, check=True).stdout.strip()
    idle.write_text(f"#!/bin/sh\n[ \"$1\" = --self-test ] && echo '{said}' && exit 0\nexec /bin/sleep 600\n")
    idle.chmod(0o755)
    return str(idle)


def certificate(folder):
    key, cert = folder + "/key.pem", folder + "/cert.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
                    "2", "-subj", "/CN=localhost", "-keyout", key, "-out", cert], check=True, capture_output=True)
    os.chmod(key, 0o600)
    return ["--tls-cert", cert, "--tls-key", key]


def measure_posts(options):
    """Uploads without and with TLS, in turns: each time of the machine is the same for both."""
    requests.packages.urllib3.disable_warnings()

    def fresh(service):
        with requests.Session() as session:
            session.trust_env = session.verify = False
            assert session.get(service.base + "/health", timeout=30).status_code == 200
    with tempfile.TemporaryDirectory() as folder:
        idle = ["--worker", idle_worker(options, folder), "--job-wall-seconds", "600"]
        plain = Service(options.cadlens, *idle)
        over_tls = Service(options.cadlens, *idle, *certificate(folder))
        out = {"post_ms": {}, "tls": {"post_ms": {}}}
        try:
            for name, size, times in (("2 KB", 2_000, 40), ("50 KB", 50_000, 40), ("1 MB", 1 << 20, 10), ("8 MB", 8 << 20, 3)):
                content = lines_drawing(size)
                calls = [lambda one=one: one.submit(content, "a.dxf") for one in (plain, over_tls)]
                out["post_ms"][name], out["tls"]["post_ms"][name] = in_turns((plain, over_tls), calls, times)
            without, with_it = in_turns((plain, over_tls), [lambda one=one: fresh(one) for one in (plain, over_tls)], 40)
            out["tls"]["handshake_ms"] = round(with_it - without, 4)
        finally:
            plain.stop()
            over_tls.stop()
        return out


def measure_requests(options):
    service = Service(options.cadlens)
    try:
        def get(path):
            answer = service.session.get(service.base + path, timeout=60)
            assert answer.status_code == 200, answer.text
            return answer
        jobs = []
        for size in (50_000, 4 << 20):
            jobs.append(service.submit(lines_drawing(size), "a.dxf"))
            service.attempt(jobs[-1])
        for _ in range(20):
            last = service.submit(lines_drawing(2_000), "a.dxf")
            service.attempt(last)
        time.sleep(0.5)
        small, big = jobs
        image = get(f"/v1/jobs/{small}/image").json()["imageUrl"].removeprefix(service.base)
        idle = service.cpu_ms()
        time.sleep(10)
        out = {"idle_ms_per_s": round((service.cpu_ms() - idle) / 10, 3)}
        for name, path, times in (("health", "/health", 300), ("job", f"/v1/jobs/{small}", 300),
                                  ("jobs_20", "/v1/jobs?limit=20", 100), ("result_small", f"/v1/jobs/{small}/result", 100),
                                  ("result_big", f"/v1/jobs/{big}/result", 5), ("image_urls", f"/v1/jobs/{small}/image", 200),
                                  ("preview", image, 100)):
            out[name] = {"cpu_ms": per_call(service, lambda path=path: get(path), times), "bytes": len(get(path).content)}
        return out
    finally:
        service.stop()


def machine():
    names = re.findall(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return {"day": datetime.date.today().isoformat(), "processor": names[0] if names else "unknown",
            "processors": os.cpu_count(), "load_average": [round(x, 1) for x in os.getloadavg()],
            "kernel": os.uname().release.split("-")[0], "python": sys.version.split()[0],
            "tls": "openssl " + subprocess.run(["openssl", "version"], capture_output=True, text=True).stdout.split()[1]}


def save(options, costs):
    options.out.write_text(json.dumps(costs, indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--every", type=int, default=1, help="take every n-th drawing of the corpus only")
    parser.add_argument("--largest", type=int, default=64, help="MB of the largest generated drawing")
    parser.add_argument("--corpus", type=pathlib.Path, default=CORPUS)
    parser.add_argument("--cadlens", default=str(ROOT / "build/release/cadlens"))
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "bench/sim/costs.json")
    options = parser.parse_args()
    if not options.corpus.is_dir():
        print(f"job_costs: no corpus at {options.corpus} (CADLENS_CORPUS)")
    if not GENERATOR.is_file():
        print(f"job_costs: no generator at {GENERATOR} (CADLENS_BIG_DXF_GENERATOR): no large drawings")
    costs = {"measured": {**machine(), "repeats": options.repeats}, "jobs": {}, "sheet_of_50_kb": {}}
    pixels = [2048, 0] if has_option(options.cadlens, "--preview-px") else [None]
    for px in pixels:
        start = time.monotonic()
        found, refused, failed, sheet = measure_jobs(options, px)
        name = "preview" if px != 0 else "no_preview"
        costs["jobs"][name] = by_format_and_size(found)
        costs["sheet_of_50_kb"][name] = sheet
        costs["measured"][name] = {"drawings": len(found), "not_accepted": refused, "failed": failed}
        print(f"{name}: {len(found)} drawings, {refused} not accepted, {failed} failed, "
              f"{time.monotonic() - start:.0f} s", flush=True)
        save(options, costs)  # the next part may take long
    costs |= measure_posts(options)
    costs["requests"] = measure_requests(options)
    save(options, costs)
    print(f"{options.out.name} written")


if __name__ == "__main__":
    main()
