# SPDX-License-Identifier: Apache-2.0
"""Drives the real server: build/release/cadlens serve, on a free loopback port, with a data directory
of its own. CADLENS_PROGRAM and CADLENS_WORKER choose others: the server of build/dev (ASan, UBSan) with
the release's worker, say, as the sandbox has no exception for a sanitizer. Every answer that goes through `Client` is held to schema/openapi.yaml.
"""
import email
import email.policy
import itertools
import json
import os
import pathlib
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from urllib.parse import parse_qsl, urlsplit

import jsonschema
import pytest
import requests
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
import backends  # noqa: E402
import stand_in_worker  # noqa: E402

PROGRAM = pathlib.Path(os.environ.get("CADLENS_PROGRAM", ROOT / "build/release/cadlens"))
FIXTURES = ROOT / "tests/fixtures"
OPENAPI = yaml.safe_load((ROOT / "schema/openapi.yaml").read_text())


def pytest_configure(config):
    config.addinivalue_line("markers", "full: long; only in ./check --full")
    config.addinivalue_line("markers", "embedded(why): about one process and its data directory")
    config.addinivalue_line("markers", "cluster(why): about many nodes")


def pytest_collection_modifyitems(items):
    for item in items:
        other = item.get_closest_marker("embedded" if CLUSTER else "cluster")
        if other:
            item.add_marker(pytest.mark.skip(reason=other.args[0]))


def path_row(path):
    """The path of openapi.yaml that a concrete path belongs to."""
    if path in OPENAPI["paths"]:
        return path
    for pattern in OPENAPI["paths"]:
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), path):
            return pattern
    return None


def resolve(node):
    while isinstance(node, dict) and "$ref" in node:
        target = OPENAPI
        for name in node["$ref"].lstrip("#/").split("/"):
            target = target[name]
        node = target
    return node


def check_answer(answer):
    """The answer is one that openapi.yaml announces, and its body is as described there."""
    method = answer.request.method.lower()
    path = answer.request.path_url.split("?")[0]
    if answer.status_code in (405, 431) or method in ("head", "options"):
        return
    row = path_row(path)
    if row is None:
        assert answer.status_code in (404, 429), path
        return
    operation = OPENAPI["paths"][row].get(method)
    assert operation, f"{method} {row} is not in openapi.yaml"
    responses = operation["responses"]
    assert str(answer.status_code) in responses, f"{method} {row} -> {answer.status_code} {answer.text[:300]}"
    content = resolve(responses[str(answer.status_code)]).get("content")
    if not content:
        return
    kind = answer.headers["Content-Type"].split(";")[0]
    assert kind in content, f"{method} {row} -> {kind}"
    if kind == "application/json":
        schema = {"$ref": "#/schema", "schema": content[kind]["schema"], "components": OPENAPI["components"]}
        jsonschema.Draft202012Validator(schema).validate(answer.json())


SECRETS = set()  # every credential that went over the wire, for test_zz_secrets.py
SECRET_FIELDS = {"token", "refreshToken", "key", "secret", "password", "currentPassword", "newPassword", "code",
                 "invite"}


def note_secrets(answer):
    for body in (answer.request.body, answer.content if "json" in answer.headers.get("Content-Type", "") else None):
        try:
            fields = json.loads(body) if body else {}
        except (ValueError, TypeError, RecursionError):
            continue
        if isinstance(fields, dict):
            SECRETS.update(v for k, v in fields.items() if k in SECRET_FIELDS and isinstance(v, str) and len(v) > 15)
    SECRETS.update(c.value for c in answer.cookies if c.value)
    query = dict(parse_qsl(urlsplit(answer.request.url).query))
    SECRETS.update(v for k, v in query.items() if k in SECRET_FIELDS | {"state"} and len(v) > 15)
    bearer = answer.request.headers.get("Authorization", "").removeprefix("Bearer ")
    if answer.status_code < 400 and len(bearer) > 15:
        SECRETS.add(bearer)


class Client:
    def __init__(self, base, key):
        self.base = base
        self.key = key
        self.session = requests.Session()

    def call(self, method, path, **options):
        headers = dict(options.pop("headers", {}))
        if self.key:
            headers.setdefault("Authorization", "Bearer " + self.key)
        base = next(SIBLINGS[self.base]) if self.base in SIBLINGS else self.base
        url = path if path.startswith("http") else base + path
        answer = self.session.request(method, url, headers=headers, timeout=options.pop("timeout", 90), **options)
        if not options.get("stream"):
            note_secrets(answer)
        assert answer.headers.get("X-Request-Id")
        assert answer.headers.get("X-Content-Type-Options") == "nosniff"
        if not options.get("stream"):
            check_answer(answer)
            if answer.status_code >= 400 and answer.request.method != "HEAD" and answer.status_code != 416:
                body = answer.json()
                if "db" not in body:
                    assert body["requestId"] == answer.headers["X-Request-Id"]
        return answer

    def get(self, path, **options):
        return self.call("GET", path, **options)

    def delete(self, path, **options):
        return self.call("DELETE", path, **options)

    def parse(self, content, name="drawing.dxf", data=None, **options):
        return self.call("POST", options.pop("path", "/v1/parse"), files={"file": (name, content)}, data=data or {},
                         **options)

    def submit(self, content, **options):
        answer = self.parse(content, **options)
        assert answer.status_code == 202, answer.text
        return answer.json()["job_id"]

    def wait(self, job_id, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            job = self.get(f"/v1/jobs/{job_id}").json()
            if job["status"] in ("COMPLETED", "FAILED"):
                return job
            time.sleep(0.01)
        raise AssertionError(f"{job_id} has not ended: {job}")

    def complete(self, content, **options):
        job = self.wait(self.submit(content, **options))
        assert job["status"] == "COMPLETED", job
        return job


class Server:
    """One process that does everything; or, with CADLENS_BACKENDS=cluster, two nodes that serve the API and two
    that work, over PostgreSQL, Redis and S3."""

    def __init__(self, folder, *arguments, environment=None, limited=False, cluster=None):
        """Tests ask more often than anybody else would: without limits of the rate, unless they say which, or
        `limited`. `cluster`: where the data of a cluster are already; {}: none at all."""
        self.folder = pathlib.Path(folder)
        self.cluster = cluster if cluster is not None else cluster_backends().fresh() if CLUSTER else {}
        self.environment = {**os.environ, **self.cluster, **(environment or {})}
        self.data = self.folder / "data"
        self.key_file = self.folder / "owner.key"
        self.arguments = list(arguments)
        if not limited and not any(str(a).startswith("--rate-") for a in arguments):
            for name in ("address", "key", "costly", "sign-in", "account-sign-in", "mailbox"):
                self.arguments += [f"--rate-{name}", "0"]
        if "CADLENS_WORKER" in os.environ and "--worker" not in arguments:
            self.arguments += ["--worker", os.environ["CADLENS_WORKER"]]
        self.log = self.folder / "server.log"
        self.out = self.folder / "server.out"
        self.nodes = []
        self.first_port = 0
        if self.cluster:
            make_key_files(self.data, self.environment)
            if "--listen" not in self.arguments and "--public-url" not in self.arguments:
                self.first_port = free_port()
                scheme = "https" if {"--tls-cert", "--proxy-terminates-tls"} & set(self.arguments) else "http"
                self.arguments += ["--public-url", f"{scheme}://127.0.0.1:{self.first_port}"]
        self.start()

    @property
    def roles(self):
        if not self.cluster:
            return ["all"]
        return (["api"] if "--listen" in self.arguments else ["api", "api"]) + ["worker", "worker"]

    def start(self):
        self.nodes = []
        self.out.unlink(missing_ok=True)
        for number, role in enumerate(self.roles):
            out = self.out if number == 0 else self.out.with_suffix(f".out{number}")
            self.nodes.append(Node(self, role, out, self.first_port if number == 0 else 0))
            if number == 0:
                self.nodes[0].wait_until_up()  # it makes the first key
        for node in self.nodes[1:]:
            node.wait_until_up()
        bases = [node.base for node in self.nodes if node.role != "worker"]
        for base in bases:
            SIBLINGS[base] = itertools.cycle(bases)
        self.base = bases[0]
        self.port = int(self.base.rsplit(":", 1)[1]) if self.base.startswith("http") else None

    @property
    def process(self):
        """Of the node that `base` leads to."""
        return self.nodes[0].process

    @property
    def pids(self):
        return [node.process.pid for node in self.nodes]

    @property
    def working_pids(self):
        """Of the nodes that parse drawings."""
        return [node.process.pid for node in self.nodes if node.role != "api"]

    def process_of(self, worker):
        """Of the node that a worker parses a drawing for."""
        parent = int(pathlib.Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()[1])
        return next(node.process for node in self.nodes if node.process.pid == parent)

    @property
    def key(self):
        return self.key_file.read_text().strip()

    def client(self):
        return Client(self.base, self.key)

    def stop(self, how=signal.SIGTERM, seconds=30):
        for node in self.nodes:
            if node.process.poll() is None:
                node.process.send_signal(how)
        return max((node.process.wait(seconds) for node in self.nodes), key=abs)

    def restart(self):
        self.start()

    def run(self, *arguments, environment=None):
        """Another command of the program, on this server's data directory and in its environment."""
        return subprocess.run([PROGRAM, *arguments, "--data", self.data], capture_output=True, text=True, timeout=120,
                              env={**self.environment, **(environment or {})})

    def rotate_master_key(self, meanwhile=None):
        """On a cluster as one does it there: the new key is in every node's ring first. `meanwhile` gets the process."""
        if self.cluster:
            ring = self.data / "master.key"
            ring.write_text(secrets.token_hex(32) + "\n" + ring.read_text())
        command = [PROGRAM, "admin", "rotate-master-key", *["--present-key"] * bool(self.cluster), "--data", self.data]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              env=self.environment) as process:
            if meanwhile:
                meanwhile(process)
            said = process.communicate(timeout=120)
        return subprocess.CompletedProcess(command, process.returncode, *said)

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def database(self):
        if self.cluster:
            return cluster_backends().open(self.environment)
        import sqlite3
        return sqlite3.connect(self.data / "cadlens.db", timeout=10)

    def add_key(self, scopes="parse jobs:read jobs:delete", account="acc_other", expires=None):
        """A second key, written where the server reads it: the accounts' endpoints come later."""
        import hashlib
        import zlib
        digits = secrets.token_hex(20)
        raw = f"cadl_{digits}{zlib.crc32(digits.encode()):08x}"
        with self.database() as database:
            database.execute("INSERT OR IGNORE INTO accounts (id, name, created_at) VALUES (?, 'other', 1)", (account,))
            key = "key_" + secrets.token_hex(6)
            database.execute("INSERT INTO api_keys (id, account_id, name, prefix, hash, scopes, created_at, expires_at,"
                             " family) VALUES (?, ?, 'k', ?, ?, ?, 1, ?, ?)",
                             (key, account, raw[:12], hashlib.sha256(raw.encode()).hexdigest(), scopes, expires, key))
        return raw

    def tables(self):
        """The columns of each."""
        with self.database() as database:
            if self.cluster:
                rows = database.execute("SELECT table_name, column_name FROM information_schema.columns "
                                        "WHERE table_schema = 'public'").fetchall()
            else:
                rows = database.execute("SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c "
                                        "WHERE m.type = 'table'").fetchall()
        tables = {}
        for table, column in rows:
            tables.setdefault(table, []).append(column)
        return tables

    def dump(self):
        """All rows of the database."""
        return "\n".join(self.dump_of(*self.tables()))

    def dump_of(self, *tables):
        with self.database() as database:
            return [" ".join(map(str, (table, *row))) for table in tables
                    for row in database.execute(f"SELECT * FROM {table}").fetchall()]

    def files(self):
        return [p for p in self.data.rglob("*") if p.is_file()]

    def written(self):
        """Name and content of all that was stored, wherever that is."""
        found = [(path, path.read_bytes()) for path in self.files()]
        if self.cluster:
            found += [("database", self.dump().encode()), *self.stored_objects()]
        return found

    def stored_objects(self):
        """Name and stored bytes of each."""
        if self.cluster:
            return cluster_backends().content(self.environment)
        root = self.data / "blobs/objects"
        return [(str(path.relative_to(root)), path.read_bytes()) for path in sorted(root.rglob("*.obj"))]

    def spoil(self, prefix):
        """The last byte of the objects whose names begin so."""
        for name, content in self.stored_objects():
            if name.startswith(prefix):
                self.put_object(name, content[:-1] + b"x")

    def remove_objects(self, prefix):
        for name, _ in self.stored_objects():
            if name.startswith(prefix):
                self.put_object(name, None)

    def put_object(self, name, content):
        path = self.data / "blobs/objects" / name
        if self.cluster:
            cluster_backends().change(self.environment, name, content)
        elif content is None:
            path.unlink()
        else:
            path.write_bytes(content)

    def objects(self):
        """Of the store: a path each."""
        if self.cluster:
            found = cluster_backends().objects(self.environment)
            return [pathlib.PurePosixPath("/objects", key) for key, _ in found if not key.startswith("meta/")]
        # Folders may vanish under the walk: rglob() would stumble over them.
        return [pathlib.Path(folder, name) for folder, _, names in os.walk(self.data / "blobs") for name in names]


class Node:
    def __init__(self, server, role, out, port):
        self.server, self.role, self.out, self.log = server, role, out, server.log
        self.port = port
        self.start()

    def start(self):
        command = [PROGRAM, "serve", "--data", self.server.data, *self.server.arguments]
        if self.role != "all":
            command += ["--role", self.role]
        if self.role != "worker":
            command += ["--owner-key-file", self.server.key_file]
            command += [] if "--listen" in self.server.arguments else ["--listen", f"127.0.0.1:{self.port}"]
        with open(self.log, "ab") as log, open(self.out, "wb") as stream:
            self.process = subprocess.Popen(command, stdout=stream, stderr=log, env=self.server.environment)

    def restart(self):
        """Where it was before."""
        if self.role != "worker":
            self.port = int(self.base.rsplit(":", 1)[1])
        self.start()
        self.wait_until_up()

    def wait_until_up(self):
        says = "CADLens works\n" if self.role == "worker" else r"listens on (\S+)\n"
        for _ in range(6000):
            match = re.search(says, self.out.read_text())
            if match:
                self.base = match.group(1) if self.role != "worker" else None
                return
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.01)
        raise AssertionError("the server did not start: " + self.log.read_text())


CLUSTER = os.environ.get("CADLENS_BACKENDS") == "cluster"
SIBLINGS = {}  # base of a node -> the bases of all that serve the same API, in turn
BACKENDS = []


def cluster_backends():
    """Started with the first cluster, for all of the run."""
    if not BACKENDS:
        BACKENDS.append(backends.Backends())
    return BACKENDS[0]


def make_key_files(folder, environment):
    """The keys that the nodes of a cluster share: they never make their own."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for name, variable in (("master.key", "CADLENS_MASTER_KEY"), ("signing.key", "CADLENS_SIGNING_KEY")):
        if not (folder / name).exists() and not {variable, variable + "_FILE"} & environment.keys():
            (folder / name).touch(mode=0o600)
            (folder / name).write_text(secrets.token_hex(32) + "\n")


def wait_until(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture(scope="session")
def idle_worker(tmp_path_factory):
    """A worker that passes the server's test of it and then never answers."""
    return stand_in_worker.write(tmp_path_factory.mktemp("worker") / "idle", stand_in_worker.NEVER_ANSWER)


SERVERS, FOLDERS = [], []  # of this run
PASSING = []  # servers that end before it does


def start_server(*arguments, environment=None, limited=False):
    folder = tempfile.mkdtemp(prefix="cadlens-api-")
    FOLDERS.append(folder)
    SERVERS.append(Server(folder, *arguments, environment=environment, limited=limited))
    return SERVERS[-1]


def make_passing_server(*arguments, **options):
    PASSING.append(start_server(*arguments, **options))
    return PASSING[-1]


def stop_servers(count):
    """All but so many. A hundred clusters of four nodes that have nothing to do are more than two processors bear."""
    while len(PASSING) > count:
        PASSING.pop().stop(signal.SIGKILL)


@pytest.fixture(scope="session", autouse=True)
def remove_folders():
    yield
    for folder in FOLDERS:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def make_server():
    """Of a server that ends with the test that made it, or with the module whose fixture did."""
    before = len(PASSING)
    yield make_passing_server
    stop_servers(before)


@pytest.fixture(autouse=True)
def stop_what_this_test_made():
    before = len(PASSING)
    yield
    stop_servers(before)


def certificate(folder, name="api.test", kind="ec"):
    """A certificate that signs itself, and its key: two files in the folder, made if need be."""
    folder.mkdir(exist_ok=True)
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"] if kind == "ec" else ["-newkey", "rsa:2048"]
    subprocess.run(["openssl", "req", "-x509", *key, "-nodes", "-days", "2", "-subj", f"/CN={name}", "-addext",
                    f"subjectAltName=DNS:{name},IP:127.0.0.1", "-keyout", folder / "key.pem", "-out",
                    folder / "cert.pem"], check=True, capture_output=True)
    (folder / "key.pem").chmod(0o600)
    return folder / "cert.pem", folder / "key.pem"


class Mailbox:
    """What a mail server on this machine has received: (sender, receivers, message)."""

    def __init__(self):
        self.mails, self.refuse = [], 0

    async def handle_DATA(self, server, session, envelope):
        if self.refuse > 0:
            self.refuse -= 1
            return "451 Try again later"
        self.mails.append((envelope.mail_from, envelope.rcpt_tos,
                           email.message_from_bytes(envelope.content, policy=email.policy.default)))
        return "250 OK"

    def texts_to(self, address):
        return [message.get_content() for _, to, message in self.mails if to == [address]]


def free_port():
    """Chosen by the system: Controller alone would connect to port 0 to see whether it runs."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def mailbox():
    controller = pytest.importorskip("aiosmtpd.controller", reason="python3-aiosmtpd is not installed")
    box = Mailbox()
    smtp = controller.Controller(box, hostname="127.0.0.1", port=0)
    smtp.port = free_port()
    smtp.start()
    box.port = smtp.port
    yield box
    smtp.stop()


@pytest.fixture(scope="session")
def server():
    one = start_server()
    yield one
    one.stop(signal.SIGKILL)


@pytest.fixture
def client(server):
    return server.client()


@pytest.fixture(scope="session")
def house():
    return (FIXTURES / "house.dxf").read_bytes()


@pytest.fixture(scope="session")
def done(server, house):
    """A completed job of the fixture, shared by the tests that only look."""
    return server.client().complete(house, name="house.dxf")
