# SPDX-License-Identifier: Apache-2.0
"""Runs the image's root as a container runtime would: crun, read-only root, a user without privileges, no
capabilities, and the default system-call filter of Docker, containerd and the clusters' RuntimeDefault.
"""
import json
import os
import platform
import shutil
import signal
import socket
import subprocess
import time

PROFILE = "/usr/share/containers/seccomp.json"
USER = 65532
# crun knows the two versions of control groups, and not machines that mix them.
OWN_GROUPS = 'mount -t cgroup2 none /sys/fs/cgroup && exec "$@"'


# What Docker's default profile allows to CAP_SYS_ADMIN alone, where the one of Debian's containers-common, for the
# sake of containers in containers, allows it to all.
PRIVILEGED = {"bpf", "clone", "clone3", "fanotify_init", "fsconfig", "fsmount", "fsopen", "fspick", "lookup_dcookie", "mount",
              "mount_setattr", "move_mount", "open_tree", "perf_event_open", "pivot_root", "quotactl", "setdomainname",
              "sethostname", "setns", "syslog", "umount", "umount2", "unshare"}
NEW_NAMESPACES = 0x7E020000  # CLONE_NEW* of clone()
ENOSYS = 38


def runs_here():
    """Why it cannot be tried here; None: it can."""
    if os.geteuid() != 0:
        return "containers are started as root here"
    if not shutil.which("crun") or not os.path.exists(PROFILE):
        return "crun or the default seccomp profile is missing (tools/setup.sh test)"
    return None


def default_filter():
    """The profile, resolved for a container without capabilities."""
    profile = json.load(open(PROFILE))
    machine = {"x86_64": "SCMP_ARCH_X86_64", "aarch64": "SCMP_ARCH_AARCH64"}[platform.machine()]
    short = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
    arches = [machine] + next((row["subArchitectures"] for row in profile["archMap"] if row["architecture"] == machine), [])
    rules = []
    for rule in profile["syscalls"]:
        includes, excludes = rule.get("includes") or {}, rule.get("excludes") or {}
        if includes.get("caps") or (includes.get("arches") and short not in includes["arches"]):
            continue
        if short in (excludes.get("arches") or []):
            continue
        kept = {key: rule[key] for key in ("names", "action", "args", "errnoRet") if rule.get(key) is not None}
        kept["names"] = [name for name in kept["names"] if name not in PRIVILEGED]
        rules += [kept] if kept["names"] else []
    rules.append({"names": ["clone"], "action": "SCMP_ACT_ALLOW",
                  "args": [{"index": 0, "value": NEW_NAMESPACES, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]})
    rules.append({"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": ENOSYS})
    out = {"defaultAction": profile["defaultAction"], "architectures": arches, "syscalls": rules}
    if "defaultErrnoRet" in profile:
        out["defaultErrnoRet"] = profile["defaultErrnoRet"]
    return out


def config_of(root, arguments, environment, data):
    return {
        "ociVersion": "1.0.2",
        "process": {"terminal": False, "user": {"uid": USER, "gid": USER}, "args": arguments, "cwd": "/var/lib/cadlens",
                    "env": [f"{k}={v}" for k, v in environment.items()], "noNewPrivileges": True,
                    "capabilities": {kind: [] for kind in ("bounding", "effective", "permitted", "inheritable", "ambient")}},
        "root": {"path": str(root), "readonly": True},
        "mounts": [
            {"destination": "/proc", "type": "proc", "source": "proc"},
            {"destination": "/dev", "type": "tmpfs", "source": "tmpfs",
             "options": ["nosuid", "noexec", "strictatime", "mode=755", "size=64k"]},
            {"destination": "/var/lib/cadlens", "type": "bind", "source": str(data),
             "options": ["rbind", "rw", "nosuid", "nodev", "noexec"]}],
        # The network stays the machine's: the test speaks with it on loopback.
        "linux": {"namespaces": [{"type": kind} for kind in ("pid", "ipc", "uts", "mount")],
                  "seccomp": default_filter(),
                  "maskedPaths": ["/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/scsi", "/sys/firmware"],
                  "readonlyPaths": ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]}}


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Container:
    def __init__(self, folder, root, arguments, environment=None, data=None):
        self.name = f"cadlens-test-{os.getpid()}-{time.monotonic_ns()}"
        self.state, self.bundle = folder / "crun", folder / self.name
        self.bundle.mkdir(parents=True)
        self.data = data or self.bundle / "data"
        self.data.mkdir(exist_ok=True)
        os.chmod(self.data, 0o700)
        os.chown(self.data, USER, USER)
        (self.bundle / "config.json").write_text(json.dumps(config_of(root, arguments, environment or {}, self.data)))
        self.log, self.pid_file = self.bundle / "log", self.bundle / "pid"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                ["unshare", "--mount", "sh", "-c", OWN_GROUPS, "sh", "crun", "--root", self.state, "--cgroup-manager=disabled",
                 "run", "--pid-file", self.pid_file, "--bundle", self.bundle, self.name],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)

    def wait(self, seconds=30):
        return self.process.wait(timeout=seconds)

    def signal(self, number):
        os.kill(int(self.pid_file.read_text()), number)

    def end(self):
        if self.process.poll() is None and self.pid_file.exists():
            self.signal(signal.SIGKILL)
        self.process.wait(timeout=10)
