# SPDX-License-Identifier: Apache-2.0
"""The protocol itself, byte by byte where a client library would be too polite."""
import socket
import time

import pytest


def talk(server, text, wait=5.0):
    """Sends bytes, reads until the server closes or is silent."""
    with server.connect() as connection:
        connection.sendall(text if isinstance(text, bytes) else text.encode())
        connection.settimeout(wait)
        got = b""
        try:
            while True:
                block = connection.recv(65536)
                if not block:
                    return got, True
                got += block
        except socket.timeout:
            return got, False


def test_unknown_paths_and_methods(client):
    for path in ("/v1", "/v1/nothing", "/v1/jobs/x/y", "/v1/jobs/", "/health/", "//health"):
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert answer.json()["code"] == "NOT_FOUND"
    answer = client.call("PUT", "/v1/jobs/x")
    assert answer.status_code == 405
    assert sorted(answer.headers["Allow"].split(", ")) == ["DELETE", "GET", "HEAD"]
    assert client.get("/v1/parse").headers["Allow"] == "POST"


def test_request_ids(client):
    assert client.get("/health", headers={"X-Request-Id": "abc-1"}).headers["X-Request-Id"] == "abc-1"
    for bad in ("x" * 65, "a b", "a\"b"):
        assert client.get("/health", headers={"X-Request-Id": bad}).headers["X-Request-Id"].startswith("req_")


def test_keep_alive_and_pipelining(server):
    one = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    got, closed = talk(server, one * 3 + "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert got.count(b"HTTP/1.1 200 OK") == 4 and closed


def test_http_1_0(server):
    got, closed = talk(server, "GET /health HTTP/1.0\r\n\r\n")
    assert closed and b"chunked" not in got and got.endswith(b'"db":"ok"}')


def test_head_has_the_length_and_no_body(server):
    got, closed = talk(server, "HEAD /openapi.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    head, body = got.split(b"\r\n\r\n", 1)
    assert body == b"" and b"Content-Length: " in head


def test_gzip_only_when_welcome_and_worth_it(client):
    assert client.get("/openapi.json").headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in client.get("/openapi.json", headers={"Accept-Encoding": "gzip;q=0"}).headers
    assert "Content-Encoding" not in client.get("/health").headers


@pytest.mark.parametrize("text, status", [
    ("nonsense\r\n\r\n", 400), ("GET / HTTP/9.9\r\n\r\n", 400), ("GET /\x00 HTTP/1.1\r\n\r\n", 400),
    ("GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", 400), ("GET http://x/health HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    ("GET /health HTTP/1.1\r\nHost: x\r\nA: " + "b" * 20000 + "\r\n\r\n", 431),
    ("GET /health HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400),
    ("GET /health HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
    ("POST /v1/parse HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400)], ids=range(9))
def test_what_is_no_http_is_refused(server, text, status):
    got, closed = talk(server, text)
    assert got.startswith(b"HTTP/1.1 %d " % status), got[:200]
    assert closed and b'"requestId"' in got


def test_an_answer_to_an_unread_body_arrives_and_the_connection_ends(server):
    """Without a key the body is not wanted; a client that sends it all the same still gets its 401."""
    head = "POST /v1/parse HTTP/1.1\r\nHost: x\r\nContent-Length: 30000000\r\n\r\n"
    with server.connect() as connection:
        connection.sendall(head.encode())
        try:
            for _ in range(450):
                connection.sendall(b"x" * 65536)
        except OSError:
            pass
        got = connection.recv(65536)
    assert got.startswith(b"HTTP/1.1 401 ") and b"Connection: close" in got


def test_expect_continue(server):
    with server.connect() as connection:
        connection.sendall(b"POST /v1/parse HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 401 "), "refused before the body is asked for"
    with server.connect() as connection:
        connection.sendall(f"POST /v1/parse HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.key}\r\n"
                           "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 9\r\n"
                           "Expect: 100-continue\r\n\r\n".encode())
        assert connection.recv(65536).startswith(b"HTTP/1.1 100 Continue\r\n\r\n")
        connection.sendall(b"--b--\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 400 ")


def test_a_truncated_body_leaves_nothing(make_server, house):
    server = make_server()
    with server.connect() as connection:
        connection.sendall(f"POST /v1/parse HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.key}\r\n"
                           "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 999999\r\n\r\n"
                           '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'.encode() + house)
        time.sleep(0.2)
    time.sleep(0.3)
    assert server.objects() == []
    assert server.client().get("/v1/jobs").json()["jobs"] == []


@pytest.mark.full
def test_a_slow_header_is_cut_off(server):
    start = time.monotonic()
    with server.connect() as connection:
        try:
            while time.monotonic() - start < 30:
                connection.sendall(b"G" if time.monotonic() - start < 1 else b"x")
                time.sleep(0.5)
        except OSError:
            pass
    assert 5 < time.monotonic() - start < 20


def test_many_idle_connections_do_not_stop_the_others(server, client):
    idle = [server.connect() for _ in range(200)]
    assert client.get("/health").status_code == 200
    for connection in idle:
        connection.close()


def test_a_stop_is_orderly(make_server, house):
    server = make_server()
    job = server.client().submit(house)
    assert server.stop() == 0
    server.restart()
    assert server.client().wait(job)["status"] == "COMPLETED"
