# SPDX-License-Identifier: Apache-2.0
"""Rotations of the master key (S03) and of the key that signs preview URLs (S20), beside a running server."""
import os
import random
import re
import secrets
import signal
import subprocess
import time

import pytest

from conftest import PROGRAM, Client, wait_until


def master_keys(server):
    return (server.data / "master.key").read_text().split()


def listed(server):
    """id -> (role, objects)"""
    done = server.run("admin", "master-keys")
    assert done.returncode == 0, done.stderr
    return {m[0]: (m[1], int(m[2])) for m in re.findall(r"^(\w{16})  (\w+)\s+(\d+) objects?$", done.stdout, re.M)}


def test_S03_a_rotation_beside_a_running_server(make_server, house):
    server = make_server()
    client = server.client()
    before = client.complete(house)["id"]
    old = master_keys(server)
    assert len(old) == 1
    done = server.rotate_master_key()
    assert done.returncode == 0, done.stderr
    assert "1 older key kept" in done.stdout
    keys = master_keys(server)
    assert keys[1:] == old and keys[0] not in done.stdout + done.stderr
    facts = list(listed(server).values())
    assert facts[0][0] == "present" and facts[0][1] > 0 and facts[1] == ("older", 0)
    # The same process reads what was wrapped anew, and writes under the new key.
    assert client.get(f"/v1/jobs/{before}/result").status_code == 200
    after = client.complete(house)["id"]
    assert client.get(f"/v1/jobs/{after}/result").status_code == 200
    assert list(listed(server).values())[1] == ("older", 0)

    done = server.run("admin", "rotate-master-key", "--present-key", "--drop-old")
    assert done.returncode == 0, done.stderr
    assert master_keys(server) == keys[:1]
    assert client.get(f"/v1/jobs/{before}/result").status_code == 200
    assert server.stop() == 0
    server.restart()
    for job in (before, after):
        assert server.client().get(f"/v1/jobs/{job}/result").status_code == 200


def test_S03_a_rotation_that_is_killed_anywhere_loses_nothing(make_server, house):
    server = make_server()
    client = server.client()
    jobs = [client.complete(house)["id"] for _ in range(5)]
    source = random.Random(3)
    killed = 0
    for _ in range(12):
        def kill(process):
            time.sleep(source.uniform(0.0, 0.5 if server.cluster else 0.04))
            process.send_signal(signal.SIGKILL)
        killed += server.rotate_master_key(meanwhile=kill).returncode == -signal.SIGKILL
        for job in jobs:
            assert client.get(f"/v1/jobs/{job}/result").status_code == 200
            assert client.get(client.get(f"/v1/jobs/{job}/image").json()["imageUrl"]).status_code == 200
            assert client.get(client.get(f"/v1/jobs/{job}").json()["thumbnailUrl"]).status_code == 200
    assert killed > 3
    done = server.run("admin", "rotate-master-key", "--present-key", "--drop-old")
    assert done.returncode == 0, done.stderr
    assert len(master_keys(server)) == 1
    assert [p.name for p in server.data.glob("master.key*")] == ["master.key"], "no half-written key file"
    assert server.stop() == 0
    server.restart()
    for job in jobs:
        assert server.client().get(f"/v1/jobs/{job}/result").status_code == 200


@pytest.mark.embedded("about half-written files: in S3 a writer takes its key when it commits")
def test_S03_a_key_that_is_still_needed_is_not_dropped(make_server, house):
    server = make_server()
    server.client().complete(house)
    half_written = server.data / "blobs" / "tmp"
    with server.connect() as connection:  # an upload that has begun and waits
        connection.sendall(f"POST /v1/parse HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.key}\r\n"
                           "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000000\r\n\r\n"
                           '--b\r\nContent-Disposition: form-data; name="file"; filename="a.dxf"\r\n\r\n'.encode()
                           + house + b"999\r\nx\r\n" * 20_000)  # more than is looked at before anything is stored
        wait_until(lambda: list(half_written.iterdir()))
        done = server.run("admin", "rotate-master-key", "--drop-old")
        assert done.returncode == 2 and "still being written" in done.stderr
        assert len(master_keys(server)) == 2
    wait_until(lambda: not list(half_written.iterdir()))
    assert server.run("admin", "rotate-master-key", "--present-key", "--drop-old").returncode == 0
    assert len(master_keys(server)) == 1


def test_S03_a_master_key_from_the_environment_is_rotated_by_hand(make_server, house):
    old, new = os.urandom(32).hex(), os.urandom(32).hex()
    server = make_server(environment={"CADLENS_MASTER_KEY": old})
    job = server.client().complete(house)["id"]
    assert not (server.data / "master.key").exists()
    both = {"CADLENS_MASTER_KEY": new + " " + old}
    if not server.cluster:  # there every node has been given both before
        done = server.run("admin", "rotate-master-key", "--present-key", environment=both)
        assert done.returncode == 2 and "stop it" in done.stderr, "the server would lose its objects"
    assert server.stop() == 0
    done = server.run("admin", "rotate-master-key", environment=both)
    assert done.returncode == 2 and "in front of" in done.stderr
    done = server.run("admin", "rotate-master-key", "--present-key", environment=both)
    assert done.returncode == 0, done.stderr
    assert old not in done.stdout + done.stderr and new not in done.stdout + done.stderr
    server.environment["CADLENS_MASTER_KEY"] = new
    server.restart()
    assert server.client().get(f"/v1/jobs/{job}/result").status_code == 200


def test_S03_a_rotation_with_the_wrong_key_changes_nothing(make_server, house):
    server = make_server()
    client = server.client()
    job = client.complete(house)["id"]
    objects = server.stored_objects()
    wrong = server.folder / "wrong.key"
    wrong.write_text(os.urandom(32).hex())
    wrong.chmod(0o600)
    done = server.run("admin", "rotate-master-key", *["--present-key"] * bool(server.cluster),
                      environment={"CADLENS_MASTER_KEY_FILE": str(wrong)})
    assert done.returncode == 4 and "not in the ring" in done.stderr
    assert server.stored_objects() == objects
    assert len(wrong.read_text().split()) == 1
    assert client.get(f"/v1/jobs/{job}/result").status_code == 200
    done = subprocess.run([PROGRAM, "admin", "rotate-master-key", "--data", server.folder / "nowhere"],
                          capture_output=True, text=True, timeout=20)
    assert done.returncode == 4 and "no CADLens data directory" in done.stderr


def test_S20_the_signing_key_rotates_and_urls_given_out_stay_good(make_server, house):
    server = make_server()
    client, nobody = server.client(), Client(server.base, None)
    job = client.complete(house)["id"]

    def key_of(url):
        return re.search(r"key=(\w{16})", url)[1]

    def fresh():
        return client.get(f"/v1/jobs/{job}/image").json()["imageUrl"]
    def rotate():
        done = server.run("admin", "rotate-signing-key")
        if server.cluster:  # on every node by hand
            assert done.returncode == 2 and "every node" in done.stderr
            new, *old = secrets.token_hex(32), *(server.data / "signing.key").read_text().split()[:1]
            (server.data / "signing.key").write_text(f"{new}\n{old[0]}@{int(time.time()) + 60}\n")
            return
        assert done.returncode == 0, done.stderr
    before = fresh()
    rotate()
    after = fresh()
    assert key_of(before) != key_of(after)
    assert nobody.get(before).status_code == 200 and nobody.get(after).status_code == 200
    assert nobody.get(after.replace(key_of(after), key_of(before))).status_code == 403
    lines = (server.data / "signing.key").read_text().split()
    assert len(lines) == 2 and "@" in lines[1] and "@" not in lines[0]
    # As if the rotation had been two hours ago: what the old key signs for now is a thief's.
    old = lines[1].split("@")[0]
    (server.data / "signing.key").write_text(f"{lines[0]}\n{old}@{int(time.time()) - 7200}\n")
    assert nobody.get(before).status_code == 403 and nobody.get(after).status_code == 200
    rotate()
    keys = [line.split("@")[0] for line in (server.data / "signing.key").read_text().split()]
    assert len(keys) == 2 and keys[1] == lines[0], "the old key is forgotten"


def test_S20_the_signing_key_of_the_first_servers_is_taken_over(make_server, house):
    import hashlib
    import hmac
    server = make_server()
    job = server.client().complete(house)["id"]
    assert server.stop() == 0
    raw = os.urandom(31) + b"\n"  # 32 bytes as they are, even when they end like a line
    (server.data / "signing.key").write_bytes(raw)
    server.restart()
    url = server.client().get(f"/v1/jobs/{job}/image").json()["imageUrl"]
    path, expires, signature = re.search(r"(/v1/.*)\?expires=(\d+)&key=\w+&signature=(\w+)$", url).groups()
    assert hmac.new(raw, f"GET\n{path}\n{expires}".encode(), hashlib.sha256).hexdigest() == signature
    assert (server.data / "signing.key").read_text() == raw.hex() + "\n"
