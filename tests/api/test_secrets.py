# SPDX-License-Identifier: Apache-2.0
"""S25 and S03: known secrets and a known text go in; then everything that the service wrote or shows is
searched for them.
"""
import base64
import os
import pathlib
import re
import secrets
import stat
import subprocess
import sys
import threading
import time
import types

import pytest
import requests

from conftest import PROGRAM, Client

TEXT = "Geheimnis-" + secrets.token_hex(8)  # in the drawing: comment, layer, texts, type of an entity
SECRETS = {name: secrets.token_hex(32) for name in
           ("CADLENS_MASTER_KEY", "CADLENS_SIGNING_KEY", "CADLENS_BACKUP_KEY", "CADLENS_WEBHOOK_SECRET")}


def drawing(text):
    tags = ["999", text, "0", "SECTION", "2", "TABLES", "0", "TABLE", "2", "LAYER", "70", "1", "0", "LAYER", "2", text,
            "70", "0", "62", "1", "6", "CONTINUOUS", "0", "ENDTAB", "0", "ENDSEC", "0", "SECTION", "2", "ENTITIES",
            "0", "TEXT", "8", text, "10", "0", "20", "0", "40", "1", "1", text,
            "0", "MTEXT", "8", "0", "10", "0", "20", "5", "40", "1", "1", text + "\\P" + text,
            "0", "FOO_" + text, "8", "0"]
    for i in range(3000):
        tags += ["0", "LINE", "8", text, "10", f"{i}", "20", "0", "11", f"{i}", "21", "9"]
    return "\r\n".join(tags + ["0", "ENDSEC", "0", "EOF", ""]).encode()


def spellings(text):
    """A text as it may lie in a file: 8 and 16 bits, hexadecimal, Base64 at each of its three phases."""
    raw = text.encode()
    yield from (raw, text.encode("utf-16-le"), text.encode("utf-16-be"), raw.hex().encode())
    for phase in range(3):
        encoded = base64.b64encode(b"\0" * phase + raw)
        yield encoded[4 if phase else 0:len(encoded) - 4]
    if re.fullmatch("[0-9a-f]{64}", text):
        yield from (bytes.fromhex(text), text.upper().encode())


def found_in(data, needles):
    return [text for text in needles for spelling in spellings(text) if spelling in data]


def test_S03_the_search_itself_finds_what_it_looks_for():
    key = SECRETS["CADLENS_MASTER_KEY"]
    for hidden in (TEXT.encode(), TEXT.encode("utf-16-le"), base64.b64encode(b"xy" + TEXT.encode() + b"z"),
                   TEXT.encode().hex().encode(), bytes.fromhex(key), key.upper().encode()):
        assert found_in(b"before" + hidden + b"after", [TEXT, key]), hidden
    assert found_in(b"something else", [TEXT, key]) == []


def processes_of(pid):
    yield pid
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            yield from (int(child) for child in task.read_text().split())
        except OSError:
            pass


class Watch(threading.Thread):
    """Looks, as often as it can, at what the system shows of the server and its workers, and at the files
    they have open, deleted ones too."""

    def __init__(self, server, needles):
        super().__init__(daemon=True)
        self.server, self.needles = server, needles
        self.found, self.seen = [], {"cmdline": 0, "worker": 0, "environ": 0, "fd": 0}
        self.command_lines = set()
        self.stopping = False

    def look(self, path, kind):
        try:
            data = path.read_bytes()
        except OSError:
            return
        if kind == "cmdline":  # empty: of a process that has ended
            self.command_lines.add(data)
        self.seen[kind] += 1
        self.found += [(str(path), text) for text in found_in(data, self.needles)]

    def look_at(self, pid):
        here = pathlib.Path(f"/proc/{pid}")
        self.seen["worker"] += pid not in self.server.pids
        self.look(here / "cmdline", "cmdline")
        self.look(here / "environ", "environ")
        try:
            files = list((here / "fd").iterdir())
        except OSError:
            return
        for fd in files:
            try:
                if stat.S_ISREG(fd.stat().st_mode):
                    self.look(fd, "fd")
            except OSError:
                pass

    def run(self):
        while not self.stopping:
            for node in self.server.pids:
                for pid in processes_of(node):
                    self.look_at(pid)
            time.sleep(0.005)


@pytest.fixture(scope="module")
def watched(make_server, tmp_path_factory):
    """A server with secrets that are known here, its own folder for temporary files, and a whole pass of the
    API over it while it is watched."""
    temp = tmp_path_factory.mktemp("tmp")
    server = make_server(environment={**SECRETS, "TMPDIR": str(temp)})
    server.temp = temp
    server.needles = [*SECRETS.values(), server.key[5:], TEXT]
    if server.cluster:
        server.needles += [re.search(r":([^:@]+)@", server.cluster[name])[1]
                           for name in ("CADLENS_DATABASE_URL", "CADLENS_REDIS_URL")]
        server.needles.append(server.cluster["CADLENS_S3_SECRET_KEY"])
    server.watch = Watch(server, server.needles)
    server.watch.start()
    server.errors = pass_through_the_api(server)
    server.made = server.run("backup", server.folder / "backup.clb", "--with-master-key", environment=SECRETS)
    assert server.made.returncode == 0, server.made.stderr
    server.watch.stopping = True
    server.watch.join()
    return server


def good_calls(client, server):
    jobs = [client.complete(drawing(TEXT), name="plan.dxf")["id"] for _ in range(3)]
    assert TEXT in client.get(f"/v1/jobs/{jobs[0]}/result").text, "the text is in the result"
    assert TEXT in client.parse(drawing(TEXT), name="plan.dxf", data={"mode": "sync"}).text
    for path in ("", "/result", "/image", "/entities", "/events", "/scene"):
        assert client.get(f"/v1/jobs/{jobs[1]}{path}").status_code == 200
    client.delete(f"/v1/jobs/{jobs[2]}")
    return jobs[1]


def pass_through_the_api(server):
    """The error answers."""
    client, nobody = server.client(), Client(server.base, None)
    job = good_calls(client, server)
    errors = []
    for path in ("", "/result", "/image", "/entities", "/events", "/scene"):
        errors.append(nobody.get(f"/v1/jobs/{job}{path}"))
        errors.append(client.get(f"/v1/jobs/job_{'0' * 32}{path}"))
    url = client.get(f"/v1/jobs/{job}/image").json()["imageUrl"]
    assert client.get(url).status_code == 200
    errors.append(client.get(url[:-4]))
    errors.append(Client(server.base, server.key[:-1] + ("0" if server.key[-1] != "0" else "1")).get("/v1/jobs"))
    errors.append(client.parse(("no drawing: " + TEXT).encode() * 200, name="x.dxf"))
    errors.append(client.parse(drawing(TEXT), data={"webhookUrl": "not a URL", "mode": "neither"}))
    client.wait(client.submit(drawing(TEXT)[:900] + TEXT.encode() * 30))
    failed = client.wait(client.submit(b"AC1032" + b"\0" * 500 + TEXT.encode() * 100, name="a.dwg"))
    assert failed["status"] == "FAILED"
    errors.append(client.get(f"/v1/jobs/{failed['id']}/result"))
    # An object that was tampered with: the error is ours.
    broken = client.complete(drawing(TEXT))["id"]
    server.spoil(f"results/{broken[-2:]}/{broken}-")
    errors.append(requests.get(f"{server.base}/v1/jobs/{broken}/result", timeout=30,
                               headers={"Authorization": "Bearer " + server.key}))
    assert errors[-1].status_code >= 500
    assert all(answer.status_code >= 400 for answer in errors)
    return errors


def test_S25_no_secret_and_no_drawing_text_is_in_the_logs(watched):
    log = watched.log.read_bytes() + watched.out.read_bytes()
    assert b"event=request" in log and b"event=attempt_ended" in log
    assert found_in(log, watched.needles) == []
    assert found_in((watched.made.stdout + watched.made.stderr).encode(), watched.needles) == []


def test_S25_no_secret_is_in_an_error_answer(watched):
    assert len(watched.errors) > 10
    for answer in watched.errors:
        shown = answer.content + str(dict(answer.headers)).encode()
        assert found_in(shown, watched.needles) == [], answer.url


def test_S25_no_secret_is_in_ps_or_the_environment_of_a_process(watched):
    seen = watched.watch.seen
    assert seen["cmdline"] > 5 and seen["worker"] > 0 and seen["environ"] > 0
    lines = [line.split(b"\0") for line in watched.watch.command_lines]
    assert any(b"serve" in line for line in lines), "the server's"
    assert any(b"cadlens-worker" in line[0] for line in lines), "a worker's"
    assert watched.watch.found == []


@pytest.mark.parametrize("where", ["cmdline", "environ", "fd"])
def test_S25_the_watch_finds_what_a_process_shows(where, tmp_path):
    secret = secrets.token_hex(32)
    (tmp_path / "file").write_text(secret)
    command = [sys.executable, "-c", "import sys; print(flush=True); sys.stdin.read()"]
    environment = {**os.environ, "SOME_KEY": secret} if where == "environ" else None
    with open(tmp_path / "file" if where == "fd" else os.devnull) as errors, \
            subprocess.Popen(command + [secret] * (where == "cmdline"), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=errors, env=environment) as process:
        process.stdout.readline()
        watch = Watch(types.SimpleNamespace(pids=[]), [secret])
        watch.look_at(process.pid)
        process.stdin.close()
    assert {found for _, found in watch.found} == {secret}
    assert all(f"/{where}" in path for path, _ in watch.found)


def test_S03_no_secret_and_no_drawing_text_is_in_any_file(watched):
    """Database, its log, objects, backup, temporary files, the working directory, and whatever the processes
    had open while they worked (the watch)."""
    assert watched.watch.seen["fd"] > 10
    files = watched.files() + [p for p in watched.temp.rglob("*") if p.is_file()]
    files += [watched.folder / "backup.clb", watched.log, watched.out]
    names = {p.name for p in files}
    assert {"lock"} | (set() if watched.cluster else {"cadlens.db", "cadlens.db-wal"}) <= names
    assert len(watched.stored_objects()) > 10
    assert "master.key" not in names and "signing.key" not in names, "they came by the environment"
    began = watched.key_file.stat().st_mtime - 1
    working = pathlib.Path(os.readlink(f"/proc/{watched.process.pid}/cwd"))
    files += [p for p in working.iterdir() if p.is_file() and p.stat().st_mtime >= began]
    for path, content in [*watched.written(), *((path, path.read_bytes()) for path in files)]:
        assert found_in(content, watched.needles) == [], path


def test_S03_no_core_file_can_be_made_of_the_server(watched):
    for pid in watched.pids:
        limits = pathlib.Path(f"/proc/{pid}/limits").read_text()
        assert re.search(r"Max core file size\s+0\s+0\s", limits)


def test_S03_the_keys_lie_in_locked_memory_that_no_core_file_has(watched):
    smaps = pathlib.Path(f"/proc/{watched.process.pid}/smaps").read_text()
    flags = [line + " " for line in re.findall(r"VmFlags: (.*)", smaps)]
    locked = [line for line in flags if " lo " in line and " dd " in line and " wf " in line]
    assert len(locked) >= 2 or "key_not_locked" in watched.log.read_text(), "master key and signing key"


def test_S25_a_dump_of_the_database_holds_none(watched):
    dump = watched.dump()
    assert "api_keys" in dump
    assert found_in(dump.encode(), watched.needles) == []


@pytest.mark.parametrize("name", sorted(SECRETS)[:3])
def test_S25_every_secret_comes_from_a_file_too(make_server, tmp_path, house, name):
    value = secrets.token_hex(32)
    file = tmp_path / "secret"
    file.write_text(value + "\n")
    file.chmod(0o600)
    environment = {name + "_FILE": str(file)}
    backup = {} if "BACKUP" in name else {"CADLENS_BACKUP_KEY": SECRETS["CADLENS_BACKUP_KEY"]}
    server = make_server(environment=environment)
    server.client().complete(house)
    done = server.run("backup", tmp_path / "b", environment=backup)
    assert done.returncode == 0, done.stderr
    own = {"CADLENS_MASTER_KEY": "master.key", "CADLENS_SIGNING_KEY": "signing.key"}.get(name)
    assert own is None or not (server.data / own).exists()
    assert server.stop() == 0
    file.chmod(0o644)
    command = ["serve", "--listen", "127.0.0.1:0"] if own else ["backup", tmp_path / "b"]
    refused = server.run(*command)
    assert refused.returncode == 2 and "can be read by others" in refused.stderr
    assert value not in refused.stderr


def test_S25_no_option_takes_a_secret():
    for command in (["serve"], ["backup"], ["restore"], ["admin", "make-key"], ["admin", "rotate-master-key"],
                    ["admin", "rotate-signing-key"], ["admin", "master-keys"]):
        shown = subprocess.run([PROGRAM, *command, "--help"], capture_output=True, text=True, timeout=20).stdout
        assert "--help" in shown, command
        options = re.findall(r"(--[\w-]+) [A-Z]+", shown)
        # The name of a file, not what is in it; numbers of requests; an address.
        harmless = {"--tls-key", "--rate-key", "--burst-key", "--oauth-github-token-url"}
        bad = [o for o in options
               if re.search("key|secret|password|token", o) and not o.endswith("-file") and o not in harmless]
        assert bad == [], command
