# SPDX-License-Identifier: Apache-2.0
"""S05, S07, S25: the systemd units, read from the files and judged by systemd's own tools."""
import re
import shutil
import subprocess

import pytest
from deployment import ROOT, UNITS, missing_here, stop_seconds, unit

# systemd-analyze security: 0 is the least exposed, 10 the most. A network service that nobody looked after has 9.6.
MOST_EXPOSED = {"cadlens.service": 2.3, "cadlens-api.service": 1.6, "cadlens-worker.service": 1.8}
ALWAYS = {"NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes", "PrivateDevices": "yes",
          "MemoryDenyWriteExecute": "yes", "StateDirectoryMode": "0700", "UMask": "0077", "User": "cadlens", "LimitCORE": "0",
          "RestrictAddressFamilies": "AF_INET AF_INET6 AF_UNIX", "RestrictSUIDSGID": "yes", "SystemCallArchitectures": "native"}
# What a worker closes itself in with (docs/threat-model.md).
WALLS = {"seccomp", "unshare", "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"}

each_unit = pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)


def systemd(*arguments):
    if not shutil.which("systemd-analyze"):
        missing_here("systemd-analyze is not installed")
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, timeout=60,
                          env={"PATH": "/usr/bin:/bin", "SYSTEMD_COLORS": "0", "LANG": "C.UTF-8"})


def test_the_units_are_those_that_are_judged_here():
    assert {path.name for path in UNITS} == set(MOST_EXPOSED)


@each_unit
def test_systemd_understands_the_unit(path, tmp_path):
    """The program is this machine's /bin/true: whether /usr/lib/cadlens is here is not asked. The user is not here either."""
    text = path.read_text().replace("/usr/lib/cadlens/cadlens", "/bin/true")
    there = tmp_path / path.name
    there.write_text(text)
    said = systemd("verify", "--man=no", "--recursive-errors=no", there)
    assert said.returncode == 0 and path.name not in said.stderr, said.stderr
    there.write_text(text.replace("ProtectHome=yes", "ProtectHome=perhaps\nProtectHouse=yes"))
    assert "ProtectHouse" in systemd("verify", "--man=no", "--recursive-errors=no", there).stderr, "it would have been told"


@each_unit
def test_S07_the_unit_is_as_closed_as_it_was(path):
    said = systemd("security", "--offline=yes", "--no-pager", path)
    exposure = float(re.search(r"Overall exposure level for \S+: ([\d.]+)", said.stdout)[1])
    assert exposure <= MOST_EXPOSED[path.name], said.stdout


@each_unit
def test_S05_the_unit_opens_the_api_alone(path):
    settings = unit(path)
    for name, value in ALWAYS.items():
        assert settings.get(name) == [value], name
    assert not [name for name in settings if name.startswith("Listen") or name == "Sockets"], "no other socket is handed over"
    start, = settings["ExecStart"]
    assert "--listen" not in start and "--metrics" not in start, "loopback unless the operator says otherwise"
    if "worker" in path.name:
        assert settings["IPAddressDeny"] == ["any"] and settings["CapabilityBoundingSet"] == [""]
        private = "localhost 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7"
        assert settings["IPAddressAllow"] == [private], "its data is on private networks"
    else:
        assert settings["CapabilityBoundingSet"] == settings["AmbientCapabilities"] == ["CAP_NET_BIND_SERVICE"]


@each_unit
def test_S18_the_unit_leaves_the_workers_their_walls(path):
    settings = unit(path)
    allowed = set(settings["SystemCallFilter"][0].split())
    if "--role=api" in settings["ExecStart"][0]:
        assert settings["RestrictNamespaces"] == ["yes"] and not WALLS & allowed, "nobody parses here"
        return
    assert WALLS <= allowed
    assert set(settings["RestrictNamespaces"][0].split()) == {"user", "net", "ipc"}
    assert settings["Delegate"] == ["memory pids"] and "ProtectControlGroups" not in settings


@each_unit
def test_S25_secrets_come_as_files_that_systemd_hands_over(path):
    settings = unit(path)
    values = dict(entry.split("=", 1) for entry in settings["Environment"])
    handed = dict(entry.split(":", 1) for entry in settings.get("LoadCredential", []))
    for name, value in values.items():
        assert name == "CADLENS_OPTIONS" or (name.endswith("_FILE") and value.removeprefix("%d/") in handed), name
    assert len(handed) == sum(name.endswith("_FILE") for name in values)
    assert all(place == f"/etc/cadlens/credentials/{name}" for name, place in handed.items())
    assert ("--role=" in settings["ExecStart"][0]) == bool(handed), "a cluster's node needs them all"


@each_unit
def test_the_unit_kills_later_than_a_stop_takes(path):
    settings = unit(path)
    start, = settings["ExecStart"]
    role = re.search(r"--role=(\w+)", start)
    times = {name: int(number) for name, number in re.findall(r"--(drain|finish)-seconds (\d+)", start)}
    assert int(settings["TimeoutStopSec"][0]) >= stop_seconds(*([role[1]] if role else ["api", "worker"]), **times)


def test_S25_the_shipped_settings_hold_nothing_that_is_in_force():
    for path in (ROOT / "packaging/etc").glob("*.env"):
        lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
        assert all(re.fullmatch(r"[A-Z_0-9]+=", line) for line in lines), path.name
