# SPDX-License-Identifier: Apache-2.0
"""S01, S02, S07: what crosses the network, and how, seen from outside with raw sockets and other TLS programs."""
import concurrent.futures
import http.client
import os
import re
import socket
import ssl
import stat
import subprocess
import time
import warnings

import pytest

from conftest import PROGRAM, certificate, wait_until

SECURE = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer",
          "content-security-policy": "default-src 'none'; frame-ancestors 'none'", "x-frame-options": "DENY"}


def make_pair(folder, name="api.test", kind="ec"):
    cert, key = certificate(folder, name, kind)
    return ["--tls-cert", str(cert), "--tls-key", str(key)]


@pytest.fixture(scope="module")
def tls(make_server, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    server = make_server(*make_pair(folder), "--http-redirect", "127.0.0.1:0")
    server.tls_folder = folder
    server.plain_port = int(re.search(r"points to https from http://\S+:(\d+)", wait_text(server.out)).group(1))
    return server


def wait_text(path, pattern="https from", seconds=10):
    end = time.monotonic() + seconds
    while not re.search(pattern, path.read_text()):
        assert time.monotonic() < end, path.read_text()
        time.sleep(0.02)
    return path.read_text()


def context(server, **options):
    made = ssl.create_default_context(cafile=server.tls_folder / "cert.pem")
    made.set_alpn_protocols(["http/1.1"])
    for name, value in options.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of old versions: they are what is tried here
            setattr(made, name, value)
    return made


def secure_socket(server, made=None, name="api.test"):
    plain = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    try:
        return (made or context(server)).wrap_socket(plain, server_hostname=name)
    except Exception:
        plain.close()
        raise


def read_all(connection, wait=20):
    connection.settimeout(wait)
    got = b""
    while True:
        try:
            block = connection.recv(65536)
        except (ConnectionResetError, BrokenPipeError):
            return got
        if not block:
            return got
        got += block


def headers_of(answer):
    lines = answer.split(b"\r\n\r\n", 1)[0].decode().split("\r\n")
    return int(lines[0].split()[1]), {k.lower(): v for k, v in (line.split(": ", 1) for line in lines[1:])}


def talk(port, text, wait=20):
    with socket.create_connection(("127.0.0.1", port), timeout=wait) as connection:
        connection.sendall(text.encode() if isinstance(text, str) else text)
        return read_all(connection, wait)


def ask_tls(server, path="/health", fields="", method="GET", body=b""):
    with secure_socket(server) as connection:
        connection.sendall(f"{method} {path} HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n{fields}\r\n".encode() + body)
        return read_all(connection)


# ---- S01: TLS 1.2 and 1.3, and nothing less

def test_S01_a_container_asks_its_own_service_over_tls(tls):
    ask = lambda url: subprocess.run([PROGRAM, "health", url], capture_output=True, timeout=60).returncode  # noqa: E731
    assert ask(f"https://127.0.0.1:{tls.port}/live") == 0
    assert ask(f"http://127.0.0.1:{tls.plain_port}/live") == 1, "that one only says where https is"


def test_S01_the_whole_way_of_a_drawing_over_tls(tls, house):
    connection = http.client.HTTPSConnection("127.0.0.1", tls.port, context=context(tls), timeout=60)
    body = (b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.dxf"\r\n\r\n' + house +
            b'\r\n--b\r\nContent-Disposition: form-data; name="mode"\r\n\r\nsync\r\n--b--\r\n')
    connection.request("POST", "/v1/parse", body, {"Authorization": "Bearer " + tls.key,
                                                   "Content-Type": "multipart/form-data; boundary=b"})
    answer = connection.getresponse()
    assert answer.status == 200
    assert b'"schemaVersion"' in answer.read()
    connection.request("GET", "/v1/jobs", headers={"Authorization": "Bearer " + tls.key})
    answer = connection.getresponse()
    assert answer.status == 200 and b'"COMPLETED"' in answer.read()
    connection.close()


def test_S01_links_are_https(tls, house):
    connection = http.client.HTTPSConnection("127.0.0.1", tls.port, context=context(tls), timeout=60)
    key = {"Authorization": "Bearer " + tls.key}
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.dxf"\r\n\r\n' + house + b'\r\n--b--\r\n'
    connection.request("POST", "/v1/parse?wait=true", body, {**key, "Content-Type": "multipart/form-data; boundary=b"})
    job = re.search(rb'"job_id": ?"(\w+)"', connection.getresponse().read()).group(1).decode()
    connection.request("GET", f"/v1/jobs/{job}/image", headers=key)
    assert f'"https://127.0.0.1:{tls.port}/v1/previews/'.encode() in connection.getresponse().read()
    connection.close()


@pytest.mark.parametrize("version", ["TLSv1", "TLSv1_1"])
def test_S01_old_versions_are_refused(tls, version):
    wanted = getattr(ssl.TLSVersion, version)
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")  # else our own client would refuse first
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        old.minimum_version = old.maximum_version = wanted
    with pytest.raises(ssl.SSLError, match="alert protocol version|PROTOCOL_VERSION"):
        secure_socket(tls, old)


@pytest.mark.parametrize("version", ["TLSv1_2", "TLSv1_3"])
def test_S01_new_versions_are_spoken(tls, version):
    wanted = getattr(ssl.TLSVersion, version)
    with secure_socket(tls, context(tls, minimum_version=wanted, maximum_version=wanted)) as connection:
        assert connection.version() == version.replace("_", ".")
        assert connection.selected_alpn_protocol() == "http/1.1"
        assert connection.compression() is None


WEAK = ["AES128-SHA", "AES256-GCM-SHA384", "AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384",
        "ECDHE-RSA-AES128-SHA", "DHE-RSA-AES128-GCM-SHA256", "NULL-SHA256", "ECDHE-ECDSA-NULL-SHA", "AECDH-AES128-SHA",
        "PSK-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-CCM"]


@pytest.mark.parametrize("cipher", WEAK)
def test_S01_weak_ciphers_are_refused(tls, cipher):
    weak = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    weak.check_hostname, weak.verify_mode = False, ssl.CERT_NONE
    weak.maximum_version = ssl.TLSVersion.TLSv1_2
    weak.set_ciphers(cipher + ":@SECLEVEL=0")
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        secure_socket(tls, weak)


def test_S01_ciphers_have_forward_secrecy_and_the_server_chooses(tls):
    def chosen(order):
        made = context(tls, maximum_version=ssl.TLSVersion.TLSv1_2)
        made.set_ciphers(order)
        with secure_socket(tls, made) as connection:
            return connection.cipher()[0]
    aes, big = "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384"
    assert chosen(f"{aes}:{big}") == aes and chosen(f"{big}:{aes}") == aes
    assert chosen("ECDHE-ECDSA-CHACHA20-POLY1305") == "ECDHE-ECDSA-CHACHA20-POLY1305"


def test_S01_renegotiation_is_refused(tls):
    """The command R of s_client asks for one; a server that agrees goes on to answer the request after it."""
    with subprocess.Popen(["openssl", "s_client", "-connect", f"127.0.0.1:{tls.port}", "-tls1_2", "-CAfile",
                           tls.tls_folder / "cert.pem"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True) as client:
        time.sleep(0.5)
        client.stdin.write("R\n")
        client.stdin.flush()
        time.sleep(0.5)
        try:
            client.stdin.write("GET /health HTTP/1.1\nHost: x\n\n")
            client.stdin.flush()
            client.stdin.close()
        except BrokenPipeError:
            pass
        client.stdin = None
        out = client.communicate(timeout=20)[0]
    assert "RENEGOTIATING" in out and "no renegotiation" in out, out[-500:]
    assert "200 OK" not in out


def test_S01_http_2_alone_is_answered_with_an_alert(tls):
    made = context(tls)
    made.set_alpn_protocols(["h2"])
    with pytest.raises(ssl.SSLError, match="(?i)no.application.protocol"):
        secure_socket(tls, made)


def test_S01_http_on_the_tls_port_gets_nothing(tls):
    assert b"HTTP/" not in talk(tls.port, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n")


def test_S01_a_handshake_that_never_comes_is_cut_off(tls):
    start = time.monotonic()
    with socket.create_connection(("127.0.0.1", tls.port), timeout=30) as connection:
        connection.sendall(b"\x16\x03\x01")
        assert connection.recv(100) == b""
    assert 5 < time.monotonic() - start < 25


def refused(tmp_path, *arguments):
    listen = [] if "--listen" in arguments else ["--listen", "127.0.0.1:0"]
    done = subprocess.run([PROGRAM, "serve", "--data", tmp_path / "d", *listen, *arguments], capture_output=True,
                          text=True, timeout=30)
    assert not (tmp_path / "d").exists(), "it is refused before anything is made"
    assert done.returncode != 0 and done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def test_S01_unusable_pairs_are_refused_at_start(tmp_path):
    good, other = make_pair(tmp_path / "a"), make_pair(tmp_path / "b")
    assert "--tls-key" in refused(tmp_path, *good[:2])
    assert "not that of the certificate" in refused(tmp_path, *good[:2], *other[2:])
    assert "cannot be opened" in refused(tmp_path, "--tls-cert", tmp_path / "none.pem", *good[2:])
    assert "no PEM certificate" in refused(tmp_path, "--tls-cert", good[3], *good[2:])
    (tmp_path / "b/key.pem").chmod(0o644)
    assert "chmod 600" in refused(tmp_path, *other)
    locked = tmp_path / "locked.pem"
    subprocess.run(["openssl", "pkey", "-in", good[3], "-aes256", "-passout", "pass:x", "-out", locked], check=True)
    locked.chmod(0o600)
    assert "password" in refused(tmp_path, *good[:2], "--tls-key", locked)


def test_S01_a_new_certificate_is_used_without_dropping_connections(make_server, tmp_path):
    pair = make_pair(tmp_path / "live", "old.test")
    server = make_server(*pair)
    server.tls_folder = tmp_path / "live"
    request = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    kept = secure_socket(server, name="old.test")
    kept.sendall(request)
    assert kept.recv(65536).startswith(b"HTTP/1.1 200 ")
    (tmp_path / "live/cert.pem").write_text("broken\n")
    nodes = len([role for role in server.roles if role != "worker"])
    wait_until(lambda: server.log.read_text().count("event=tls_reload_failed") >= nodes)
    make_pair(tmp_path / "next", "old.test")
    server.tls_folder = tmp_path / "next"
    with pytest.raises(ssl.SSLCertVerificationError):
        secure_socket(server, name="old.test")  # still served, by the old pair
    for name in ("key.pem", "cert.pem"):
        os.replace(tmp_path / "next" / name, tmp_path / "live" / name)
    server.tls_folder = tmp_path / "live"
    wait_until(lambda: server.log.read_text().count("event=tls_reloaded") == nodes)
    with secure_socket(server, name="old.test") as fresh:
        fresh.sendall(request)
        assert fresh.recv(65536).startswith(b"HTTP/1.1 200 ")
    kept.sendall(request)
    assert kept.recv(65536).startswith(b"HTTP/1.1 200 ")
    kept.close()


def test_S01_without_tls_only_loopback_or_a_socket_file(tmp_path):
    for address in ("0.0.0.0:0", "[::]:0", "192.0.2.1:3001"):
        assert "unencrypted" in refused(tmp_path, "--listen", address)
    assert "--proxy-terminates-tls" in refused(tmp_path, "--listen", "0.0.0.0:0", "--trusted-proxy", "10.0.0.1")
    assert "too wide" in refused(tmp_path, "--trusted-proxy", "0.0.0.0/0", "--proxy-terminates-tls")


# ---- Unix socket

def ask_unix(path, text):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(20)
        connection.connect(str(path))
        connection.sendall(text.encode())
        return read_all(connection)


def test_S01_a_socket_file_is_private_and_a_stale_one_is_replaced(make_server, tmp_path):
    path = tmp_path / "api.sock"
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(str(path))
    stale.close()
    server = make_server("--listen", f"unix:{path}")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    answer = ask_unix(path, f"GET /v1/jobs HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {server.key}\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 ")
    second = subprocess.run([PROGRAM, "serve", "--data", tmp_path / "d", "--listen", f"unix:{path}"],
                            capture_output=True, text=True, timeout=30)
    assert second.returncode != 0 and "another server listens there" in second.stderr
    assert server.stop() == 0
    assert not path.exists()
    path.write_text("precious")
    third = subprocess.run([PROGRAM, "serve", "--data", tmp_path / "e", "--listen", f"unix:{path}"],
                           capture_output=True, text=True, timeout=30)
    assert third.returncode != 0 and "no socket" in third.stderr and path.read_text() == "precious"
    path.unlink()
    shared = make_server("--listen", f"unix:{path}", "--socket-mode", "0660")
    assert stat.S_IMODE(path.stat().st_mode) == 0o660
    shared.stop()


def test_S07_a_proxy_behind_a_socket_file_is_believed_when_it_is_named(make_server, tmp_path):
    path = tmp_path / "api.sock"
    server = make_server("--listen", f"unix:{path}", "--trusted-proxy", "unix")
    key = f"Authorization: Bearer {server.key}\r\n"
    start = "GET /v1/jobs HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + key
    status, fields = headers_of(ask_unix(path, start + "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n\r\n"))
    assert status == 200 and "strict-transport-security" in fields
    status, fields = headers_of(ask_unix(path, start + "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: http\r\n\r\n"))
    assert status == 403 and "strict-transport-security" not in fields
    server.stop()


# ---- S02: HTTP points to HTTPS

def test_S02_http_is_redirected(tls):
    for method, path in (("GET", "/v1/formats?a=%20b"), ("POST", "/v1/parse"), ("DELETE", "/x"), ("HEAD", "//evil.test")):
        status, fields = headers_of(talk(tls.plain_port, f"{method} {path} HTTP/1.1\r\nHost: api.test:80\r\n\r\n"))
        assert status == 308
        host = "127.0.0.1" if tls.cluster else "api.test"  # the public URL's, where there is one
        assert fields["location"] == f"https://{host}:{tls.port}{path}"
        assert fields["connection"] == "close" and "strict-transport-security" not in fields
        assert SECURE.items() <= fields.items()
    for host in ("", "Host: a/b\r\n", "Host: a b\r\n", "Host: x\r\nHost: y\r\n"):
        assert headers_of(talk(tls.plain_port, f"GET / HTTP/1.1\r\n{host}\r\n"))[0] == 400


def test_S02_credentials_over_http_are_refused_logged_and_never_used(tls):
    before = len(tls.log.read_text())
    for path, field in (("/v1/jobs", f"Authorization: Bearer {tls.key}"), ("/v1/jobs", f"X-API-Key: {tls.key}"),
                        ("/v1/jobs", "Cookie: session=s3cr3t"), ("/v1/jobs?token=s3cr3t", "A: b"),
                        ("/v1/jobs?api_key=" + tls.key, "A: b"), ("/v1/previews/a/b?expires=1&signature=s3cr3t", "A: b")):
        answer = talk(tls.plain_port, f"GET {path} HTTP/1.1\r\nHost: x\r\n{field}\r\n\r\n")
        status, fields = headers_of(answer)
        assert status == 403 and b'"INSECURE_TRANSPORT"' in answer and "location" not in fields
        assert tls.key[12:].encode() not in answer
    log = tls.log.read_text()[before:]
    assert log.count("event=insecure_transport") == 6
    assert f"key={tls.key[:12]}" in log
    assert tls.key[12:30] not in log and "s3cr3t" not in log and "event=request" not in log


def test_S02_the_body_of_a_refused_upload_is_not_stored(tls, house):
    answer = talk(tls.plain_port, b"POST /v1/parse HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + tls.key.encode() +
                  b"\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n" + house[:20000])
    assert headers_of(answer)[0] == 403
    assert house[:200].decode() not in tls.log.read_text()


def test_S02_hsts_and_the_other_headers_are_on_every_https_answer(tls):
    key = f"Authorization: Bearer {tls.key}\r\n"
    for path, fields, status in (("/health", "", 200), ("/nothing", "", 404), ("/v1/jobs", "", 401), ("/v1/jobs", key, 200),
                                 ("/health", "Content-Length: x\r\n", 400), ("/%zz", "", 400), ("/openapi.json", "", 200),
                                 ("/health", "A: " + "b" * 20000 + "\r\n", 431)):
        got, found = headers_of(ask_tls(tls, path, fields))
        assert got == status, path
        assert int(re.fullmatch(r"max-age=(\d+)", found["strict-transport-security"]).group(1)) >= 31536000
        assert SECURE.items() <= found.items(), (path, found)


def test_S02_there_is_no_hsts_without_tls(server):
    for path, status in (("/health", 200), ("/nothing", 404), ("/%zz", 400)):
        got, fields = headers_of(talk(server.port, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        assert got == status and "strict-transport-security" not in fields
        assert SECURE.items() <= fields.items()


# ---- S07: proxies

@pytest.fixture(scope="module")
def proxied(make_server):
    return make_server("--trusted-proxy", "127.0.0.1", "--trusted-proxy", "10.9.0.0/16")


def test_S07_the_proxys_word_decides_on_https(proxied):
    def ask(fields):
        return headers_of(talk(proxied.port, f"GET /v1/formats HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n{fields}\r\n"))
    key = f"Authorization: Bearer {proxied.key}\r\n"
    status, fields = ask("X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n" + key)
    assert status == 200 and "strict-transport-security" in fields
    status, fields = ask("X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: http\r\n")
    assert status == 308 and fields["location"] == "https://api.test/v1/formats"
    assert ask("X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: http\r\n" + key)[0] == 403
    assert ask("X-Forwarded-For: 1.1.1.1, 203.0.113.9\r\nX-Forwarded-Proto: https, http\r\n" + key)[0] == 403, "spoofed"
    assert "remote=203.0.113.9" in proxied.log.read_text()
    assert "remote=1.1.1.1" not in proxied.log.read_text()


def test_S07_forwarded_headers_of_anyone_else_change_nothing(server):
    status, fields = headers_of(talk(server.port, "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                     "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n\r\n"))
    assert status == 200 and "strict-transport-security" not in fields


# ---- S07: what is sent to confuse or to exhaust

GET = "GET /health HTTP/1.1\r\nHost: x\r\n"
POST = "POST /v1/parse HTTP/1.1\r\nHost: x\r\n"
SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize("text", [
    POST + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    POST + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    POST + "Content-Length: 0\r\nContent-Length: 44\r\n\r\n", POST + "Content-Length: 0\r\nContent-Length: 0\r\n\r\n",
    POST + "Content-Length: 0, 0\r\n\r\n", POST + "Content-Length: +0\r\n\r\n", POST + "Content-Length: 0x0\r\n\r\n",
    POST + "Content-Length: -1\r\n\r\n", POST + "Content-Length: \r\n\r\n", POST + "Content-Length : 0\r\n\r\n",
    POST + "Content-Length: 99999999999999999999999\r\n\r\n", POST + " Content-Length: 0\r\n\r\n",
    POST + "A: b\r\n Content-Length: 0\r\n\r\n", POST + "A: b\r\n\tContent-Length: 0\r\n\r\n",
    POST + "Transfer-Encoding: gzip\r\n\r\n", POST + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    POST + "Transfer-Encoding: xchunked\r\n\r\n", POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
    POST + "Transfer-Encoding: chunked, identity\r\n\r\n", POST + "Transfer-Encoding: \x0bchunked\r\n\r\n",
    POST + "Transfer-Encoding : chunked\r\n\r\n", POST + "Transfer-Encoding: chunked\n\r\n",
    "POST /v1/parse HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    GET + "A: b\nB: c\r\n\r\n", GET + "A: b\rB: c\r\n\r\n", "GET /health HTTP/1.1\nHost: x\n\n", GET + "A: b\x00\r\n\r\n",
    GET + "A b: c\r\n\r\n", GET + ": b\r\n\r\n", GET + "A\r\n\r\n", GET + "Host: y\r\n\r\n", "GET /health HTTP/1.1\r\n\r\n",
    "GET  /health HTTP/1.1\r\nHost: x\r\n\r\n", "GET /health HTTP/1.1 \r\nHost: x\r\n\r\n",
    "GET\t/health HTTP/1.1\r\nHost: x\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00"],
    ids=range(37))
def test_S07_smuggling_is_refused_and_the_connection_closed(server, text):
    answer = talk(server.port, text.encode("latin-1") + SMUGGLED.encode())
    status, fields = headers_of(answer)
    assert status == 400 and fields["connection"] == "close" and SECURE.items() <= fields.items()
    assert answer.count(b'"requestId"') == 1, "what came after it was answered, too"


def test_S07_malformed_chunks_end_the_connection(server):
    start = POST + f"Authorization: Bearer {server.key}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    for body in ("x\r\n", "5\nhello", "5 \r\nhello\r\n", "5\r\nhelloXX", "fffffffffffffffff\r\n", "5;" + "a" * 400 + "\r\nhello\r\n",
                 "1;aaaa\x01\r\n", "".join("1;" + "a" * 200 + "\r\n-\r\n" for _ in range(100))):
        answer = talk(server.port, start + "Transfer-Encoding: chunked\r\n\r\n" + body + SMUGGLED)
        assert headers_of(answer)[0] == 400 and answer.count(b'"requestId"') == 1, body[:40]


def test_S07_a_chunked_upload_works(server, house):
    content = (b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.dxf"\r\n\r\n' + house + b"\r\n--b--\r\n")
    pieces = [content[i:i + 777] for i in range(0, len(content), 777)]
    body = b"".join(b"%x;a=b\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\nT: x\r\n\r\n"
    head = (POST + f"Authorization: Bearer {server.key}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
            "Transfer-Encoding: chunked\r\n\r\n").encode()
    last = GET + "Connection: close\r\n\r\n"
    answer = talk(server.port, head + body + last.encode())
    assert answer.startswith(b"HTTP/1.1 202 ") and answer.count(b"HTTP/1.1 200 OK") == 1


def test_S07_too_many_fields_or_bytes_of_header_are_431(server):
    for fields in ("A: " + "b" * 20_000 + "\r\n", "A: b\r\n" * 150, "A" * 20_000):
        assert headers_of(talk(server.port, GET + fields + "\r\n"))[0] == 431


def test_S07_a_slow_header_is_told_so_and_cut_off(server):
    start = time.monotonic()
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(GET.encode())
        connection.settimeout(0.5)
        got = b""
        while time.monotonic() - start < 25:
            try:
                connection.sendall(b"A: b\r\n")
                block = connection.recv(65536)
                got += block
                if not block:
                    break
            except socket.timeout:
                pass
            except OSError:
                break
    assert got.startswith(b"HTTP/1.1 408 ") and SECURE.items() <= headers_of(got)[1].items()
    assert 5 < time.monotonic() - start < 25


@pytest.mark.full
def test_S07_a_slow_body_is_cut_off_and_leaves_nothing(make_server):
    server = make_server()
    start = time.monotonic()
    with server.connect() as connection:
        connection.sendall((POST + f"Authorization: Bearer {server.key}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                            "Content-Length: 1000000\r\n\r\n--b\r\n").encode())
        connection.settimeout(40)
        assert connection.recv(65536).startswith(b"HTTP/1.1 400 ")
    assert time.monotonic() - start < 40
    assert server.objects() == []


def test_S07_small_bodies_that_do_not_come_keep_no_other_upload_out(make_server, house):
    server = make_server()
    head = (POST + f"Authorization: Bearer {server.key}\r\nContent-Type: multipart/form-data; boundary=b\r\n").encode()
    begin = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.dxf"\r\n\r\n'
    form = begin + house[:50_000] + b"\r\n--b--\r\n"
    head += f"Content-Length: {len(form)}\r\nConnection: close\r\n\r\n".encode()
    held = [server.connect() for _ in range(60)]  # more than there are threads, or uploads at once
    for connection in held:
        connection.sendall(head + begin)
    assert talk(server.port, head + form).startswith(b"HTTP/1.1 202 ")
    held[0].sendall(form[len(begin):])
    assert read_all(held[0]).startswith(b"HTTP/1.1 202 ")
    for connection in held:
        connection.close()
    server.stop()


def test_S07_connections_of_one_address_are_limited(make_server):
    server = make_server("--max-connections-per-address", "5")
    held = [server.connect() for _ in range(5)]
    status, fields = headers_of(talk(server.port, GET + "\r\n"))
    assert status == 503 and fields["retry-after"] and SECURE.items() <= fields.items()
    with socket.socket() as other:
        other.bind(("127.0.0.2", 0))  # all of 127/8 is ours: another address, another count
        other.settimeout(20)
        other.connect(("127.0.0.1", server.port))
        other.sendall(GET.encode() + b"Connection: close\r\n\r\n")
        assert read_all(other).startswith(b"HTTP/1.1 200 ")
    for connection in held:
        connection.close()
    end = time.monotonic() + 10
    while not talk(server.port, GET + "Connection: close\r\n\r\n").startswith(b"HTTP/1.1 200 "):
        assert time.monotonic() < end
    server.stop()


def test_S07_idle_connections_make_room(make_server):
    server = make_server("--max-connections", "8")
    idle = [server.connect() for _ in range(8)]
    time.sleep(0.3)
    for _ in range(3):
        assert talk(server.port, GET + "Connection: close\r\n\r\n").startswith(b"HTTP/1.1 200 ")
    for connection in idle:
        connection.close()
    server.stop()


def test_S07_slow_senders_make_room(make_server):
    server = make_server("--max-connections", "8")
    slow = [server.connect() for _ in range(8)]
    for connection in slow:  # nobody's: without a key
        connection.sendall((POST + "Content-Length: 60000\r\n\r\n").encode())
    time.sleep(0.3)
    last = (GET + "Connection: close\r\n\r\n").encode()
    assert talk(server.port, last).startswith(b"HTTP/1.1 503 ")
    time.sleep(10)
    for _ in range(3):
        assert talk(server.port, last).startswith(b"HTTP/1.1 200 ")
    for connection in slow:
        connection.close()
    server.stop()


def listening_ports(pid):
    inodes = set()
    for entry in os.listdir(f"/proc/{pid}/fd"):
        try:
            target = os.readlink(f"/proc/{pid}/fd/{entry}")
        except FileNotFoundError:
            continue
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    listening = set()
    for table in ("tcp", "tcp6"):
        with open(f"/proc/{pid}/net/{table}") as file:
            for line in list(file)[1:]:
                part = line.split()
                if part[3] == "0A" and part[9] in inodes:
                    listening.add(int(part[1].rsplit(":", 1)[1], 16))
    return listening


def test_S07_only_the_api_port_is_open(tls):
    """The API and the listener that points to it; of a node that works alone, none."""
    for node in tls.nodes:
        listening = listening_ports(node.process.pid)
        if node.role == "worker":
            assert listening == set()
        elif node is tls.nodes[0]:
            assert listening == {tls.port, tls.plain_port}
        else:
            assert len(listening) == 2


def test_S01_many_tls_clients_at_once(tls):
    made = context(tls)

    def work(_):
        with secure_socket(tls, made) as connection:
            for _ in range(5):
                connection.sendall(GET.encode() + b"\r\n")
                got = b""
                while not got.endswith(b"}"):
                    got += connection.recv(65536)
                assert got.startswith(b"HTTP/1.1 200 ")
        return 1
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(work, range(64))) == 64
