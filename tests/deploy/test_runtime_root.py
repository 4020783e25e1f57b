# SPDX-License-Identifier: Apache-2.0
"""The tree that the container image is made of: what is in it, and that it serves as containers are run."""
import json
import os
import pathlib
import re
import signal
import stat
import subprocess
import time

import pytest
import requests
from container import USER, Container, free_port, runs_here

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("CADLENS_BUILD", ROOT / "build/release"))


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """Where everyone may look: the container's user is not ours."""
    root = tmp_path_factory.mktemp("image") / "root"
    subprocess.run([ROOT / "deploy/runtime-root.sh", BUILD, root], check=True, capture_output=True)
    for folder in (root, *root.parents):
        if folder.is_relative_to("/tmp") and folder != pathlib.Path("/tmp"):
            os.chmod(folder, 0o755)
    return root


@pytest.fixture
def start(image, tmp_path):
    reason = runs_here()
    if reason:
        assert os.environ.get("CI") != "true", reason
        pytest.skip(reason)
    os.chmod(tmp_path, 0o755)
    running = []

    def run(*arguments, **options):
        running.append(Container(tmp_path, image, ["/usr/bin/cadlens", *arguments], **options))
        return running[-1]
    yield run
    for container in running:
        container.end()


def files(root):
    return [path for path in root.rglob("*") if path.is_file() and not path.is_symlink()]


def test_S07_the_image_holds_the_service_and_no_way_to_do_anything_else(image):
    programs = {path.name for path in files(image) if os.access(path, os.X_OK) and path.parent.name != "x86_64-linux-gnu"
                and "lib64" not in path.parts and not re.search(r"\.so(\.|$)", path.name)}
    assert programs == {"cadlens", "cadlens-service", "cadlens-worker"}
    for path in image.rglob("*"):
        mode = path.lstat().st_mode
        assert not mode & (stat.S_ISUID | stat.S_ISGID), path
        if not path.is_symlink():
            assert not mode & stat.S_IWOTH, path
    assert (image / "etc/passwd").read_text().count("\n") == 1
    assert re.fullmatch(rf"cadlens:x:{USER}:{USER}::/var/lib/cadlens:/nonexistent\n", (image / "etc/passwd").read_text())


def test_the_image_lists_its_packages_and_their_licenses(image):
    listed = {path.name for path in (image / "var/lib/dpkg/status.d").iterdir()}
    assert {"libc6", "libssl3", "libcurl4", "fonts-dejavu-core"} <= listed
    for name in listed:
        assert re.search(r"^Version: \S", (image / "var/lib/dpkg/status.d" / name).read_text(), re.M)
        assert (image / "usr/share/doc" / name / "copyright").stat().st_size > 0


def test_libraries_and_fonts_that_the_sources_name_are_in_the_image(image):
    """What is loaded or opened by name, no linker can tell."""
    sources = "\n".join(path.read_text() for path in (ROOT / "src").rglob("*.cpp"))
    loaded = set(re.findall(r'dlopen\("([^"]+)"', sources))
    fonts = set(re.findall(r'"(/usr/share/fonts/[^"]+)"', sources))
    assert loaded and fonts
    here = {path.name for path in files(image)}
    assert loaded <= here
    for font in fonts:
        assert (image / font[1:]).is_file(), font


def test_every_library_of_the_image_is_in_it(image):
    """Resolved inside it, not by this machine's libraries."""
    for path in files(image):
        if path.open("rb").read(4) != b"\x7fELF":
            continue
        needed = re.findall(r"NEEDED\s+(\S+)", subprocess.run(["objdump", "-p", path], capture_output=True, text=True).stdout)
        for name in needed:
            assert list(image.rglob(name)), f"{path.name} needs {name}"


def wait_ready(container, base):
    for _ in range(200):
        if container.process.poll() is not None:
            break
        try:
            return requests.get(base + "/ready", timeout=5).json()
        except requests.ConnectionError:
            time.sleep(0.05)
    raise AssertionError(container.log.read_text())


def test_S18_it_serves_as_containers_are_run(start):
    """Read-only root, no privileges, the runtimes' default filter: the walls of a worker still close."""
    port = free_port()
    container = start("serve", "--data", "/var/lib/cadlens", "--listen", f"127.0.0.1:{port}",
                      "--owner-key-file", "/var/lib/cadlens/owner.key")
    base = f"http://127.0.0.1:{port}"
    walls = wait_ready(container, base)["isolation"]
    assert walls["seccomp"] and walls["noNewPrivs"] and walls["rlimits"] and walls["capabilitiesDropped"]
    assert walls["landlock"] > 0 or walls["emptyRoot"]
    assert not walls["namespaces"], "the filter that is tried here lets nobody make them"
    key = (container.data / "owner.key").read_text().strip()
    with (ROOT / "examples/house.dxf").open("rb") as drawing:
        answer = requests.post(base + "/v1/parse", data={"mode": "sync"}, files={"file": drawing}, timeout=60,
                               headers={"Authorization": "Bearer " + key})
    assert answer.status_code == 200, answer.text
    assert answer.json()["sheets"][0]["entities"]
    writable = {path for path in container.data.rglob("*") if path.is_file()}
    assert writable and all(path.stat().st_uid == USER for path in writable)
    container.signal(signal.SIGTERM)
    assert container.wait(60) == 0, container.log.read_text()


def test_the_image_can_ask_itself_whether_it_works(start):
    """What its HEALTHCHECK runs, in the same root and under the same filter."""
    port = free_port()
    serving = start("serve", "--data", "/var/lib/cadlens", "--listen", f"127.0.0.1:{port}",
                    "--owner-key-file", "/var/lib/cadlens/owner.key")
    wait_ready(serving, f"http://127.0.0.1:{port}")
    url = f"http://127.0.0.1:{port}/live"
    asked = start("health", environment={"CADLENS_HEALTH_URL": url})
    assert asked.wait() == 0, asked.log.read_text()
    serving.signal(signal.SIGTERM)
    assert serving.wait(60) == 0
    assert start("health", url).wait() == 1


def test_it_lists_formats_without_any_data(start):
    container = start("formats", "--json")
    assert container.wait() == 0
    assert "dwg" in container.log.read_text().lower()


def test_the_containers_root_is_read_only_and_the_filter_is_in_force(start):
    """So that the tests above mean something."""
    container = start("serve", "--data", "/var/lib/elsewhere", "--listen", "127.0.0.1:0")
    assert container.wait() != 0
    assert "/var/lib/elsewhere" in container.log.read_text()
    listed = json.loads((container.bundle / "config.json").read_text())["linux"]["seccomp"]["syscalls"]
    allowed = {name for rule in listed if rule["action"] == "SCMP_ACT_ALLOW" for name in rule["names"]}
    assert {"landlock_create_ruleset", "landlock_restrict_self", "seccomp"} <= allowed
    assert not {"unshare", "mount", "pivot_root", "setns", "bpf", "clone3"} & allowed
