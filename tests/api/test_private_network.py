# SPDX-License-Identifier: Apache-2.0
"""S05: nothing but the API can be reached, and nothing else is reached in the open."""
import os
import re
import subprocess

from conftest import PROGRAM, ROOT, free_port


def test_S05_an_open_database_url_is_refused_at_start(tmp_path):
    for name, url in (("CADLENS_DATABASE_URL", "postgresql://cad:secret-word@198.51.100.7/cad"),
                      ("CADLENS_REDIS_URL", "redis://:secret-word@198.51.100.7"),
                      ("CADLENS_S3_URL", "http://198.51.100.7")):
        done = subprocess.run([PROGRAM, "serve", "--data", tmp_path / "d", "--listen", "127.0.0.1:0"],
                              capture_output=True, text=True, timeout=30, env={**os.environ, name: url})
        assert done.returncode != 0
        assert name in done.stderr and "TLS" in done.stderr
        assert "secret-word" not in done.stderr + done.stdout
        assert not (tmp_path / "d").exists()


def test_S05_a_database_that_is_away_is_told_and_never_replaced_by_a_file(tmp_path):
    keys = {name: os.urandom(32).hex() for name in ("CADLENS_MASTER_KEY", "CADLENS_SIGNING_KEY")}
    done = subprocess.run([PROGRAM, "serve", "--data", tmp_path / "d", "--listen", "127.0.0.1:0"],
                          capture_output=True, text=True, timeout=60,
                          env={**os.environ, **keys, "CADLENS_DATABASE_URL":
                               f"postgresql://cad:secret-word@127.0.0.1:{free_port()}/cad"})
    assert done.returncode != 0
    assert "The database cannot be reached" in done.stderr and "secret-word" not in done.stderr
    assert not list((tmp_path / "d").glob("*.db"))


def test_S05_the_shipped_unit_opens_the_api_alone():
    unit = (ROOT / "packaging/cadlens.service").read_text()
    settings = dict(re.findall(r"^(\w+)=(.*)$", unit, re.M))
    assert not re.search(r"^Listen\w+=|^Sockets=", unit, re.M), "no other socket is handed over"
    assert "--listen" not in settings["ExecStart"], "loopback unless the operator says otherwise"
    assert set(settings["RestrictAddressFamilies"].split()) == {"AF_INET", "AF_INET6", "AF_UNIX"}
    assert settings["StateDirectoryMode"] == "0700"
    assert settings["NoNewPrivileges"] == "yes"


def test_S07_forwarded_headers_need_a_named_proxy(make_server, house):
    """Without a configured proxy nobody's word about the client's address or scheme is believed."""
    server = make_server()
    answer = server.client().parse(house, headers={"X-Forwarded-Proto": "http", "X-Forwarded-For": "203.0.113.9"})
    assert answer.status_code == 202
    assert "203.0.113.9" not in server.log.read_text()
