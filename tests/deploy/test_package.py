# SPDX-License-Identifier: Apache-2.0
"""The Debian package, built of the release that is here: what is in it, what it does when it is installed and removed."""
import os
import pathlib
import re
import shutil
import subprocess

import pytest
from deployment import BUILD, ROOT, missing_here, version_of_the_project

OURS = pathlib.Path("etc/cadlens")


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    if not shutil.which("dh") or not shutil.which("lintian"):
        missing_here("debhelper or lintian is not installed")
    out = tmp_path_factory.mktemp("deb")
    done = subprocess.run([ROOT / "packaging/build-deb.sh", out], capture_output=True, text=True, timeout=900,
                          env={**os.environ, "CADLENS_BUILD": str(BUILD), "CADLENS_DEB_COMPRESSION": "-Zgzip -z1"})
    assert done.returncode == 0, done.stderr[-3000:]
    return pathlib.Path(done.stdout.split()[-1])


@pytest.fixture(scope="module")
def tree(package, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tree")
    subprocess.run(["dpkg-deb", "--raw-extract", package, folder], check=True)
    return folder


def test_lintian_finds_nothing(package):
    done = subprocess.run(["lintian", "--allow-root", "--fail-on", "error,warning", package], capture_output=True, text=True,
                          timeout=900)
    assert done.returncode == 0, done.stdout
    assert not re.search(r"^[EW]:", done.stdout, re.M), done.stdout


def test_the_package_is_whole(tree):
    control = (tree / "DEBIAN/control").read_text()
    depends = re.search(r"^Depends: (.*)$", control, re.M)[1]
    for name in ("libcurl4", "fonts-liberation2", "fonts-dejavu-core", "fonts-droid-fallback", "ca-certificates", "libssl3"):
        assert re.search(rf"(^|, ){name}\b", depends), name
    version = version_of_the_project()
    assert f"\nVersion: {version}\n" in control
    assert os.readlink(tree / "usr/bin/cadlens") == "../lib/cadlens/cadlens"
    assert {path.name for path in (tree / "usr/lib/cadlens").iterdir()} == {"cadlens", "cadlens-service", "cadlens-worker"}
    assert {path.name for path in (tree / "lib/systemd/system").iterdir()} == {
        path.name for path in (ROOT / "packaging").glob("*.service")}
    conffiles = set((tree / "DEBIAN/conffiles").read_text().split())
    assert conffiles == {f"/etc/cadlens/{name}.env" for name in ("cadlens", "api", "worker")}
    assert (tree / OURS / "credentials").stat().st_mode & 0o777 == 0o700
    assert re.search(r"^u cadlens - ", (tree / "usr/lib/sysusers.d/cadlens.conf").read_text(), re.M)
    assert (tree / "usr/share/doc/cadlens/deploy.md").exists() or (tree / "usr/share/doc/cadlens/deploy.md.gz").exists()


def test_S07_installing_starts_and_enables_nothing(tree):
    """What the maintainer scripts may do with a service is to start again one that runs."""
    text = "\n".join(path.read_text() for path in (tree / "DEBIAN").iterdir() if path.name.endswith(("inst", "rm")))
    started = set(re.findall(r"deb-systemd-invoke ([\w-]+)", text))
    assert started == {"stop", "try-restart"}, started
    assert set(re.findall(r"systemctl (?:--system )?([\w-]+)", text)) == {"daemon-reload"}
    # Links of a service are made anew only where the operator had enabled it, before an upgrade.
    lines = text.splitlines()
    enabling = [number for number, line in enumerate(lines) if "deb-systemd-helper enable" in line]
    assert len(enabling) == len(list((ROOT / "packaging").glob("*.service")))
    assert all("was-enabled" in lines[number - 2] for number in enabling)


def test_the_packaged_program_runs_from_its_tree(tree):
    done = subprocess.run([tree / "usr/bin/cadlens", "parse", ROOT / "examples/house.dxf", "-o", "-"], capture_output=True,
                          timeout=60)
    assert done.returncode == 0 and done.stdout.startswith(b"{"), done.stderr
    helped = subprocess.run([tree / "usr/bin/cadlens", "serve", "--help"], capture_output=True, text=True, timeout=60)
    assert helped.returncode == 0 and "--trusted-proxy" in helped.stdout


def test_purging_keeps_the_data_and_says_so(tree, tmp_path):
    """The script with a folder of its own in place of /var/lib."""
    text = (tree / "DEBIAN/postrm").read_text().replace("/var/lib/cadlens", f"{tmp_path}/cadlens")
    text = re.sub(r"\[ -x \"/usr/bin/deb-systemd-helper\" \]", "false", text)
    text = re.sub(r"systemctl --system daemon-reload.*", "true", text)
    script = tmp_path / "postrm"
    script.write_text(text)
    (tmp_path / "cadlens").mkdir()
    (tmp_path / "cadlens/master.key").write_text("x")
    (tmp_path / "cadlens-worker").mkdir()
    done = subprocess.run(["sh", script, "purge"], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "cadlens/master.key").exists() and not (tmp_path / "cadlens-worker").exists()
    assert f"{tmp_path}/cadlens is kept" in done.stdout
