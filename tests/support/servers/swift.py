#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A real S3 server for tests: OpenStack Swift with its s3api and encryption, from Debian's packages
swift-proxy, swift-account, swift-container and swift-object (by /usr/bin/python3, which they are for).

On loopback, on free ports, in a temporary directory, with credentials made now. Prints one line of
JSON when it answers: {"endpoint", "bucket", "url", "region", "access_key", "secret_key",
"other_access_key", "other_secret_key", "files"}; `files` is the folder where objects lie on disk.
Stops, and removes everything, when its standard input closes.

  swift.py              meanwhile it obeys lines of its input (stop, start, restart, pause, resume)
                        and answers each with "ok"
  swift.py --run CMD    runs a command with that line in CADLENS_TEST_SWIFT_URL, and ends with it
"""
import base64
import ctypes
import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import warnings

sys.path.pop(0)  # this folder: there this file is called swift

try:
    import eventlet.wsgi
    import swift.account.server  # noqa: F401  (each of the four packages)
    import swift.container.server  # noqa: F401
    import swift.obj.server  # noqa: F401
    import swift.proxy.server  # noqa: F401
    from swift.common import utils, wsgi
    from swift.common.middleware import memcache
    from swift.common.ring import RingBuilder
except ImportError as missing:
    print(f"Swift is not installed (tools/setup.sh test): {missing}", file=sys.stderr)
    sys.exit(1 if os.environ.get("CI") == "true" else 77)

BUCKET = "cadlens"
REGION = "eu-test-1"
# encryption behind s3api: what lies on disk is encrypted with keys derived from the root secret.
PIPELINE = ("catch_errors gatekeeper proxy-logging cache listing_formats s3api tempauth copy slo dlo "
            "versioned_writes symlink keymaster encryption proxy-logging proxy-server")
EGGS = {name: name.replace("-", "_") for name in PIPELINE.split()} | {"cache": "memcache", "proxy-server": "proxy"}


class Cache:
    """What memcached is to Swift's proxy, in its own memory."""

    def __init__(self):
        self.items = {}

    def get(self, key, *_, **__):
        value, ends = self.items.get(key, (None, 0))
        return value if ends > time.monotonic() else None

    def set(self, key, value, *_, time=0, **__):
        if len(self.items) > 10000:
            self.items.clear()
        self.items[key] = (value, self.now() + (time or 3600))

    def incr(self, key, delta=1, time=0, **__):
        value = int(self.get(key) or 0) + int(delta)
        self.set(key, value, time=time)
        return value

    def delete(self, key, *_, **__):
        self.items.pop(key, None)

    @staticmethod
    def now():
        return time.monotonic()


def use_own_cache():
    cache = Cache()

    def call(self, environment, start_response):
        environment["swift.cache"] = cache
        return self.app(environment, start_response)

    memcache.MemcacheMiddleware.__call__ = call


def listening_socket(port=0):
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("127.0.0.1", port))
    sock.listen(512)
    return sock


def section(header, **values):
    return f"[{header}]\n" + "".join(f"{key} = {value}\n" for key, value in values.items()) + "\n"


def storage_conf(kind, folder, port):
    common = dict(devices=folder / "node", mount_check="false", disable_fallocate="true", log_level="ERROR",
                  log_address="/nowhere", swift_dir=folder, bind_ip="127.0.0.1", bind_port=port,
                  recon_cache_path=folder)
    return (section("DEFAULT", **common) + section("pipeline:main", pipeline=f"{kind}-server")
            + section(f"app:{kind}-server", use=f"egg:swift#{kind}"))


def proxy_conf(folder, port, made):
    text = section("DEFAULT", bind_ip="127.0.0.1", bind_port=port, swift_dir=folder, log_level="ERROR",
                   log_address="/nowhere")
    text += section("pipeline:main", pipeline=PIPELINE)
    for name in dict.fromkeys(PIPELINE.split()):
        own = {}
        if name == "cache":
            own = {"memcache_servers": "127.0.0.1:1"}  # never asked: use_own_cache()
        elif name == "s3api":
            own = {"location": REGION, "s3_acl": "false", "storage_domain": "s3.localhost"}
        elif name == "tempauth":
            own = {f"user_{user.replace(':', '_')}": f"{secret} .admin"
                   for user, secret in ((made["access_key"], made["secret_key"]),
                                        (made["other_access_key"], made["other_secret_key"]))}
        elif name == "keymaster":
            own = {"encryption_root_secret": made["root_secret"]}
        elif name == "encryption":
            own = {"disable_encryption": "false"}
        elif name == "proxy-server":
            own = {"account_autocreate": "true", "allow_account_management": "true"}
        kind = "app" if name == "proxy-server" else "filter"
        text += section(f"{kind}:{name}", use=f"egg:swift#{EGGS[name]}", **own)
    return text


def make_rings(folder, ports):
    for kind, port in ports.items():
        builder = RingBuilder(4, 1, 0)
        builder.add_dev({"region": 1, "zone": 1, "ip": "127.0.0.1", "port": port, "device": "disk", "weight": 1,
                         "replication_ip": "127.0.0.1", "replication_port": port, "meta": ""})
        builder.rebalance()
        builder.get_ring().save(str(folder / f"{kind}.ring.gz"))


def made_now():
    return {"access_key": f"cadlens{secrets.token_hex(4)}:tester", "secret_key": secrets.token_hex(20),
            "other_access_key": f"other{secrets.token_hex(4)}:tester", "other_secret_key": secrets.token_hex(20),
            "root_secret": base64.b64encode(secrets.token_bytes(32)).decode()}


def prepare(folder):
    made = made_now()
    (folder / "node" / "disk").mkdir(parents=True)
    (folder / "swift.conf").write_text(
        section("swift-hash", swift_hash_path_prefix=secrets.token_hex(8), swift_hash_path_suffix=secrets.token_hex(8))
        + section("storage-policy:0", name="one", default="yes"))
    return made


def serve(conf, sock):
    """A child: one of the four servers, until its parent ends."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    warnings.simplefilter("ignore")  # about the header names that S3's clients want
    eventlet.hubs.use_hub(utils.get_hub())
    use_own_cache()
    app = wsgi.loadapp(str(conf))
    eventlet.wsgi.server(eventlet.greenio.GreenSocket(sock), app, wsgi.NullLogger(),
                         protocol=wsgi.SwiftHttpProtocol, capitalize_response_headers=False, socket_timeout=60)


class Server:
    KINDS = ("account", "container", "object", "proxy")

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cadlens-swift-"))
        self.children = []
        self.made = prepare(self.folder)
        sockets = {kind: listening_socket() for kind in self.KINDS}
        self.ports = {kind: sock.getsockname()[1] for kind, sock in sockets.items()}
        self.endpoint = f"http://127.0.0.1:{self.ports['proxy']}"
        make_rings(self.folder, {kind: port for kind, port in self.ports.items() if kind != "proxy"})
        for kind, port in self.ports.items():
            text = proxy_conf(self.folder, port, self.made) if kind == "proxy" else storage_conf(kind, self.folder, port)
            self.conf(kind).write_text(text)
        utils.set_swift_dir(str(self.folder))
        self.fork(sockets)
        token, url = self.token()
        # By Swift's own API: the S3 side is what the tests are about.
        request = urllib.request.Request(f"{url}/{BUCKET}", method="PUT", headers={"X-Auth-Token": token})
        urllib.request.urlopen(request, timeout=30).close()

    def conf(self, kind):
        return self.folder / f"{kind}.conf"

    def fork(self, sockets):
        for kind in self.KINDS:
            pid = os.fork()
            if pid == 0:
                try:
                    for other, sock in sockets.items():
                        if other != kind:
                            sock.close()
                    serve(self.conf(kind), sockets[kind])
                except BaseException as problem:
                    print(f"{kind}: {problem!r}", file=sys.stderr)
                os._exit(1)
            self.children.append(pid)
        for sock in sockets.values():
            sock.close()

    def token(self):
        """From a server that may still be starting."""
        deadline = time.monotonic() + 60
        request = urllib.request.Request(f"{self.endpoint}/auth/v1.0", headers={
            "X-Auth-User": self.made["access_key"], "X-Auth-Key": self.made["secret_key"]})
        while True:
            try:
                with urllib.request.urlopen(request, timeout=10) as answer:
                    return answer.headers["X-Auth-Token"], answer.headers["X-Storage-Url"]
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def line(self):
        return json.dumps({"endpoint": self.endpoint, "bucket": BUCKET, "region": REGION,
                           "url": f"{self.endpoint}/{BUCKET}?region={REGION}", "files": str(self.folder / "node"),
                           **{name: value for name, value in self.made.items() if name != "root_secret"}})

    def start(self):
        if not self.children:
            self.fork({kind: listening_socket(port) for kind, port in self.ports.items()})
            self.token()

    def stop(self):
        for child in self.children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        self.children = []

    def obey(self, line):
        if line in ("stop", "restart"):
            self.stop()
        if line in ("start", "restart"):
            self.start()
        if line in ("pause", "resume"):
            for child in self.children:
                os.kill(child, signal.SIGSTOP if line == "pause" else signal.SIGCONT)
        if line not in ("stop", "start", "restart", "pause", "resume"):
            sys.exit(f"Unknown command: {line}")

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def main():
    os.umask(0o077)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(1))
    server = Server()
    try:
        if sys.argv[1:2] == ["--run"]:
            environment = dict(os.environ, CADLENS_TEST_SWIFT_URL=server.line())
            return subprocess.run(sys.argv[2:], env=environment).returncode
        print(server.line(), flush=True)
        for line in sys.stdin:
            server.obey(line.strip())
            print("ok", flush=True)
        return 0
    finally:
        server.remove()


if __name__ == "__main__":
    sys.exit(main())
