# SPDX-License-Identifier: Apache-2.0
"""The deployment files as data: services of Compose, objects of Kubernetes, settings of units; and the tools that
the registries have for them.
"""
import functools
import hashlib
import os
import pathlib
import re
import shutil
import subprocess

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ.get("CADLENS_BUILD", ROOT / "build/release"))
COMPOSE = ROOT / "deploy/compose.yaml"
KUBERNETES = ROOT / "deploy/kubernetes"
UNITS = sorted((ROOT / "packaging").glob("*.service"))


def version_of_the_project():
    return re.search(r"^project\(cadlens VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text(), re.M)[1]


def missing_here(reason):
    """The checks' machines have it all; elsewhere a test is skipped and says why."""
    assert os.environ.get("CI") != "true", reason
    pytest.skip(reason)


@functools.cache
def node_modules():
    """Where npm ci put package-lock.json's packages; once for each lock file."""
    lock = HERE / "package-lock.json"
    folder = ROOT / "build/check/deploy" / hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    if not (folder / "installed").exists():
        if not shutil.which("npm"):
            missing_here("npm is not installed, so the schemas of Compose and Kubernetes are not there")
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, folder)
        done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder,
                              capture_output=True, text=True, timeout=300)
        if done.returncode:
            missing_here("npm could not install the schemas: " + done.stderr[-300:])
        (folder / "installed").touch()
    return folder / "node_modules"


def compose():
    return yaml.safe_load(COMPOSE.read_text())


def objects_of(text):
    return [document for document in yaml.safe_load_all(text) if document]


def kubernetes_files(*folders):
    return [path for folder in folders for path in sorted((KUBERNETES / folder).glob("*.yaml"))
            if path.name not in ("kustomization.yaml", "prometheus-adapter.yaml")]


def kubernetes(*folders):
    """Every object as its file has it; what kustomize makes of them has a test of its own."""
    return [each for path in kubernetes_files(*(folders or ("base",))) for each in objects_of(path.read_text())]


def named(objects, kind, name, namespace="cadlens"):
    return next(each for each in objects if (each["kind"], each["metadata"]["name"]) == (kind, name)
                and each["metadata"].get("namespace", namespace) == namespace)


def pods(objects):
    """(name, pod specification) of whatever makes pods."""
    for each in objects:
        spec = each.get("spec") or {}
        template = spec.get("template") or (spec.get("jobTemplate") or {}).get("spec", {}).get("template")
        if each["kind"] == "Pod":
            yield each["metadata"]["name"], spec
        elif template:
            yield each["metadata"]["name"], template["spec"]


def unit(path):
    """Settings of a unit: name -> all its values, in order."""
    settings = {}
    for line in re.sub(r"\\\n", " ", path.read_text()).splitlines():
        match = re.fullmatch(r"(\w+)=(.*)", line)
        if match:
            settings.setdefault(match[1], []).append(match[2])
    return settings


def walk(node, path=()):
    """Every value in a document, with where it stands."""
    yield path, node
    if isinstance(node, dict):
        for key, value in node.items():
            yield from walk(value, (*path, key))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from walk(value, (*path, number))


def place_in(entries, part):
    """Which entry of a list a part of a path means: "+" a new one, a number that one, else the one that is called so, or
    is an option or assignment of that name."""
    if part == "+":
        return len(entries)
    if part.isdigit():
        return int(part)
    called = [each["name"] if isinstance(each, dict) else each.partition("=")[0] if each.startswith("--") else each
              for each in entries]
    return called.index(part)


def change(node, path, value):
    """Sets what is at a path, made where it is missing, or with None removes it; for mutation tables. "~" stands for a
    slash within a name."""
    *folders, last = [part.replace("~", "/") for part in path.split("/")]
    for part in folders:
        node = node[place_in(node, part)] if isinstance(node, list) else node.setdefault(part, {})
    if isinstance(node, list):
        last = place_in(node, last)
    if isinstance(node, list) and last == len(node):
        node.append(value)
    elif value is None:
        del node[last]
    else:
        node[last] = value


def stop_seconds(*halves, drain=0, finish=0):
    """How long a stop may take of a process with these halves ("api", "worker"): src/app/stop_times.hpp."""
    text = (ROOT / "src/app/stop_times.hpp").read_text()
    times = {name: int(number) for name, number in re.findall(r"seconds kStop(\w+)\{(\d+)\};", text)}
    api = drain + times["Answers"] + times["Transfers"] + times["Writes"]
    worker = finish + times["Writes"]
    return sum({"api": api, "worker": worker}[half] for half in halves)
