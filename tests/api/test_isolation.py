# SPDX-License-Identifier: Apache-2.0
"""What a drawing that takes its reader over can do to the service: fail its own job. The worker is the
probe of tests/sandbox, which does what the drawing's name says."""
import os
import pathlib
import re
import stat
import subprocess

import pytest

from conftest import PROGRAM, ROOT, Client, wait_until

FORBIDDEN = ["open a file", "open a file the new way", "look at a file", "list a folder", "write a file", "socket",
             "udp", "unix socket", "abstract socket", "fork", "vfork", "clone3", "new thread", "exec", "run from memory",
             "hide in memory", "map executable", "make executable", "ptrace", "read another process",
             "open its descriptors", "steal a descriptor", "read its memory", "kill the parent", "kill all",
             "signal a thread of the parent", "raise a limit", "raise the parents limit", "own a namespace", "mount",
             "chroot", "userfaultfd", "make a ring", "keyctl", "bpf", "perf", "shared memory", "sleep", "alarm",
             "duplicate", "pipe", "prctl"]
ENDS = {"spin": "CPU_LIMIT", "hang": "TIME_LIMIT", "eat memory": "OUT_OF_MEMORY", "allocate 100 GB": "OUT_OF_MEMORY",
        "pour 1 GB": "OUTPUT_LIMIT", "segfault": "PARSE_CRASHED", "abort": "PARSE_CRASHED", "exit 3": "PARSE_CRASHED",
        "garbage": "PARSE_CRASHED", "half a frame": "PARSE_CRASHED", "oversized part": "PARSE_CRASHED",
        "done without a result": "PARSE_CRASHED", "speaks after done": "PARSE_CRASHED",
        "close stdout and hang": "TIME_LIMIT", "reject": "NOT_A_DRAWING", "flood stderr": None, "healthy": None}
LINE = ("isolation seccomp={seccomp} no_new_privs={no_new_privs} rlimits={rlimits} capabilities=1 not_dumpable=1 "
        "empty_root={empty_root} namespaces={namespaces} landlock={landlock}")
COMPLETE = {"seccomp": 1, "no_new_privs": 1, "rlimits": 1, "empty_root": 0, "namespaces": 1, "landlock": 6}


def probe():
    candidates = [os.environ.get("CADLENS_PROBE"), PROGRAM.parent / "sandbox_probe", ROOT / "build/dev/sandbox_probe"]
    for path in candidates:
        if path and pathlib.Path(path).exists():
            return str(path)
    assert os.environ.get("CI") != "true", "sandbox_probe is not built"
    pytest.skip("sandbox_probe is not built")


@pytest.fixture(scope="module")
def haunted(make_server):
    return make_server("--worker", probe(), "--job-memory", "256MB", "--job-cpu-seconds", "2", "--job-wall-seconds",
                       "10", "--workers", "2")


def children_of(server):
    """The workers: not the process that they are copies of."""
    return [child for pid in server.working_pids for task in pathlib.Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
            if pathlib.Path(f"/proc/{child}/comm").read_text() != "cadlens-zygote\n"]


def test_the_workers_code_lies_in_large_pages_that_cannot_be_written(server):
    """Pages of the file would be mapped anew in every worker."""
    zygotes = [child for pid in server.working_pids for task in pathlib.Path(f"/proc/{pid}/task").iterdir()
               for child in (task / "children").read_text().split()
               if pathlib.Path(f"/proc/{child}/comm").read_text() == "cadlens-zygote\n"]
    assert zygotes
    for zygote in zygotes:
        maps = [line.split() for line in pathlib.Path(f"/proc/{zygote}/maps").read_text().splitlines()]
        own = [line[1] for line in maps if line[-1].endswith("/cadlens-worker")]
        assert own and not [access for access in own if "x" in access], "it was linked with large segments"
        code = [line for line in maps if "x" in line[1] and len(line) == 5]
        assert len(code) == 1 and int(code[0][0].split("-")[0], 16) % (2 << 20) == 0
        assert not [line for line in maps if "w" in line[1] and "x" in line[1]]


def test_S18_every_escape_ends_its_own_job_and_neighbors_complete(haunted, house):
    client = haunted.client()
    neighbor = Client(haunted.base, haunted.add_key())
    jobs, good = {}, []
    for act in [*FORBIDDEN, *ENDS]:
        jobs[act] = client.submit(house, name=act)
        good.append(neighbor.submit(house, name="healthy"))
    for act, job_id in jobs.items():
        job = client.wait(job_id)
        wanted = ENDS.get(act, "PARSE_CRASHED")
        assert (job["status"], job["errorCode"]) == ("FAILED" if wanted else "COMPLETED", wanted), act
        assert bool(job["errorMsg"]) == bool(wanted)
    for job_id in good:
        assert neighbor.wait(job_id)["status"] == "COMPLETED"
    # Those that are there were started ahead: the next jobs use them up.
    left = set(children_of(haunted))
    assert len(left) <= 2 * len(haunted.working_pids), "a worker outlived its job"

    def use_up():
        neighbor.wait(neighbor.submit(house, name="healthy"))
        return not left & set(children_of(haunted))
    wait_until(use_up, 60)
    log = haunted.log.read_text()
    for act in FORBIDDEN:
        assert f"event=forbidden_call job={jobs[act]} " in log, act
        assert log.count(f"event=attempt_ended job={jobs[act]} ") == 1, "a forbidden call is not tried twice"


def test_S18_the_uploads_of_failed_jobs_are_gone(haunted, house):
    client = haunted.client()
    job = client.submit(house, name="segfault")
    assert client.wait(job)["status"] == "FAILED"
    assert not [p for p in haunted.objects() if job in str(p)]


def test_S18_ready_tells_which_walls_stand(server):
    answer = Client(server.base, None).get("/ready")
    assert answer.status_code == 200
    body = answer.json()
    walls = body["isolation"]
    assert body["status"] == "ready" and body["db"] == "ok"
    if server.cluster:
        assert walls is None, "nothing is parsed where the API is served"
    else:
        assert walls["seccomp"] and walls["noNewPrivs"] and walls["rlimits"]
        assert walls["landlock"] > 0 or walls["emptyRoot"]
    assert re.search(r'event=isolation layers="isolation seccomp=1 no_new_privs=1 rlimits=1 ', server.log.read_text())


@pytest.fixture
def pretender(tmp_path):
    """A worker program that only claims to have these walls."""
    def make(**layers):
        path = tmp_path / "worker"
        path.write_text("#!/bin/sh\necho '" + LINE.format(**{**COMPLETE, **layers}) + "'\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)
    return make


@pytest.mark.parametrize("lack, said", [
    ({"seccomp": 0}, "seccomp"), ({"no_new_privs": 0}, "no_new_privs"), ({"rlimits": 0}, "resource limits"),
    ({"landlock": 0}, "Landlock or an empty root"),
    ({"landlock": 0, "seccomp": 0}, "seccomp, Landlock or an empty root")])
def test_S18_a_system_without_the_minimum_is_not_served(pretender, tmp_path, lack, said):
    done = subprocess.run([PROGRAM, "serve", "--data", tmp_path / "d", "--listen", "127.0.0.1:0", "--worker",
                           pretender(**lack)], capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert f"missing: {said}." in done.stderr
    assert "listens on" not in done.stdout


def test_S18_what_is_missing_beyond_the_minimum_is_reported(pretender, make_server):
    server = make_server("--worker", pretender(landlock=0, empty_root=1, namespaces=0))
    if not server.cluster:
        assert server.client().get("/ready").json()["isolation"]["missing"] == ["namespaces", "landlock"]
    log = server.log.read_text()
    for layer in ("namespaces", "landlock"):
        assert f"level=warning event=isolation_layer_missing layer={layer}" in log


@pytest.mark.parametrize("program, said", [("/bin/true", "self-test"), ("/nowhere/worker", "missing")])
def test_S18_a_worker_that_cannot_be_tested_is_not_used(tmp_path, program, said):
    done = subprocess.run([PROGRAM, "serve", "--data", tmp_path / "d", "--listen", "127.0.0.1:0", "--worker", program],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode != 0 and said in done.stderr


def test_S18_one_account_never_holds_all_workers(make_server, house):
    server = make_server("--worker", probe(), "--workers", "1", "--job-wall-seconds", "20")
    greedy, other = server.client(), Client(server.base, server.add_key())
    hanging = [greedy.submit(house, name="hang") for _ in range(3)]
    for _ in range(3):
        assert other.wait(other.submit(house, name="healthy"), 15)["status"] == "COMPLETED"
    states = [greedy.get(f"/v1/jobs/{job}").json()["status"] for job in hanging]
    assert states.count("PROCESSING") <= len(server.working_pids), "one runner of each node's two"
    assert states.count("PROCESSING") + states.count("PENDING") == 3
    for job in hanging:
        greedy.delete(f"/v1/jobs/{job}")


def test_admin_makes_keys_beside_the_running_server(server, tmp_path, house):
    def admin(*arguments):
        return server.run("admin", "add-key", *arguments)
    first = admin("--account", "Studio")
    assert first.returncode == 0, first.stderr
    client = Client(server.base, first.stdout.strip())
    job = client.submit(house)
    key_file = tmp_path / "key"
    second = admin("--account", "Studio", "--scopes", "jobs:read", "--key-file", str(key_file))
    assert second.returncode == 0 and second.stdout == ""
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    reader = Client(server.base, key_file.read_text().strip())
    assert reader.get("/v1/jobs").status_code == 200 and reader.parse(house).status_code == 403
    assert reader.get(f"/v1/jobs/{job}").status_code == 404, "a key sees only its own jobs"
    with server.database() as database:
        assert database.execute("SELECT COUNT(*) FROM accounts WHERE name='Studio'").fetchone() == (1,)
    assert admin("--account", "Studio", "--scopes", "everything").returncode != 0
    assert admin("--account", "").returncode != 0
    nowhere = subprocess.run([PROGRAM, "admin", "add-key", "--data", tmp_path / "none", "--account", "x"],
                             capture_output=True, text=True, timeout=60)
    assert nowhere.returncode != 0 and "no database" in nowhere.stderr
