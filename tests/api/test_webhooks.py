# SPDX-License-Identifier: Apache-2.0
"""S22: webhooks are signed, retried, at least once, in order per job, and never sent to private addresses."""
import hmac
import json
import pathlib
import shutil
import signal
import subprocess
import time
import uuid

import jsonschema
import pytest
from conftest import OPENAPI, PROGRAM, ROOT, certificate
from receiver import NameServer, Receiver, check_signatures

OPEN = ("--webhook-allow", "127.0.0.0/8", "--webhook-allow-http")


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.close()


@pytest.fixture(scope="module")
def hooks(make_server):
    """A server that may call receivers on this machine."""
    return make_server(*OPEN)


def admin(server, *arguments, code=0):
    done = server.run("admin", "webhooks", *arguments)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def add_endpoint(server, url, *flags):
    return dict(line.split(": ") for line in admin(server, "add", url, *flags).splitlines())


def deliveries(server, *flags):
    """[(event id, state, event, job, tries)]"""
    out = []
    for line in admin(server, "deliveries", "--limit", "1000", *flags).splitlines():
        if line.startswith("  "):
            out[-1][4].append(line.strip())
        else:
            event_id, state, name, job = line.split()[:4]
            out.append((event_id, state, name, job, []))
    return out


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it has not become true")


def check_payload(payload):
    schema = {"$ref": "#/schema", "schema": {"$ref": "#/components/schemas/WebhookEvent"},
              "components": OPENAPI["components"]}
    jsonschema.Draft202012Validator(schema).validate(payload)


def test_S22_a_job_tells_its_own_url_signed_and_in_order(hooks, house, receiver):
    client = hooks.client()
    job = client.complete(house, data={"webhookUrl": receiver.url("/a?b=c")})
    (path, headers, body, first), (_, headers2, body2, second) = receiver.wait(2)
    secret = admin(hooks, "secret").strip()
    for head, raw, payload in ((headers, body, first), (headers2, body2, second)):
        assert head["content-type"] == "application/json"
        assert head["user-agent"] == "CADLens-Webhook/1.0"
        check_signatures(secret, head, raw)
        check_payload(payload)
        assert payload["jobId"] == job["id"] and head["webhook-id"] == payload["eventId"]
        assert uuid.UUID(payload["eventId"]).version == 4
    assert path == "/a?b=c"
    assert [first["event"], first["sequence"], first["status"]] == ["job.processing", 1, "PROCESSING"]
    assert [second["event"], second["sequence"], second["status"]] == ["job.completed", 2, "COMPLETED"]
    assert "result" not in first and "error" not in second
    told = second["result"]
    full = client.get(f"/v1/jobs/{job['id']}/result").json()
    for name in ("schemaVersion", "metadata", "file", "summary"):
        assert told[name] == full[name]
    assert told["entityCount"] == full["summary"]["totalEntities"]
    assert [sheet["key"] for sheet in told["sheets"]] == [sheet["key"] for sheet in full["sheets"]]
    assert not any(name in sheet for sheet in told["sheets"] for name in ("entities", "layers"))
    assert client.get(told["resultUrl"].removeprefix(hooks.base)).json()["jobId"] == job["id"]
    assert hooks.client().get(told["imageUrl"].removeprefix(hooks.base), headers={}).content.startswith(b"\x89PNG")


def test_S22_a_failed_job_tells_why(hooks, receiver):
    client = hooks.client()
    job = client.wait(client.submit(b"AC1032" + b"\0" * 5000, name="x.dwg", data={"webhookUrl": receiver.url()}))
    assert job["status"] == "FAILED"
    payload = receiver.wait(2)[1][3]
    check_payload(payload)
    assert payload["event"] == "job.failed" and payload["status"] == "FAILED"
    assert payload["error"] == job["errorMsg"] and payload["errorCode"] == job["errorCode"]


def test_S22_a_default_endpoint_hears_of_jobs_without_a_url(hooks, house, receiver):
    other = Receiver()
    made = add_endpoint(hooks, receiver.url(), "--default")
    try:
        client = hooks.client()
        client.complete(house)
        for _, headers, body, payload in receiver.wait(2):
            check_signatures(made["secret"], headers, body)
            check_payload(payload)
        # A job with a URL of its own does not tell the default one; a registered URL has its own secret.
        client.complete(house, data={"webhookUrl": other.url()})
        client.complete(house, data={"webhookUrl": receiver.url()})
        other.wait(2)
        for _, headers, body, _ in receiver.wait(4):
            check_signatures(made["secret"], headers, body)
        assert len(other.requests) == 2 and len(receiver.requests) == 4
    finally:
        admin(hooks, "remove", made["id"])
        other.close()


def test_S22_failures_are_tried_again_with_the_same_id(hooks, house, receiver):
    receiver.answers = [(500, {}), (302, {"Location": "http://127.0.0.1:1/"})]
    hooks.client().complete(house, data={"webhookUrl": receiver.url()})
    events = [payload for _, _, _, payload in receiver.wait(4)]
    assert [event["event"] for event in events] == ["job.processing"] * 3 + ["job.completed"]
    assert len({event["eventId"] for event in events[:3]}) == 1
    entry = next(e for e in deliveries(hooks) if e[0] == events[0]["eventId"])
    assert [line.split("  ")[1] for line in entry[4]] == ["status 500", "status 302", "status 200"]


def test_S22_410_disables_an_endpoint_until_it_is_enabled(hooks, house, receiver):
    made = add_endpoint(hooks, receiver.url("/gone"), "--default")
    try:
        receiver.answers = [(410, {})]
        client = hooks.client()
        client.complete(house)
        wait_for(lambda: "disabled" in admin(hooks, "list"))
        client.complete(house)
        assert len(receiver.requests) == 1
        admin(hooks, "enable", made["id"])
        client.complete(house)
        receiver.wait(3)
    finally:
        admin(hooks, "remove", made["id"])


def test_S22_what_was_given_up_is_kept_and_can_be_sent_again(make_server, house, receiver):
    server = make_server(*OPEN, "--webhook-retry-hours", "0")
    receiver.answers = [(503, {})] * 3
    server.client().complete(house, data={"webhookUrl": receiver.url()})
    receiver.wait(4)  # three tries of the first event, then the second
    wait_for(lambda: len(deliveries(server, "--failed")) == 1)
    event_id, _, name, _, tries = deliveries(server, "--failed")[0]
    assert name == "job.processing" and len(tries) == 3
    assert admin(server, "resend", event_id) == "queued: 1\n"
    assert receiver.wait(5)[4][3]["eventId"] == event_id
    admin(server, "resend", "nothing", code=4)


def test_S22_a_rotated_secret_overlaps(hooks, house, receiver):
    made = add_endpoint(hooks, receiver.url("/rotated"))
    new = admin(hooks, "rotate-secret", made["id"]).strip()
    assert new != made["secret"] and admin(hooks, "secret", made["id"]).strip() == new
    hooks.client().complete(house, data={"webhookUrl": receiver.url("/rotated")})
    _, headers, body, _ = receiver.wait(1)[0]
    check_signatures(new, headers, body)
    assert len(headers["webhook-signature"].split(" ")) == 2
    with pytest.raises(AssertionError):
        check_signatures(made["secret"], headers, body)
    of_the_old = hmac.new(made["secret"].encode(), body, "sha256").hexdigest()
    check_signatures(made["secret"], {**headers, "x-cadlens-signature": "sha256=" + of_the_old}, body)
    admin(hooks, "rotate-secret", made["id"], "--overlap-hours", "0")
    hooks.client().complete(house, data={"webhookUrl": receiver.url("/rotated")})
    assert len(receiver.wait(3)[2][1]["webhook-signature"].split(" ")) == 1


def test_S22_no_event_is_lost_or_out_of_order_when_the_server_is_killed(make_server, house):
    """SIGKILL between the change of state and the delivery: the next start delivers."""
    closed = Receiver()
    port = closed.port
    closed.close()  # nobody listens there for now
    server = make_server(*OPEN)
    client = server.client()
    url = f"http://127.0.0.1:{port}/hook"
    jobs = [client.complete(house, data={"webhookUrl": url})["id"] for _ in range(3)]
    last = client.submit(house, data={"webhookUrl": url})
    server.stop(signal.SIGKILL)
    receiver = Receiver(port)
    try:
        server.restart()
        assert server.client().wait(last)["status"] == "COMPLETED"
        wait_for(lambda: {e["jobId"] for _, _, _, e in receiver.events() if e["event"] == "job.completed"} ==
                 {*jobs, last}, 90)
        for job in (*jobs, last):
            got = [e for _, _, _, e in receiver.events() if e["jobId"] == job]
            assert [e["sequence"] for e in got] == sorted(e["sequence"] for e in got), got
            assert [e["event"] for e in got] == ["job.processing", "job.completed"], got
    finally:
        receiver.close()


@pytest.mark.parametrize("url", [
    "https://127.0.0.1/", "https://10.0.0.1/", "https://169.254.169.254/latest/meta-data/", "https://[::1]/",
    "https://[::ffff:10.0.0.1]/", "https://2130706433/", "https://0x7f.1/", "https://0177.0.0.1/",
    "https://localhost/", "http://example.com/", "https://example.com@10.0.0.1/", "https://[64:ff9b::a00:1]/",
])
def test_S22_private_and_odd_urls_are_refused_when_they_are_given(server, house, url):
    answer = server.client().parse(house, data={"webhookUrl": url})
    assert answer.status_code == 400
    assert answer.json()["error"] == "Validation error"
    assert list(answer.json()["details"]["fieldErrors"]) == ["webhookUrl"]


def test_S22_names_that_lead_inside_are_not_called(make_server, house):
    """A name server of our own gives every kind of answer; only the allowed network may be reached."""
    def rebinding(name_server):
        # Allowed (though nobody listens there) for the first question, the receiver's for all that follow.
        return ["127.0.0.9"] if sum(n == "rebind.test" for n, _ in name_server.asked) == 1 else ["127.0.0.1"]

    names = {
        "loop.test": ["127.0.0.1"], "loop6.test": ["::1"], "private.test": ["10.0.0.1"],
        "metadata.test": ["169.254.169.254"], "mapped.test": ["::ffff:127.0.0.1"], "nat64.test": ["64:ff9b::7f00:1"],
        "sixtofour.test": ["2002:7f00:1::"], "second.test": ["198.41.0.4", "127.0.0.1"], "any.test": ["0.0.0.0"],
        "rebind.test": rebinding,
    }
    name_server = NameServer(names)
    server = make_server("--webhook-allow", "127.0.0.9", "--webhook-allow-http", "--webhook-retry-hours", "0",
                         "--webhook-resolver", name_server.address)
    listener = Receiver()
    inside = listener.port
    try:
        client = server.client()
        for name in names:
            client.complete(house, data={"webhookUrl": f"http://{name}:{inside}/{name}"})
        wait_for(lambda: sum(e[1] == "FAILED" for e in deliveries(server)) == 2 * len(names), 90)
        assert listener.requests == []
        reasons = [line for entry in deliveries(server, "--failed") for line in entry[4]]
        assert sum("not called" in line for line in reasons) == 2 * len(names)
        assert {"rebind.test", "loop.test"} <= {name for name, _ in name_server.asked}
    finally:
        listener.close()
        name_server.close()


@pytest.mark.parametrize("host, trusted, arrives", [
    ("hook.test", True, True), ("other.test", True, False), ("hook.test", False, False)],
    ids=["good", "another name", "unknown issuer"])
def test_S22_https_goes_to_whom_the_certificate_names(make_server, house, tmp_path, host, trusted, arrives):
    pair = certificate(tmp_path / "tls", "hook.test")
    name_server = NameServer({"hook.test": ["127.0.0.1"], "other.test": ["127.0.0.1"]})
    secure = Receiver(tls=pair)
    try:
        server = make_server("--webhook-allow", "127.0.0.1", "--webhook-retry-hours", "0", "--webhook-resolver",
                             name_server.address, *(["--webhook-ca", str(pair[0])] if trusted else []))
        server.client().complete(house, data={"webhookUrl": secure.url(host=host)})
        if arrives:
            for _, headers, body, _ in secure.wait(2):
                check_signatures(admin(server, "secret").strip(), headers, body)
                assert headers["host"] == f"hook.test:{secure.port}"
            return
        wait_for(lambda: sum(entry[1] == "FAILED" for entry in deliveries(server)) == 2, 90)
        assert secure.requests == []
        reasons = [line for entry in deliveries(server) for line in entry[4]]
        assert reasons and all("certificate" in line or "SSL" in line for line in reasons), reasons
    finally:
        secure.close()
        name_server.close()


def test_S22_an_independent_implementation_verifies(hooks, house, receiver):
    """The package `standardwebhooks` of npm, by those who wrote the standard."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("node and npm are not installed")
    folder = ROOT / "build/standardwebhooks"
    if not (folder / "node_modules/standardwebhooks").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}')
        done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts",
                               "standardwebhooks@1.0.0"], cwd=folder, capture_output=True, text=True, timeout=300)
        if done.returncode != 0:
            pytest.skip("npm cannot install standardwebhooks: " + done.stderr[-200:])
    made = add_endpoint(hooks, receiver.url("/npm"))
    hooks.client().complete(house, data={"webhookUrl": receiver.url("/npm")})
    script = ("const {Webhook} = require('standardwebhooks');"
              "const i = JSON.parse(require('fs').readFileSync(0));"
              "console.log(new Webhook(i.secret).verify(i.body, i.headers).event);")
    for _, headers, body, payload in receiver.wait(2):
        for secret, good in ((made["secret"], True), ("whsec_" + "A" * 44, False)):
            done = subprocess.run(["node", "-e", script], cwd=folder, capture_output=True, text=True, timeout=60,
                                  input=json.dumps({"secret": secret, "body": body.decode(), "headers": headers}))
            assert (done.returncode == 0) == good, done.stderr
            assert not good or done.stdout.strip() == payload["event"]


def test_S22_secrets_are_not_readable_in_the_data_directory_or_the_log(hooks, receiver):
    made = add_endpoint(hooks, receiver.url("/sealed"))
    secret = made["secret"].removeprefix("whsec_").encode()
    for path, content in [*hooks.written(), (hooks.log, hooks.log.read_bytes()), (hooks.out, hooks.out.read_bytes())]:
        assert secret not in content, path
    admin(hooks, "remove", made["id"])


def test_the_test_event_reaches_an_endpoint(hooks, receiver):
    made = add_endpoint(hooks, receiver.url("/test"))
    assert "delivered: status 200" in admin(hooks, "test", made["id"], *OPEN)
    _, headers, body, payload = receiver.wait(1)[0]
    check_signatures(made["secret"], headers, body)
    assert payload["event"] == "webhook.test"
    admin(hooks, "test", made["id"], code=4)  # without the server's options the address is refused
    admin(hooks, "remove", made["id"])


def test_admin_tells_what_is_wrong(hooks, tmp_path):
    admin(hooks, "add", "ftp://example.com/", code=2)
    admin(hooks, "remove", "we_none", code=4)
    done = subprocess.run([PROGRAM, "admin", "webhooks", "list", "--data", tmp_path], capture_output=True, text=True)
    assert done.returncode == 4 and "no database" in done.stderr
    assert list(tmp_path.iterdir()) == []
