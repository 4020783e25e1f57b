# SPDX-License-Identifier: Apache-2.0
"""S06: backups of a running server, by its command line."""
import fcntl
import os
import re
import secrets
import stat
import subprocess
import threading

import pytest

from conftest import CLUSTER, PROGRAM, Server, cluster_backends

KEY = {"CADLENS_BACKUP_KEY": os.urandom(32).hex()}


def program(*arguments, environment=None):
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=120,
                          env={**os.environ, **KEY, **(environment or {})})


class Place:
    """Where a backup can be brought back to: folder/data; for a cluster an empty database and an empty prefix, too."""

    def __init__(self, folder):
        self.folder, self.servers = folder, []
        self.environment = cluster_backends().fresh() if CLUSTER else {}

    def restore(self, file, environment=None):
        return program("restore", file, "--data", self.folder / "data", environment={**self.environment, **(environment or {})})

    def serve(self, key, environment=None):
        """With the API key of before."""
        (self.folder / "owner.key").write_text(key)
        self.servers.append(Server(self.folder, environment=environment, cluster=self.environment))
        return self.servers[-1].client()

    def stop(self):
        for server in self.servers:
            server.stop()


@pytest.fixture
def new_place(tmp_path):
    places = []

    def make(name="other"):
        (tmp_path / name).mkdir()
        places.append(Place(tmp_path / name))
        return places[-1]
    yield make
    for place in places:
        place.stop()


def without_links(result):
    result.pop("imageUrl"), result.pop("imageUrls")
    for sheet in result["sheets"]:
        sheet.pop("imageUrl", None)
    return result


def test_S06_a_restored_server_has_the_same_jobs_and_results(make_server, house, tmp_path, new_place):
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
    place = new_place()
    brought = place.restore(file)
    assert brought.returncode == 0, brought.stderr
    other = place.serve(server.key)
    assert without_links(other.get(f"/v1/jobs/{done}/result").json()) == without_links(result)
    assert len(other.get("/v1/jobs").json()["jobs"]) == 2
    url = other.get(f"/v1/jobs/{kept}/image").json()["imageUrl"]
    assert other.get(url).content.startswith(b"\x89PNG")
    thumbnail = client.get(client.get(f"/v1/jobs/{kept}").json()["thumbnailUrl"]).content
    assert other.get(other.get(f"/v1/jobs/{kept}").json()["thumbnailUrl"]).content == thumbnail != b""
    assert other.complete(house)["status"] == "COMPLETED"


def test_S06_without_the_master_key_a_backup_alone_opens_nothing(make_server, house, tmp_path, new_place):
    server = make_server()
    job = server.client().complete(house)["id"]
    file = tmp_path / "backup.clb"
    made = server.run("backup", file, environment=KEY)
    assert made.returncode == 0 and "need the master key" in made.stdout
    place = new_place()
    brought = place.restore(file)
    assert brought.returncode == 0 and "need the master key" in brought.stdout
    assert not (place.folder / "data" / "master.key").exists()
    master = (server.data / "master.key").read_text().strip()
    other = place.serve(server.key, {"CADLENS_MASTER_KEY": master})
    assert other.get(f"/v1/jobs/{job}/result").status_code == 200


def damages(good):
    for place in (0, 9, 17, 30, 60, len(good) // 3, len(good) // 2, len(good) - 1):
        yield good[:place] + bytes([good[place] ^ 1]) + good[place + 1:]
    for length in (0, 55, 56, 100, len(good) // 2, len(good) - 1):
        yield good[:length]


@pytest.mark.embedded("about a data directory; below is the same for a cluster")
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
    for bad in damages(good):
        file.write_bytes(bad)
        assert program("restore", file, "--data", tmp_path / "data").returncode in (2, 4), len(bad)
    assert list(tmp_path.iterdir()) == [file]
    file.write_bytes(good)
    assert program("restore", file, "--data", server.data).returncode == 2, "never over existing data"
    assert program("restore", file, "--data", tmp_path / "data").returncode == 0


def test_S06_backups_while_jobs_come_and_go(make_server, house, tmp_path, new_place):
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
            assert "are not in the store" not in made.stderr
            place = new_place(str(i))
            brought = place.restore(tmp_path / "backup.clb")
            assert brought.returncode == 0, brought.stderr
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert worked and "is not available" not in server.log.read_text()
    other = place.serve(server.key)
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
        rotations = (("rotate-master-key", "--present-key"), ("rotate-signing-key",))
        for command in (("backup", tmp_path / "b"), *(("admin", *r) for r in rotations[:1 if server.cluster else 2])):
            done = server.run(*command, environment=KEY)
            assert done.returncode == 2 and "at work" in done.stderr, command
    assert server.run("backup", tmp_path / "b", environment=KEY).returncode == 0


def test_S06_a_backup_of_another_store_is_not_made(make_server, house, tmp_path):
    """It would hold no drawing, and nobody would know before it is needed."""
    server = make_server()
    server.client().complete(house)
    if server.cluster:
        elsewhere = {"CADLENS_S3_URL": re.sub("prefix=[^&]*", "prefix=elsewhere/", server.cluster["CADLENS_S3_URL"])}
    else:
        elsewhere = {}
        (server.data / "blobs").rename(server.data / "gone")
    done = server.run("backup", tmp_path / "b", environment={**KEY, **elsewhere})
    assert done.returncode == 4 and "it is not the one that the service uses" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_S06_a_lost_object_is_told_and_the_rest_comes_back(make_server, house, tmp_path, new_place):
    server = make_server()
    client = server.client()
    lost, kept = client.complete(house)["id"], client.complete(house)["id"]
    server.remove_objects(f"results/{lost[-2:]}/{lost}-")
    done = server.run("backup", tmp_path / "b", "--with-master-key", environment=KEY)
    assert done.returncode == 0 and "that the database speaks of are not in the store" in done.stderr
    place = new_place()
    assert place.restore(tmp_path / "b").returncode == 0
    other = place.serve(server.key)
    assert other.get(f"/v1/jobs/{kept}/result").status_code == 200
    assert other.get(f"/v1/jobs/{lost}").status_code == 404


cluster = pytest.mark.cluster("needs PostgreSQL and S3 (CADLENS_BACKENDS=cluster)")


@cluster
def test_S06_nothing_of_a_clusters_data_directory_is_needed(make_server, house, tmp_path, new_place):
    server = make_server()
    job = server.client().complete(house)["id"]
    file = tmp_path / "b"
    made = program("backup", file, "--data", tmp_path / "none", environment=server.cluster)
    assert made.returncode == 0, made.stderr
    place = new_place()
    brought = program("restore", file, environment=place.environment)
    assert brought.returncode == 0, brought.stderr
    keys = {name: (server.data / file).read_text().strip()
            for name, file in (("CADLENS_MASTER_KEY", "master.key"), ("CADLENS_SIGNING_KEY", "signing.key"))}
    client = place.serve(server.key, keys)
    # All that is in the one is in the other. (A result that was fetched takes its upload with it.)
    restored = dict(place.servers[0].stored_objects())
    assert {name for name, _ in server.stored_objects()} - {"meta/cluster"} <= restored.keys()
    assert set(server.dump_of("jobs", "parts", "api_keys", "accounts")) == set(
        place.servers[0].dump_of("jobs", "parts", "api_keys", "accounts"))
    assert client.get(f"/v1/jobs/{job}/result").status_code == 200


@cluster
def test_S06_damage_and_data_that_are_there_already_are_refused_by_a_cluster(make_server, house, tmp_path, new_place):
    server = make_server()
    server.client().complete(house)
    file = tmp_path / "b"
    assert server.run("backup", file, environment=KEY).returncode == 0
    good = file.read_bytes()
    for bad in damages(good):
        file.write_bytes(bad)
        place = new_place(secrets.token_hex(4))
        done = program("restore", file, environment=place.environment)
        assert done.returncode in (2, 4), len(bad)
        with cluster_backends().open(place.environment) as database:
            tables = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'public'"
            assert database.execute(tables).fetchone() == (0,)
    file.write_bytes(good)
    empty = new_place()
    for name, said in (("CADLENS_DATABASE_URL", "empty store"), ("CADLENS_S3_URL", "empty")):
        done = program("restore", file, environment={**server.cluster, name: empty.environment[name]})
        assert done.returncode == 2 and said in done.stderr, (name, done.stderr)
    assert program("restore", file, environment=empty.environment).returncode == 0


@cluster
def test_S06_from_a_data_directory_to_a_cluster_and_back(house, tmp_path, new_place):
    """Rows go from each to each; a SQLite file only where it came from."""
    embedded = Server(tmp_path, cluster={})
    try:
        client = embedded.client()
        job = client.complete(house)["id"]
        result = without_links(client.get(f"/v1/jobs/{job}/result").json())
        assert embedded.run("backup", tmp_path / "file", environment=KEY).returncode == 0
        assert embedded.run("backup", tmp_path / "rows", "--rows", "--with-master-key", environment=KEY).returncode == 0
    finally:
        embedded.stop()
    place = new_place()
    done = place.restore(tmp_path / "file")
    assert done.returncode == 2 and "--rows" in done.stderr
    assert cluster_backends().objects(place.environment) == []
    done = place.restore(tmp_path / "rows")
    assert done.returncode == 0, done.stderr
    assert without_links(place.serve(embedded.key).get(f"/v1/jobs/{job}/result").json()) == result
    assert place.servers[0].run("backup", tmp_path / "back", "--with-master-key", environment=KEY).returncode == 0
    (tmp_path / "home").mkdir()
    done = program("restore", tmp_path / "back", "--data", tmp_path / "home" / "data")
    assert done.returncode == 0, done.stderr
    (tmp_path / "home" / "owner.key").write_text(embedded.key)
    home = Server(tmp_path / "home", cluster={})
    try:
        assert without_links(home.client().get(f"/v1/jobs/{job}/result").json()) == result
    finally:
        home.stop()
