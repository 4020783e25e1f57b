# SPDX-License-Identifier: Apache-2.0
"""What POST /v1/parse takes, and what it says to what it does not take."""
import pytest

BOUNDARY = "XyZ"


def form(*parts, end=True):
    body = b""
    for name, value, *file_name in parts:
        file = f'; filename="{file_name[0]}"' if file_name else ""
        body += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode()
        body += (value if isinstance(value, bytes) else value.encode()) + b"\r\n"
    return body + (f"--{BOUNDARY}--\r\n".encode() if end else b"")


def post(client, body, content_type=f"multipart/form-data; boundary={BOUNDARY}"):
    return client.call("POST", "/v1/parse", data=body, headers={"Content-Type": content_type})


def test_fields_may_come_before_and_after_the_file(server, client, house):
    hook, mail = ("webhookUrl", "https://example.com/hook"), ("notifyEmail", "ann@example.com")
    for parts in ([hook, ("file", house, "a.dxf"), mail], [("file", house, "a.dxf"), hook, mail],
                  [("webhook_url", hook[1]), ("notify_email", mail[1]), ("file", house, "a.dxf")]):
        answer = post(client, form(*parts))
        assert answer.status_code == 202, answer.text
        job = answer.json()["job_id"]
        assert client.get(f"/v1/jobs/{job}").json()["webhookUrl"] == hook[1]
        with server.database() as database:
            row = database.execute("SELECT notify_email FROM jobs WHERE id=?", (job,)).fetchone()
        assert row == (mail[1],)


@pytest.mark.parametrize("field, value", [
    ("webhookUrl", "ftp://example.com"), ("webhookUrl", "https://"), ("webhookUrl", "https://u:p@example.com"),
    ("webhookUrl", "https://example.com/" + "x" * 500), ("webhookUrl", "https://exa mple.com"),
    ("notifyEmail", "nobody"), ("notifyEmail", "a@b"), ("notifyEmail", "a b@example.com"),
    ("notifyEmail", "a@example.com,b@example.com"), ("notifyEmail", "x" * 310 + "@example.com"),
    ("mode", "later")])
def test_wrong_fields_are_named(quiet, house, field, value):
    answer = quiet.client().parse(house, data={field: value})
    assert answer.status_code == 400
    body = answer.json()
    assert body["error"] == "Validation error" and body["code"] == "VALIDATION_ERROR"
    assert list(body["details"]["fieldErrors"]) == [field]
    assert quiet.objects() == []


@pytest.fixture(scope="module")
def quiet(make_server):
    """A server of this file's own, to which nothing acceptable is sent."""
    return make_server()


def test_several_faults_are_told_at_once(client):
    answer = post(client, form(("webhookUrl", "x"), ("notifyEmail", "y")))
    assert sorted(answer.json()["details"]["fieldErrors"]) == ["file", "notifyEmail", "webhookUrl"]


def test_malformed_bodies(client, house):
    file = ("file", house, "a.dxf")
    for body, kind in [
            (form(file, end=False), None), (b"", None), (b"nonsense", None), (form(file), "application/json"),
            (form(file), "multipart/form-data"), (form(file), "multipart/form-data; boundary=other"),
            (form(file, file), None), (form(("mode", "sync"), ("mode", "sync"), file), None),
            (form(("mode", "x" * 5000), file), None), (form(*[(f"f{i}", "x") for i in range(40)], file), None)]:
        answer = post(client, body, kind) if kind else post(client, body)
        assert answer.status_code == 400, (body[:60], kind)
        assert answer.json()["code"] in ("INVALID_ARGUMENT", "VALIDATION_ERROR")


def test_a_file_without_a_name_is_a_drawing(client, house):
    answer = post(client, form(("file", house)))
    assert answer.json()["fileName"] == "drawing"


def test_names_are_data(client, house):
    answer = client.parse(house, name='../..\\"<b>\u00fc\u202e.dxf')
    job = client.wait(answer.json()["job_id"])
    assert "/" not in job["fileName"] and "\\" not in job["fileName"]
    result = client.get(f"/v1/jobs/{job['id']}/result")
    assert result.json()["file"]["name"] == job["fileName"]
    assert "\r" not in result.headers["Content-Disposition"]


def test_chunked_upload(client, house):
    body = form(("file", house, "a.dxf"))
    answer = post(client, (body[i:i + 999] for i in range(0, len(body), 999)))
    assert answer.status_code == 202
    assert client.wait(answer.json()["job_id"])["status"] == "COMPLETED"
