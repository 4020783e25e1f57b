# SPDX-License-Identifier: Apache-2.0
"""The promises that the service itself keeps, by their ids."""
import re
import secrets
import stat
import subprocess
import time

import pytest

from conftest import OPENAPI, PROGRAM, Client

MARKER = b"PLAINTEXT-MARKER-" + secrets.token_hex(8).encode()


def with_marker(house):
    """The drawing with the marker in a comment and in a text, so that it is in the upload and result."""
    return b"999\r\n" + MARKER + b"\r\n" + house.replace(b"Note 0", b"Note " + MARKER)


def find_on_disk(server, needle):
    return [name for name, content in server.written() if needle in content]


def test_S01_a_listener_open_to_the_network_is_refused(tmp_path):
    for address in ("0.0.0.0:0", "[::]:0", "192.0.2.1:3001"):
        done = subprocess.run([PROGRAM, "serve", "--data", tmp_path / "d", "--listen", address], capture_output=True,
                              text=True, timeout=20)
        assert done.returncode != 0
        assert "TLS" in done.stderr and done.stderr.count("\n") == 1


def test_S03_uploads_and_results_are_nowhere_in_plain_text(make_server, house):
    server = make_server()
    client = server.client()
    job = client.complete(with_marker(house), name="secret.dxf")
    assert MARKER.decode() in client.get(f"/v1/jobs/{job['id']}/result").text
    waiting = client.submit(with_marker(house))
    client.wait(waiting)
    assert server.objects()
    assert find_on_disk(server, MARKER) == []
    png = client.get(client.get(f"/v1/jobs/{waiting}/image").json()["imageUrl"]).content
    assert find_on_disk(server, png[8:40]) == []
    assert MARKER not in server.log.read_bytes()
    for path in server.files():
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_S08_the_raw_key_is_shown_once_and_stored_as_a_hash(make_server, house):
    server = make_server()
    key = server.key
    assert re.fullmatch(r"cadl_[0-9a-f]{48}", key)
    assert stat.S_IMODE(server.key_file.stat().st_mode) == 0o600
    assert "cadl_" not in server.out.read_text()  # it went to the file: output often ends in a log
    client = server.client()
    client.complete(house)
    Client(server.base, key[:-1] + "0").get("/v1/jobs")
    assert find_on_disk(server, key[12:44].encode()) == []
    assert key[12:44] not in server.log.read_text()
    assert server.stop() == 0
    server.restart()
    assert "cadl_" not in server.out.read_text()
    assert server.client().get("/v1/jobs").status_code == 200


def test_S08_without_a_key_file_the_first_start_prints_the_key_once(tmp_path):
    def start():
        process = subprocess.Popen([PROGRAM, "serve", "--data", tmp_path / "d", "--listen", "127.0.0.1:0"],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "listens on" in line:
                break
        process.terminate()
        rest, _ = process.communicate(timeout=20)
        return "".join(lines) + rest

    assert len(re.findall(r"\bcadl_[0-9a-f]{48}\b", start())) == 1
    assert "cadl_" not in start()


def test_S08_no_secret_is_in_the_command_line(server):
    with open(f"/proc/{server.process.pid}/cmdline", "rb") as file:
        assert b"cadl_" not in file.read()


REFUSED = {
    "png": b"\x89PNG\r\n\x1a\n" + b"\0" * 5000,
    "zip": b"PK\x03\x04" + b"\0" * 5000,
    "text": b"This is no drawing at all.\n" * 300,
    "html": b"<html><script>" + b" " * 5000,
    "elf": b"\x7fELF" + b"\0" * 5000,
    "empty": b"",
    "dgn": b"\x08\x09\xfe\x02" + b"\0" * 5000,
    "pdf": b"%PDF-1.7\n" + b"\0" * 5000,
}


@pytest.mark.parametrize("kind", REFUSED)
def test_S16_a_renamed_file_is_judged_by_its_content_and_never_written(make_server, kind, refusing):
    server, client = refusing
    marker = secrets.token_bytes(24)
    content = REFUSED[kind] + (marker * 400 if kind != "empty" else b"")
    answer = client.parse(content, name="plan.dxf")
    assert answer.status_code == 400
    if kind in ("dgn", "pdf"):
        assert answer.json()["code"] == "UNSUPPORTED_FORMAT"
        assert kind.upper() in answer.json()["error"]
    else:
        assert answer.json()["code"] in ("NOT_A_DRAWING", "UNSUPPORTED_FORMAT")
    assert server.objects() == []
    assert find_on_disk(server, marker) == []
    with server.database() as database:
        assert database.execute("SELECT COUNT(*) FROM jobs").fetchone() == (0,)


@pytest.fixture(scope="module")
def refusing(make_server):
    server = make_server()
    return server, server.client()


def test_S16_the_extension_decides_nothing(client, house):
    assert client.wait(client.submit(house, name="house.png"))["status"] == "COMPLETED"


def test_S17_a_declared_length_over_the_limit_is_refused_before_the_body(make_server, house):
    server = make_server("--max-upload", "2000000")
    with server.connect() as connection:
        connection.sendall(f"POST /v1/parse HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.key}\r\n"
                           "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 99000000\r\n\r\n".encode())
        head = connection.recv(65536).decode()
    assert head.startswith("HTTP/1.1 413 ") and "FILE_TOO_LARGE" in head
    assert "Connection: close" in head


def test_S17_an_upload_over_the_limit_is_refused_while_it_streams(make_server, house):
    server = make_server("--max-upload", "2000000")
    client = server.client()
    fits = house + b"999\r\n" + b"x" * (1_990_000 - len(house)) + b"\r\n"
    assert client.wait(client.submit(fits))
    objects = len(server.objects())
    too_large = house + b"999\r\n" + b"x" * 2_000_000
    answer = client.parse(too_large)
    assert answer.status_code == 413 and answer.json()["code"] == "FILE_TOO_LARGE"

    sent = 0

    def endless():  # without a declared length: cut off while streaming, not at the end
        nonlocal sent
        yield (b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.dxf"\r\n\r\n' + house)
        while sent < 1_000_000_000:
            sent += 65536
            yield b"9" * 65536
    try:
        answer = client.call("POST", "/v1/parse", data=endless(),
                             headers={"Content-Type": "multipart/form-data; boundary=b"})
        assert answer.status_code == 413
    except OSError:
        pass  # the client library may see the closed connection before the answer
    assert sent < 1_000_000_000
    assert len(server.objects()) == objects
    assert len(client.get("/v1/jobs").json()["jobs"]) == 1
    assert client.get("/health").status_code == 200


def test_S17_memory_stays_flat(make_server, house):
    server = make_server()
    client = server.client()

    def peak():
        with open(f"/proc/{server.process.pid}/status") as file:
            return int(re.search(r"VmHWM:\s+(\d+)", file.read()).group(1))
    client.complete(house)
    before = peak()

    def large():
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.dxf"\r\n\r\n' + house[:-10]
        for _ in range(4700):
            yield b"999\r\n" + b"x" * 65530
        yield b"\r\n--b--\r\n"
    answer = client.call("POST", "/v1/parse", data=large(),
                         headers={"Content-Type": "multipart/form-data; boundary=b"})
    assert answer.status_code == 202 and answer.json()["fileSize"] > 300_000_000
    client.delete("/v1/jobs/" + answer.json()["job_id"])
    assert peak() - before < 40_000, "kilobytes"


def job_calls(job):
    """Every endpoint that names a job."""
    for path, item in OPENAPI["paths"].items():
        for method in ("get", "delete"):
            if method in item and path.startswith("/v1/jobs/{id}"):
                yield method.upper(), path.replace("{id}", job)


def test_S19_no_cross_tenant_access(server, client, done, house):
    other = Client(server.base, server.add_key())
    same_account = Client(server.base, server.add_key(account=account_of(server)))
    nobody = Client(server.base, None)
    unknown = "job_" + "0" * 32
    assert len(list(job_calls(unknown))) >= 7
    for method, path in job_calls(done["id"]):
        for stranger in (other, same_account):
            answer = stranger.call(method, path)
            never = stranger.call(method, path.replace(done["id"], unknown))
            assert answer.status_code == 404
            a, b = answer.json(), never.json()
            a.pop("requestId"), b.pop("requestId")
            assert a == b, "a hint that the job exists"
        assert nobody.call(method, path).status_code == 401
    assert other.get("/v1/jobs").json()["jobs"] == []
    mine = other.submit(house, headers={"Idempotency-Key": "shared"})
    assert client.submit(house, headers={"Idempotency-Key": "shared"}) != mine
    assert client.get(f"/v1/jobs/{mine}").status_code == 404
    assert client.get(f"/v1/jobs/{done['id']}").status_code == 200


def account_of(server):
    with server.database() as database:
        return database.execute("SELECT account_id FROM api_keys WHERE name='owner'").fetchone()[0]


def test_S20_preview_urls_are_signed_and_cannot_be_altered(server, client, done, house):
    nobody = Client(server.base, None)
    url = client.get(f"/v1/jobs/{done['id']}/image").json()["imageUrl"]
    assert nobody.get(url).status_code == 200, "the URL alone is the permission"
    other = client.complete(house)["id"]
    base, query = url.split("?")
    expires, key, signature = re.match(r"expires=(\d+)&key=(\w{16})&signature=(\w{64})$", query).groups()
    base += "?key=" + key
    assert 3500 < int(expires) - time.time() <= 3600
    for altered in (
            base, url.split("?")[0], f"{base}&expires={expires}", f"{base}&signature={signature}",
            f"{base}&expires={int(expires) + 1}&signature={signature}",
            f"{base}&expires={expires}&signature={'0' * 64}",
            f"{base}&expires={expires}&signature={signature[:-1]}",
            f"{base}&expires=0{expires}&signature={signature}",
            url.replace(key, "0" * 16), url.replace("&key=" + key, ""),
            url.replace(done["id"], other), url.replace("/0.png", "/1.png"), url.replace("/0.png", "/00.png"),
            url.replace(done["id"], "job_" + "0" * 32), url.replace("/0.png", "/0.pn%67x")):
        assert nobody.get(altered).status_code == 403, altered
        assert client.get(altered).status_code == 403, "a key makes no difference"


def test_S20_a_link_to_a_thumbnail_is_for_that_alone(server, client, done, house):
    nobody = Client(server.base, None)
    url = client.get(f"/v1/jobs/{done['id']}").json()["thumbnailUrl"]
    assert nobody.get(url).status_code == 200, "the URL alone is the permission"
    other = client.complete(house)["id"]
    expires = re.search(r"expires=(\d+)", url).group(1)
    assert 3500 < int(expires) - time.time() <= 3600
    preview = client.get(f"/v1/jobs/{done['id']}/image").json()["imageUrl"]
    for altered in (url.split("?")[0], url.replace(expires, str(int(expires) + 1)), url.replace(done["id"], other),
                    url.replace("thumbnail.png", "0.png"), url.replace("thumbnail.png", "thumbnail"),
                    url.replace("thumbnail.png", "Thumbnail.png"), preview.replace("/0.png", "/thumbnail.png")):
        assert nobody.get(altered).status_code == 403, altered
        assert client.get(altered).status_code == 403, "a key makes no difference"


def test_S20_preview_urls_expire_after_an_hour(server, client, done):
    """Signed by the server's own key for a time that has passed: right signature, refused all the same."""
    import hashlib
    import hmac
    key = bytes.fromhex((server.data / "signing.key").read_text().strip())
    key_id = hmac.new(key, b"signing key id", hashlib.sha256).hexdigest()[:16]
    path = f"/v1/previews/{done['id']}/0.png"

    def url(expires):
        sign = hmac.new(key, f"GET\n{path}\n{expires}".encode(), hashlib.sha256).hexdigest()
        return f"{path}?expires={expires}&key={key_id}&signature={sign}"
    nobody = Client(server.base, None)
    assert nobody.get(url(int(time.time()) + 5)).status_code == 200
    assert nobody.get(url(int(time.time()) - 1)).status_code == 403


def test_S21_a_key_without_the_scope_gets_403(server, done, house):
    reader = Client(server.base, server.add_key("jobs:read", "acc_scopes"))
    assert reader.get("/v1/jobs").status_code == 200
    assert reader.parse(house).status_code == 403
    assert reader.delete("/v1/jobs/" + done["id"]).status_code == 403
    sender = Client(server.base, server.add_key("parse", "acc_scopes"))
    assert sender.parse(house).status_code == 202
    assert sender.get("/v1/jobs").status_code == 403
    late = Client(server.base, server.add_key(expires=int(time.time() * 1000) - 1))
    assert late.get("/v1/jobs").status_code == 401


def test_S09_a_revoked_key_is_refused_on_the_next_request(server):
    raw = server.add_key()
    stranger = Client(server.base, raw)
    assert stranger.get("/v1/jobs").status_code == 200
    with server.database() as database:
        database.execute("UPDATE api_keys SET revoked_at=1 WHERE prefix=?", (raw[:12],))
    assert stranger.get("/v1/jobs").status_code == 401


def test_keys_missing_or_malformed_are_401(server):
    for key in (None, "", "nonsense", server.key[:-1], server.key.upper(), "cadl_" + "0" * 48):
        answer = Client(server.base, key).get("/v1/jobs")
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_the_data_directory_has_one_server(server):
    done = subprocess.run([PROGRAM, "serve", "--data", server.data, "--listen", "127.0.0.1:0"], capture_output=True,
                          text=True, timeout=20)
    assert done.returncode != 0 and "Another server" in done.stderr
