# SPDX-License-Identifier: Apache-2.0
"""S05, S07: deploy/compose.yaml publishes the API and nothing else, read from the file itself."""
import copy
import json
import re
import stat
import subprocess

import jsonschema
import pytest
import rules_compose as rules
from deployment import COMPOSE, ROOT, change, compose, missing_here, node_modules


def test_compose_holds_to_the_schema_of_compose():
    schema = json.loads((node_modules() / "dclint/schemas/compose.schema.json").read_text())
    validator = jsonschema.Draft7Validator(schema)
    assert [error.message for error in validator.iter_errors(compose())] == []
    wrong = compose()
    wrong["services"]["api"]["port"] = ["1:1"]
    assert list(validator.iter_errors(wrong)), "the schema knows what a service may have"


def test_S05_compose_keeps_database_redis_and_store_on_an_internal_network():
    assert rules.wrongs(compose(), rules.of_networks) == []


def test_S07_compose_publishes_the_api_port_only():
    assert rules.wrongs(compose(), rules.of_ports) == []
    assert set(rules.published(compose())) == {"api", "proxy"}


def test_S07_compose_gives_nobody_privileges():
    assert rules.wrongs(compose(), rules.of_privileges) == []


def test_S25_compose_holds_no_secret():
    assert rules.wrongs(compose(), rules.of_secrets) == []


def test_compose_pins_images_and_drains_before_it_kills():
    assert rules.wrongs(compose(), rules.of_images, rules.of_stopping) == []


def test_S07_compose_believes_the_proxy_alone():
    assert rules.wrongs(compose(), rules.of_trust) == []


def test_compose_asks_each_service_whether_it_works():
    assert rules.wrongs(compose(), rules.of_health) == []


@pytest.mark.parametrize(("rule", "path", "value"), [
    ("of_ports", "database/ports", ["5432:5432"]), ("of_ports", "redis/ports", ["127.0.0.1:6379:6379"]),
    ("of_ports", "objects/ports", [{"target": 8333, "published": 8333}]),
    ("of_ports", "api/ports/127.0.0.1:8443:8443", "8443:8443"), ("of_ports", "api/ports/+", "9464:9464"),
    ("of_ports", "worker/network_mode", "host"), ("of_ports", "proxy/profiles", None),
    ("of_ports", "api/command/--listen", "--listen=0.0.0.0:3001"),
    ("of_networks", "database/networks/+", "front"), ("of_networks", "redis/networks", None),
    ("of_networks", "/networks/backend/internal", False), ("of_networks", "/networks/backend/internal", None),
    ("of_networks", "worker/networks/backend", "front"), ("of_networks", "/networks/backend/external", True),
    ("of_networks", "proxy/networks/backend", {}),
    ("of_privileges", "api/privileged", True), ("of_privileges", "api/cap_drop", []),
    ("of_privileges", "worker/cap_add", ["SYS_ADMIN"]), ("of_privileges", "worker/security_opt/+", "seccomp=unconfined"),
    ("of_privileges", "redis/read_only", False), ("of_privileges", "api/user", "0:0"), ("of_privileges", "database/user", None),
    ("of_privileges", "api/volumes/+", "/var/run/docker.sock:/var/run/docker.sock"), ("of_privileges", "api/pid", "host"),
    ("of_privileges", "worker/volumes/+", {"type": "bind", "source": "/", "target": "/host"}),
    ("of_privileges", "redis/deploy/resources/limits/memory", None),
    ("of_images", "redis/image", "docker.io/library/redis:latest"),
    ("of_images", "objects/image", "docker.io/chrislusf/seaweedfs:4.48"), ("of_images", "api/build", None),
    ("of_secrets", "database/environment/POSTGRES_PASSWORD", "x"), ("of_secrets", "api/environment/CADLENS_MASTER_KEY", "00"),
    ("of_secrets", "worker/environment/CADLENS_REDIS_URL", "redis://:x@redis"),
    ("of_secrets", "worker/secrets/+", "tls_key"), ("of_secrets", "worker/secrets/master_key", None),
    ("of_secrets", "proxy/secrets/+", "master_key"), ("of_secrets", "objects/secrets/+", "database_url"),
    ("of_secrets", "redis/secrets/+", {"source": "s3_secret_key", "target": "/x"}),
    ("of_secrets", "redis/command/+", "--requirepass x"), ("of_secrets", "/secrets/master_key/file", "../master.key"),
    ("of_secrets", "api/environment/CADLENS_S3_URL", "http://name:word@objects:8333/b"),
    ("of_stopping", "api/stop_grace_period", "10s"), ("of_stopping", "worker/stop_grace_period", "45s"),
    ("of_stopping", "worker/command/--finish-seconds", "--finish-seconds=300"),
    ("of_stopping", "api/command/--drain-seconds", "--drain-seconds=60"),
    ("of_health", "api/healthcheck", None), ("of_health", "redis/healthcheck", None),
    ("of_health", "worker/healthcheck/disable", True),
    ("of_health", "api/healthcheck/test", ["CMD", "/usr/bin/cadlens", "health", "https://127.0.0.1:8443/health"]),
    ("of_trust", "api/command/--trusted-proxy", "--trusted-proxy=172.31.240.0/24"),
    ("of_trust", "api/command/+", "--trusted-proxy=0.0.0.0/0"), ("of_trust", "api/command/--trusted-proxy", None),
    ("of_trust", "proxy/networks/front/ipv4_address", "172.31.240.11")])
def test_each_rule_of_compose_finds_its_breach(rule, path, value):
    """A path begins at the services, or with a slash at the top."""
    document = copy.deepcopy(compose())
    change(document, path[1:] if path.startswith("/") else "services/" + path, value)
    assert rules.wrongs(document, getattr(rules, rule))


def test_no_rule_of_compose_is_without_a_breach():
    marks = test_each_rule_of_compose_finds_its_breach.pytestmark
    assert {row[0] for row in marks[0].args[1]} == {rule.__name__ for rule in rules.RULES}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("secrets") / "secrets"
    run = lambda: subprocess.run([ROOT / "deploy/make-secrets.sh", "cad.test"], capture_output=True, text=True,  # noqa: E731
                                 env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "CADLENS_SECRETS": str(folder)})
    done = run()
    if "as root" in done.stderr:
        missing_here("secrets are given to their users, which takes root")
    assert done.returncode == 0, done.stderr
    return folder, run


def test_S25_every_secret_of_compose_is_made_and_private(made):
    folder, _ = made
    wanted = {secret["file"].removeprefix("./secrets/") for secret in compose()["secrets"].values()}
    assert {path.name for path in folder.iterdir()} == wanted
    services = compose()["services"].values()
    for path in folder.iterdir():
        readers = {service["user"].split(":")[0] for service in services for entry in service.get("secrets", [])
                   if path.name in (entry, entry.get("source") if isinstance(entry, dict) else None)}
        mode = stat.S_IMODE(path.stat().st_mode)
        if path.name == "tls_certificate":
            assert mode == 0o444
        else:
            assert mode == 0o400 and readers == {str(path.stat().st_uid)}, path.name
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_secrets_fit_together_and_are_kept(made):
    folder, again = made
    text = {path.name: path.read_text() for path in folder.iterdir()}
    assert text["database_password"] in text["database_url"] and "@database:5432/" in text["database_url"]
    assert text["redis_password"] in text["redis_url"] and f"requirepass {text['redis_password']}\n" in text["redis_config"]
    identity = json.loads(text["objects_config"])["identities"][0]["credentials"][0]
    assert identity == {"accessKey": text["s3_access_key"], "secretKey": text["s3_secret_key"]}
    for name in ("master_key", "signing_key"):
        assert re.fullmatch("[0-9a-f]{64}", text[name])
    hosts = set(compose()["services"])
    assert {"database", "redis", "objects"} <= hosts
    assert len({text[name] for name in text}) == len(text), "no two are the same"
    assert again().returncode == 0
    assert {path.name: path.read_text() for path in folder.iterdir()} == text


def test_no_secret_of_compose_is_in_the_repository():
    ignored = subprocess.run(["git", "check-ignore", "deploy/secrets/master_key"], cwd=ROOT, capture_output=True, text=True)
    assert ignored.returncode == 0
    assert COMPOSE.read_text().count("./secrets/") == len(compose()["secrets"])
