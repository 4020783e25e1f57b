# SPDX-License-Identifier: Apache-2.0
"""S07, S25: the image as its Dockerfile makes it. What is in it: test_runtime_root.py."""
import json
import re
import subprocess

import pytest
from deployment import HERE, ROOT, node_modules

DOCKERFILE = ROOT / "deploy/Dockerfile"


def instructions(text):
    joined = re.sub(r"\\\n", " ", text)
    return [(line.split(None, 1)[0], line.split(None, 1)[1].strip()) for line in joined.splitlines()
            if line.strip() and not line.startswith("#")]


def last_stage(text):
    lines = instructions(text)
    start = max(number for number, (name, _) in enumerate(lines) if name == "FROM")
    return lines[start:]


def wrongs(text):
    stage = last_stage(text)
    settings = dict(stage)
    if settings["FROM"] != "scratch":
        yield "the image is built on another one"
    if any(name in ("RUN", "ADD", "EXPOSE", "SHELL", "ONBUILD", "ENV") for name, _ in stage):
        yield "the image is more than the root that was put together"
    if [value for name, value in stage if name == "COPY"] != ["--from=build /root-of-image /"]:
        yield "something else is copied into it"
    if settings.get("USER") != "65532:65532":
        yield "it runs as root, or as a name that Kubernetes cannot judge"
    for name in ("ENTRYPOINT", "CMD"):
        if not isinstance(json.loads(settings.get(name, "0")), list):
            yield f"{name} needs a shell"
    check = re.search(r" CMD (\[.*\])$", settings.get("HEALTHCHECK", ""))
    if not check or json.loads(check[1]) != ["/usr/bin/cadlens", "health"]:
        yield "nobody asks whether it works, or by a shell"
    if "--listen" in settings["CMD"]:
        yield "it listens to the network by default"
    for name, value in instructions(text):
        if name == "FROM" and value != "scratch" and not re.match(r"\S+:[\w.-]+@sha256:[0-9a-f]{64} AS \w+$", value):
            yield f"{value} is not pinned"
        if name in ("ARG", "ENV") and re.search("password|secret|token|key", value, re.I):
            yield f"{value} would stay in the image's history"


def lint(text):
    done = subprocess.run(["node", HERE / "dockerfile_lint.cjs"], input=text, capture_output=True, text=True, timeout=60,
                          env={"PATH": "/usr/local/bin:/usr/bin:/bin", "NODE_PATH": str(node_modules())})
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_linter_of_dockerfiles_finds_nothing():
    assert lint(DOCKERFILE.read_text()) == []
    assert lint(DOCKERFILE.read_text().replace("WORKDIR", "WORKDIRECTORY")) != []


def test_S07_the_image_runs_without_privileges_and_listens_to_nobody_by_default():
    assert list(wrongs(DOCKERFILE.read_text())) == []


@pytest.mark.parametrize(("old", "new"), [
    ("FROM scratch", "FROM docker.io/library/debian:bookworm-slim"), ("@sha256:", "@sha512:"), ("USER 65532:65532\n", "USER root\n"),
    ('ENTRYPOINT ["/usr/bin/cadlens"]', 'ENTRYPOINT "/usr/bin/cadlens"'), ("COPY --from=build /root-of-image /", "COPY . /"),
    ('"/var/lib/cadlens"]', '"/var/lib/cadlens", "--listen", "0.0.0.0:80"]'), ("STOPSIGNAL", "RUN true\nSTOPSIGNAL"),
    ('CMD ["/usr/bin/cadlens", "health"]', "CMD curl -f http://127.0.0.1:3001/live"), ("HEALTHCHECK --", "LABEL x="),
    ("ARG VERSION", "ARG NPM_TOKEN=x\nARG VERSION")])
def test_each_rule_of_the_image_finds_its_breach(old, new):
    text = DOCKERFILE.read_text()
    assert old in text
    assert list(wrongs(text.replace(old, new)))


def test_S25_no_secret_and_no_data_goes_into_the_build():
    """What is not named does not go to the builder."""
    lines = [line for line in (ROOT / "deploy/Dockerfile.dockerignore").read_text().splitlines()
             if line and not line.startswith("#")]
    assert lines[0] == "*"
    kept = [line.removeprefix("!") for line in lines[1:]]
    assert all(line.startswith("!") for line in lines[1:])
    assert not {"deploy", "deploy/secrets", "build", ".git", "tests", "."} & set(kept)
    for name in kept:
        assert list(ROOT.glob(name)), name
    for _, value in [each for each in instructions(DOCKERFILE.read_text()) if each[0] == "COPY" and "--from" not in each[1]]:
        source = value.split()[0]
        assert source == "." or source in kept, source
