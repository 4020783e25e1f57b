#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL server for tests: in a temporary directory, on loopback and a free port, with a
generated password, never as root. Prints its URL as one line and stops when its input closes.

  postgres.py              meanwhile it obeys lines of its input (stop, start, restart, pause,
                           resume) and answers each with "ok"
  postgres.py --run CMD    runs a command with CADLENS_TEST_POSTGRES_URL, and ends with it

The user of the URL owns the database and may make others, but is no superuser.
"""
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

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "1500",
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "deadlock_timeout": "200ms",
    "password_encryption": "scram-sha-256",
}


def find_programs():
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"),
                   key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return pathlib.Path(on_path).parent if on_path else None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    def __init__(self, programs):
        self.programs = programs
        self.password = secrets.token_hex(16)
        self.user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="cadlens-postgres-"))
        self.port = free_port()
        self.process = None
        self.url = ""

    def make(self):
        if self.user:
            shutil.chown(self.dir, "postgres", "postgres")
        secret = self.dir / "password"
        secret.touch(mode=0o600)
        secret.write_text(self.password)
        if self.user:
            shutil.chown(secret, "postgres", "postgres")
        self.run("initdb", "-D", self.dir / "data", "-U", "root_of_tests", "-A", "scram-sha-256",
                 "--pwfile", secret, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        secret.unlink()
        self.start()
        name = f"cadlens_{secrets.token_hex(4)}"
        self.run("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", self.port,
                 "-U", "root_of_tests", "-d", "postgres",
                 "-c", f"CREATE ROLE cadlens LOGIN CREATEDB PASSWORD '{self.password}'",
                 "-c", f"CREATE DATABASE {name} OWNER cadlens")
        self.url = f"postgresql://cadlens:{self.password}@127.0.0.1:{self.port}/{name}"

    def run(self, program, *arguments):
        done = subprocess.run(
            [*self.user, str(self.programs / program), *map(str, arguments)], stdin=subprocess.DEVNULL,
            capture_output=True, text=True, cwd="/", env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
                                                "PGPASSWORD": self.password})
        if done.returncode != 0:
            sys.exit(f"{program} failed: {done.stderr}")

    def start(self):
        if self.process:
            return
        settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        with open(self.dir / "log", "a") as log:
            self.process = subprocess.Popen(
                [*self.user, str(self.programs / "postgres"), "-D", str(self.dir / "data"), "-p", str(self.port),
                 *settings], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/")
        limit = time.monotonic() + 60
        while time.monotonic() < limit:
            ready = subprocess.run([str(self.programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)],
                                   stdin=subprocess.DEVNULL)
            if ready.returncode == 0:
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        sys.exit("PostgreSQL did not start: " + (self.dir / "log").read_text()[-2000:])

    def stop(self, how=signal.SIGINT):
        if not self.process:
            return
        self.process.send_signal(signal.SIGCONT)
        self.process.send_signal(how)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def signal_all(self, number):
        """To the server and its children: one by one, by their ids."""
        ids = [self.process.pid]
        ids += map(int, pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split())
        for process in ids:
            try:
                os.kill(process, number)
            except ProcessLookupError:
                pass

    def obey(self, line):
        if line == "stop":
            self.stop()
        elif line == "start":
            self.start()
        elif line == "restart":
            self.stop()
            self.start()
        elif line == "pause":
            self.signal_all(signal.SIGSTOP)
        elif line == "resume":
            self.signal_all(signal.SIGCONT)
        else:
            sys.exit(f"Unknown command: {line}")

    def remove(self):
        if self.process:
            self.signal_all(signal.SIGCONT)
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.dir, ignore_errors=True)


def main():
    programs = find_programs()
    if not programs:
        sys.exit("PostgreSQL is not installed (tools/setup.sh test).")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(1))
    server = None
    try:
        server = Server(programs)
        server.make()
        if sys.argv[1:2] == ["--run"]:
            environment = dict(os.environ, CADLENS_TEST_POSTGRES_URL=server.url)
            return subprocess.run(sys.argv[2:], env=environment).returncode
        print(server.url, flush=True)
        for line in sys.stdin:
            server.obey(line.strip())
            print("ok", flush=True)
        return 0
    finally:
        if server:
            server.remove()


if __name__ == "__main__":
    sys.exit(main())
