# SPDX-License-Identifier: Apache-2.0
"""cadlens health: what asks in a container that has no shell."""
import os
import re
import socket
import subprocess

import pytest

from conftest import PROGRAM, free_port


def health(*arguments, **environment):
    return subprocess.run([PROGRAM, "health", *arguments], capture_output=True, text=True, timeout=60,
                          env={"PATH": os.environ["PATH"], **environment})


@pytest.mark.embedded("one process is enough to ask")
def test_a_service_that_lives_is_well_and_one_that_ended_is_not(make_server):
    server = make_server()
    for path in ("/live", "/health", "/ready"):
        done = health(server.base + path)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), path
    assert health(CADLENS_HEALTH_URL=server.base + "/live").returncode == 0
    done = health(server.base + "/v1/jobs")
    assert done.returncode == 1 and "answers 401 instead of 200" in done.stderr and done.stderr.count("\n") == 1
    # A proxy of the environment is not asked.
    assert health(server.base + "/live", http_proxy=f"http://127.0.0.1:{free_port()}").returncode == 0


def test_a_port_where_nobody_answers_is_not_well():
    done = health(f"http://127.0.0.1:{free_port()}/live")
    assert done.returncode == 1 and "does not answer" in done.stderr
    with socket.create_server(("127.0.0.1", 0)) as silent:
        done = health(f"http://127.0.0.1:{silent.getsockname()[1]}/live")
    assert done.returncode == 1 and re.search("does not answer: Timeout", done.stderr)


@pytest.mark.parametrize("url", ["http://192.0.2.1/live", "https://cad.example.com/live", "http://127.0.0.1.example.com/",
                                 "http://127.0.0.1@192.0.2.1/", "http://127.0.0.1:80@192.0.2.1/", "http://localhost1/",
                                 "file:///etc/hostname", "127.0.0.1:3001", ""])
def test_S05_nobody_else_is_asked(url):
    done = health(url)
    assert done.returncode == 2 and done.stderr.count("\n") == 1, done.stderr
