# SPDX-License-Identifier: Apache-2.0
"""S04: an upload goes when its result has been retrieved completely, or at its age; nothing else makes it
go, and nothing outlives its age. Hours pass by --clock-file.
"""
import gzip
import signal
import socket
import threading
import time

import pytest
import requests

from conftest import wait_until

HOUR = 3600


def uploads(server):
    return [p for p in server.objects() if "uploads" in str(p)]


def large_drawing(lines=60_000):
    out = ["0", "SECTION", "2", "ENTITIES"]
    for i in range(lines):
        out += ["0", "LINE", "8", "0", "10", f"{i}.5", "20", "0.0", "11", f"{i}.5", "21", f"{i % 97}.0"]
    return "\n".join(out + ["0", "ENDSEC", "0", "EOF", ""]).encode()


@pytest.fixture
def clocked(make_server, tmp_path):
    """A server whose clock is moved by `server.pass_time(seconds)`."""
    clock = tmp_path / "clock"
    clock.write_text("0")

    def make(*arguments):
        server = make_server("--clock-file", str(clock), *arguments)
        server.passed = 0

        def pass_time(seconds):
            server.passed += seconds
            clock.write_text(str(server.passed))
        server.pass_time = pass_time
        return server
    return make


def settle():
    """Long enough for the sweeper of a test clock to have looked."""
    time.sleep(0.8)


def test_S04_only_a_complete_delivery_of_the_result_removes_the_upload(make_server, house):
    server = make_server()
    client = server.client()
    job = client.complete(house)["id"]
    assert len(uploads(server)) == 1
    client.call("HEAD", f"/v1/jobs/{job}/result")
    for path in ("", "/upload", "/summary", "/image", "/entities", "/entities?index=0", "/scene", "/events"):
        assert client.get(f"/v1/jobs/{job}{path}").status_code == 200, path
    client.get(client.get(f"/v1/jobs/{job}/image").json()["imageUrl"])
    client.get("/v1/jobs")
    assert client.get(f"/v1/jobs/{job}/result?include=nonsense").status_code == 400
    time.sleep(0.3)
    assert len(uploads(server)) == 1 and client.get(f"/v1/jobs/{job}").json()["uploadKept"]
    before = len(server.objects())
    client.get(f"/v1/jobs/{job}/result")
    wait_until(lambda: uploads(server) == [])
    assert len(server.objects()) == before - 1, "the result stays"
    gone = client.get(f"/v1/jobs/{job}/upload")
    assert (gone.status_code, gone.json()["code"]) == (404, "UPLOAD_GONE")
    assert not client.get(f"/v1/jobs/{job}").json()["uploadKept"]
    assert client.get(f"/v1/jobs/{job}/result").status_code == 200


def test_S04_a_complete_sync_answer_is_a_retrieval(make_server, house):
    server = make_server()
    assert server.client().parse(house, data={"mode": "sync"}).status_code == 200
    wait_until(lambda: uploads(server) == [])


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_S04_an_interrupted_delivery_keeps_the_upload(make_server, encoding):
    server = make_server()
    client = server.client()
    job = client.complete(large_drawing())["id"]
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(f"GET /v1/jobs/{job}/result HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.key}\r\n"
                           f"Accept-Encoding: {encoding}\r\n\r\n".encode())
        head = connection.recv(1000)
        assert b"200 OK" in head and (b"gzip" in head) == (encoding == "gzip")
    wait_until(lambda: "complete=false" in server.log.read_text())
    assert len(uploads(server)) == 1
    answer = client.get(f"/v1/jobs/{job}/result", headers={"Accept-Encoding": encoding})
    assert answer.json()["summary"]["totalEntities"] == 60_000
    wait_until(lambda: uploads(server) == [])


def test_S04_an_interrupted_sync_answer_keeps_the_upload(make_server):
    server = make_server()
    body = (b'--b\r\nContent-Disposition: form-data; name="mode"\r\n\r\nsync\r\n--b\r\nContent-Disposition: form-data; '
            b'name="file"; filename="a.dxf"\r\n\r\n' + large_drawing() + b"\r\n--b--\r\n")
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(f"POST /v1/parse HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.key}\r\n"
                           "Content-Type: multipart/form-data; boundary=b\r\n"
                           f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        assert b"200 OK" in connection.recv(1000)
    wait_until(lambda: "complete=false" in server.log.read_text())
    assert len(uploads(server)) == 1


def test_S04_a_range_header_gets_the_whole_result(make_server, house):
    """The result has no ranges, so no part of it can be taken for a retrieval."""
    server = make_server()
    client = server.client()
    job = client.complete(house)["id"]
    answer = client.get(f"/v1/jobs/{job}/result", headers={"Range": "bytes=0-9"})
    assert answer.status_code == 200 and answer.json()["jobId"] == job
    wait_until(lambda: uploads(server) == [])


def test_S04_the_upload_of_a_failed_job_goes_at_once(make_server):
    server = make_server()
    client = server.client()
    job = client.wait(client.submit(b"AC1032" + b"\0" * 5000, name="a.dwg"))
    assert job["status"] == "FAILED"
    wait_until(lambda: server.objects() == [])
    assert client.get(f"/v1/jobs/{job['id']}/upload").json()["code"] == "UPLOAD_GONE"


def test_S04_deletion_answers_what_was_deleted(make_server, house):
    server = make_server()
    client = server.client()
    job = client.complete(house)["id"]
    there = len(server.objects())
    assert client.delete(f"/v1/jobs/{job}").json() == {"deleted": True, "id": job, "artefacts": there}
    assert server.objects() == []
    assert client.delete(f"/v1/jobs/{job}").status_code == 404


def test_S04_uploads_go_at_seven_days_and_so_do_results(clocked, house):
    server = clocked()
    client = server.client()
    job = client.complete(house)["id"]
    server.pass_time(7 * 24 * HOUR - 60)
    settle()
    assert len(uploads(server)) == 1 and client.get(f"/v1/jobs/{job}").status_code == 200
    server.pass_time(61)
    wait_until(lambda: server.objects() == [])
    assert client.get(f"/v1/jobs/{job}").status_code == 404


def test_S04_both_ages_can_be_as_short_as_an_hour(clocked, house):
    server = clocked("--upload-retention-hours", "1", "--retention-hours", "2")
    client = server.client()
    job = client.complete(house)["id"]
    url = client.get(f"/v1/jobs/{job}/image").json()["imageUrl"]
    server.pass_time(HOUR - 60)
    settle()
    assert len(uploads(server)) == 1
    server.pass_time(61)
    wait_until(lambda: uploads(server) == [])
    assert client.get(url).status_code == 403, "the URL is an hour old, too"
    assert client.get(client.get(f"/v1/jobs/{job}/image").json()["imageUrl"]).status_code == 200
    assert client.get(f"/v1/jobs/{job}/result").status_code == 200
    server.pass_time(HOUR)
    wait_until(lambda: server.objects() == [])


def test_S04_what_got_over_age_while_the_server_was_down_goes_at_its_start(clocked, house):
    server = clocked("--upload-retention-hours", "1")
    server.client().complete(house)
    assert server.stop() == 0
    server.pass_time(HOUR)
    server.restart()
    wait_until(lambda: uploads(server) == [])


@pytest.mark.embedded("about files: a cluster waits before it takes an object for nobody's (jobs/orphans_test.cpp)")
def test_S04_what_a_killed_server_left_goes_at_its_start(make_server):
    server = make_server()
    (server.data / "blobs" / "objects" / "uploads").mkdir(exist_ok=True)
    (server.data / "blobs" / "objects" / "uploads" / "job_nobodys.obj").write_bytes(b"x" * 200)
    half = server.data / "blobs" / "tmp" / ("0" * 32)
    half.write_bytes(b"x")
    server.stop(signal.SIGKILL)
    assert half.exists() and len(uploads(server)) == 1
    server.restart()
    wait_until(lambda: uploads(server) == [] and not half.exists())


def test_S04_ages_beyond_seven_days_are_refused(server):
    for option in ("--retention-hours", "--upload-retention-hours"):
        for hours in ("0", "169"):
            done = server.run("serve", "--listen", "127.0.0.1:0", option, hours)
            assert done.returncode == 2 and "168" in done.stderr


@pytest.mark.embedded("a file that is open outlives its removal; an object in a bucket does not")
def test_S04_downloads_go_on_while_everything_expires(clocked):
    server = clocked("--retention-hours", "1")
    job = server.client().complete(large_drawing())["id"]
    answers = []
    begun = threading.Barrier(5)

    def download():
        with requests.get(f"{server.base}/v1/jobs/{job}/result", stream=True, timeout=60,
                          headers={"Authorization": "Bearer " + server.key, "Accept-Encoding": "gzip"}) as answer:
            begun.wait()
            data = b""
            for piece in iter(lambda: answer.raw.read(50_000, decode_content=False), b""):
                data += piece
                time.sleep(0.002)
            answers.append(gzip.decompress(data))
    threads = [threading.Thread(target=download) for _ in range(4)]
    for thread in threads:
        thread.start()
    begun.wait()
    server.pass_time(HOUR + 1)
    wait_until(lambda: server.objects() == [])
    for thread in threads:
        thread.join()
    assert len(answers) == 4
    assert all(answer.endswith(b"}") and job.encode() in answer for answer in answers)
