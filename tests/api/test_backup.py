# SPDX-License-Identifier: Apache-2.0
"""S06: backups of a running server, by its command line."""
import fcntl
import os
import stat
import subprocess
import threading

import pytest

from conftest import PROGRAM, Server

KEY = {"CADLENS_BACKUP_KEY": os.urandom(32).hex()}


def program(*arguments, environment=None):
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=120,
                          env={**os.environ, **KEY, **(environment or {})})


@pytest.fixture
def serve_again():
    """Starts a server on a restored data directory (folder/data), for whom the API key is the same."""
    servers = []

    def start(folder, key, environment=None):
        (folder / "owner.key").write_text(key)
        servers.append(Server(folder, environment=environment))
        return servers[-1].client()
    yield start
    for server in servers:
        server.stop()


def test_S06_a_restored_server_has_the_same_jobs_and_results(make_server, house, tmp_path, serve_again):
    server = make_server()
    client = server.client()
    done = client.complete(house, name="house.dxf")["id"]
    kept = client.complete(house + b"\n", name="kept.dxf")["id"]
    client.get(f"/v1/jobs/{kept}/result")
    file = tmp_path / "backup.clb"
    made = server.run("backup", file, "--with-master-key", environment=KEY)
    assert made.returncode == 0, made.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]
    result = client.get(f"/v1/jobs/{done}/result").json()
    client.delete(f"/v1/jobs/{done}")  # lost, and brought back

    checked = program("restore", file, "--verify-only")
    assert checked.returncode == 0 and "whole" in checked.stdout, checked.stderr
    folder = tmp_path / "other"
    brought = program("restore", file, "--data", folder / "data")
    assert brought.returncode == 0, brought.stderr
    other = serve_again(folder, server.key)
    again = other.get(f"/v1/jobs/{done}/result").json()
    for answer in (result, again):
        answer.pop("imageUrl"), answer.pop("imageUrls")
        for sheet in answer["sheets"]:
            sheet.pop("imageUrl", None)
    assert again == result
    assert len(other.get("/v1/jobs").json()["jobs"]) == 2
    url = other.get(f"/v1/jobs/{kept}/image").json()["imageUrl"]
    assert other.get(url).content.startswith(b"\x89PNG")
    assert other.complete(house)["status"] == "COMPLETED"


def test_S06_without_the_master_key_a_backup_alone_opens_nothing(make_server, house, tmp_path, serve_again):
    server = make_server()
    job = server.client().complete(house)["id"]
    file = tmp_path / "backup.clb"
    made = server.run("backup", file, environment=KEY)
    assert made.returncode == 0 and "need the master key" in made.stdout
    brought = program("restore", file, "--data", tmp_path / "data")
    assert brought.returncode == 0 and "need the master key" in brought.stdout
    assert not (tmp_path / "data" / "master.key").exists()
    master = (server.data / "master.key").read_text().strip()
    other = serve_again(tmp_path, server.key, {"CADLENS_MASTER_KEY": master})
    assert other.get(f"/v1/jobs/{job}/result").status_code == 200


def test_S06_wrong_keys_and_damage_are_refused_and_leave_nothing(make_server, house, tmp_path):
    server = make_server()
    server.client().complete(house)
    file = tmp_path / "backup.clb"
    assert server.run("backup", file, environment=KEY).returncode == 0
    good = file.read_bytes()
    for key in (os.urandom(32).hex(), "abc", ""):
        for target in (["--verify-only"], ["--data", tmp_path / "data"]):
            done = program("restore", file, *target, environment={"CADLENS_BACKUP_KEY": key})
            assert done.returncode == 2, done
            assert done.stderr.count("\n") == 1 and "key" in done.stderr
    for place in (0, 9, 17, 30, 60, len(good) // 3, len(good) // 2, len(good) - 1):
        file.write_bytes(good[:place] + bytes([good[place] ^ 1]) + good[place + 1:])
        done = program("restore", file, "--data", tmp_path / "data")
        assert done.returncode in (2, 4), place
    for length in (0, 55, 56, 100, len(good) // 2, len(good) - 1):
        file.write_bytes(good[:length])
        assert program("restore", file, "--data", tmp_path / "data").returncode in (2, 4), length
    assert list(tmp_path.iterdir()) == [file]
    file.write_bytes(good)
    assert program("restore", file, "--data", server.data).returncode == 2, "never over existing data"
    assert program("restore", file, "--data", tmp_path / "data").returncode == 0


def test_S06_backups_while_jobs_come_and_go(make_server, house, tmp_path, serve_again):
    server = make_server()
    client = server.client()
    stop = threading.Event()
    worked = []

    def work():
        mine = server.client()
        while not stop.is_set():
            job = mine.complete(house)["id"]
            mine.get(f"/v1/jobs/{job}/result")
            mine.delete(f"/v1/jobs/{job}")
            worked.append(job)
    kept = client.complete(house)["id"]
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for i in range(5):
            made = server.run("backup", tmp_path / "backup.clb", "--with-master-key", environment=KEY)
            assert made.returncode == 0, made.stderr
            brought = program("restore", tmp_path / "backup.clb", "--data", tmp_path / str(i) / "data")
            assert brought.returncode == 0, brought.stderr
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert worked and "is not available" not in server.log.read_text()
    other = serve_again(tmp_path / "4", server.key)
    jobs = other.get("/v1/jobs").json()["jobs"]
    assert kept in [job["id"] for job in jobs]
    for job in jobs:
        assert other.wait(job["id"])["status"] == "COMPLETED", job
        assert other.get(f"/v1/jobs/{job['id']}/result").status_code == 200


def test_S06_a_backup_and_a_rotation_keep_out_of_each_others_way(make_server, house, tmp_path):
    server = make_server()
    server.client().complete(house)
    with open(server.data / "maintenance.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for command in (("backup", tmp_path / "b"), ("admin", "rotate-master-key"), ("admin", "rotate-signing-key")):
            done = server.run(*command, environment=KEY)
            assert done.returncode == 2 and "at work" in done.stderr, command
    assert server.run("backup", tmp_path / "b", environment=KEY).returncode == 0
