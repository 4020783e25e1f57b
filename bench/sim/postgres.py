# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL server with nothing turned off (fsync, full page writes), for measuring: in a temporary directory, on
loopback and a free port, as another user than root, with a generated password; gone with `stop()`."""
import os
import pathlib
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time

SETTINGS = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "60",
            "shared_buffers": "512MB", "max_wal_size": "4GB", "checkpoint_timeout": "15min",
            "password_encryption": "scram-sha-256", "jit": "off"}
TICKS = os.sysconf("SC_CLK_TCK")


def programs():
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


class Server:
    def __init__(self):
        self.bin = programs()
        if not self.bin:
            sys.exit("PostgreSQL is not installed (Debian: postgresql).")
        self.user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="cadlens-sim-postgres-"))
        self.password = secrets.token_hex(16)
        (self.dir / "secret").write_text(self.password)
        if self.user:
            shutil.chown(self.dir, "postgres", "postgres")
            shutil.chown(self.dir / "secret", "postgres", "postgres")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.call("initdb", "-D", self.dir / "data", "-U", "measure", "-A", "scram-sha-256", "--pwfile",
                  self.dir / "secret", "-E", "UTF8", "--locale=C.UTF-8")
        (self.dir / "secret").unlink()
        options = [x for name, value in {**SETTINGS, "port": self.port}.items() for x in ("-c", f"{name}={value}")]
        with open(self.dir / "log", "wb") as log:
            self.process = subprocess.Popen([*self.user, self.bin / "postgres", "-D", self.dir / "data", *options],
                                            stdout=log, stderr=log)
        self.environment = {**os.environ, "PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGUSER": "measure",
                            "PGDATABASE": "postgres", "PGPASSWORD": self.password}
        for _ in range(300):
            if subprocess.run([self.bin / "psql", "-qc", "SELECT 1"], env=self.environment,
                              capture_output=True).returncode == 0:
                return
            time.sleep(0.1)
        sys.exit("PostgreSQL did not start: " + (self.dir / "log").read_text())

    def call(self, program, *arguments):
        done = subprocess.run([*self.user, self.bin / program, *map(str, arguments)], capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{program}: {done.stderr}")

    def sql(self, text):
        """What psql says, rows as lines of fields with | between them."""
        done = subprocess.run([self.bin / "psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-f", "-"], input=text,
                              env=self.environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr.strip())
        return done.stdout.strip()

    def cpu_seconds(self):
        """Of the server and its processes, those that have ended included."""
        pids = [self.process.pid]
        for task in pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/children"):
            pids += map(int, task.read_text().split())
        total = 0
        for pid in pids:
            try:
                fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            total += sum(map(int, fields[11:15] if pid == self.process.pid else fields[11:13]))
        return total / TICKS

    def stop(self):
        self.process.send_signal(2)  # fast: without waiting for clients
        self.process.wait(60)
        shutil.rmtree(self.dir, ignore_errors=True)
