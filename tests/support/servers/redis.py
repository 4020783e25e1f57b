#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A Redis server for a test: on loopback, a free port, with a password made for it, in a directory that
goes with it. Prints its URL as one line and ends when its standard input closes. Each line that it reads
there is done and answered with "ok": stop, start, pause, continue, flush. "admin" is answered with the URL
of a user who may do anything, to look into the server with.

The rules of the user are those of docs/redis.md, so whatever passes here needs no more than they allow.
"""
import argparse
import ctypes
import datetime
import ipaddress
import os
import pathlib
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time

ACL = (
    "~cadlens:* &cadlens:* -@all +ping +select +publish +subscribe +unsubscribe +eval +evalsha"
    " +time +get +set +exists +hget +hset +hdel +hexists +hlen +hincrby +hgetall +zadd +zrem +zscore +zcard +zrange"
    " +zrangebyscore +xadd +xack +xdel +xlen +xrange +xrevrange +xclaim +xautoclaim +xreadgroup +xgroup +xinfo"
)


def end_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: also when this helper is killed


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make_certificates(folder):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    def name(text):
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    now = datetime.datetime.utcnow()
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))

    def build(subject, public_key, extension):
        return (
            x509.CertificateBuilder()
            .subject_name(name(subject)).issuer_name(name("test authority")).public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
            .sign(ca_key, hashes.SHA256())
        )

    ca = build("test authority", ca_key.public_key(), x509.BasicConstraints(ca=True, path_length=0))
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = build("redis", key.public_key(), names)
    (folder / "ca.pem").write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))


class Server:
    def __init__(self, folder, tls, append_only):
        self.folder, self.port, self.tls = folder, free_port(), tls
        # What must be percent-encoded in a URL is part of every password.
        self.password = secrets.token_hex(16) + "@/%:"
        self.admin = secrets.token_hex(16)
        lines = [
            "bind 127.0.0.1", f"dir {folder}", "save \"\"", "databases 1024", "daemonize no", "logfile redis.log",
            f"appendonly {'yes' if append_only else 'no'}", "appendfsync everysec", "maxmemory 256mb",
            f"user default on >{self.admin} ~* &* +@all", f"user cadlens on >{self.password} {ACL}",
        ]
        if tls:
            make_certificates(folder)
            lines += ["port 0", f"tls-port {self.port}", "tls-cert-file cert.pem", "tls-key-file key.pem",
                      "tls-ca-cert-file ca.pem", "tls-auth-clients no"]
        else:
            lines += [f"port {self.port}"]
        path = folder / "redis.conf"
        path.touch(mode=0o600)
        path.write_text("\n".join(lines) + "\n")

    def url(self, user="cadlens", password=None):
        password = (password or self.password).replace("%", "%25").replace("@", "%40").replace("/", "%2F").replace(":", "%3A")
        scheme, tail = ("rediss", f"?ca={self.folder}/ca.pem") if self.tls else ("redis", "")
        return f"{scheme}://{user}:{password}@127.0.0.1:{self.port}/0{tail}"

    def start(self):
        self.process = subprocess.Popen(["redis-server", str(self.folder / "redis.conf")],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        cwd=self.folder, start_new_session=True,
                                        preexec_fn=end_with_parent)
        for _ in range(200):
            if "PONG" in self.admin_call("PING"):
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        sys.exit("redis-server did not start: " + (self.folder / "redis.log").read_text()[-2000:])

    def admin_call(self, *words):
        command = ["redis-cli", "-p", str(self.port)] + (["--tls", "--cacert", "ca.pem"] if self.tls else [])
        done = subprocess.run(command + list(words), capture_output=True, text=True, cwd=self.folder, check=False,
                              env={**os.environ, "REDISCLI_AUTH": self.admin})
        return done.stdout

    def stop(self):
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()

    def do(self, word):
        if word == "pause":
            self.process.send_signal(signal.SIGSTOP)
        elif word == "continue":
            self.process.send_signal(signal.SIGCONT)
        elif word == "flush":
            self.admin_call("FLUSHALL")
        elif word == "admin":
            return self.url("default", self.admin)
        elif word in ("start", "stop"):
            getattr(self, word)()
        else:
            return "unknown"
        return "ok"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--append-only", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cadlens-redis-") as folder:
        server = Server(pathlib.Path(folder), options.tls, options.append_only)
        server.start()
        try:
            print(server.url(), flush=True)
            for line in sys.stdin:
                print(server.do(line.strip()), flush=True)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
