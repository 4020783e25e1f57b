# SPDX-License-Identifier: Apache-2.0
"""What must be true of deploy/compose.yaml, as functions that name what is wrong."""
import re

from deployment import stop_seconds

OWN = {"api", "worker"}
INSIDE = {"database", "redis", "objects"}
PINNED = re.compile(r"[\w./-]+:[\w.-]*\d[\w.-]*@sha256:[0-9a-f]{64}")
NODE_SECRETS = {"database_url", "redis_url", "s3_access_key", "s3_secret_key", "master_key", "signing_key"}
# Each service has those that it cannot do without, and no other.
SECRETS = {"api": NODE_SECRETS | {"tls_certificate", "tls_key"}, "worker": NODE_SECRETS, "database": {"database_password"},
           "redis": {"redis_config", "redis_password"}, "objects": {"objects_config", "objects_security"},
           "proxy": {"proxy_certificate", "proxy_key", "tls_certificate"}}
# What is asked of our own; of the others only that something is.
HEALTH = {"api": ["CMD", "/usr/bin/cadlens", "health", "https://127.0.0.1:8443/live"],
          "worker": ["CMD", "/usr/bin/cadlens", "health", "http://127.0.0.1:9464/metrics"]}
SECRET_WORDS = re.compile(r"password|secret|token|key|url", re.I)


def published(document):
    """{service: what of it this machine or the world may connect to}, however that is written."""
    out = {}
    for name, service in document["services"].items():
        if service.get("ports"):
            out[name] = service["ports"]
        if service.get("network_mode"):
            out[name] = service["network_mode"]
    return out


def of_ports(document):
    wanted = {"api": ["127.0.0.1:8443:8443"], "proxy": ["443:8443"]}
    for name, ports in published(document).items():
        if wanted.get(name) != ports:
            yield f"{name} publishes {ports}"
    if "proxy" not in (document["services"].get("proxy") or {}).get("profiles", []):
        yield "the proxy is not optional"
    if "--listen=0.0.0.0:8443" not in document["services"]["api"]["command"]:
        yield "what is published is not what the API listens on"


def networks_of(service):
    return set(service.get("networks") or ["default"])


def of_networks(document):
    inner = {name for name, net in document["networks"].items() if (net or {}).get("internal") is True}
    for name in INSIDE | {"worker"}:
        outside = networks_of(document["services"][name]) - inner
        if outside:
            yield f"{name} is on {sorted(outside)}, which is not internal"
    for name in set(document["services"]) - INSIDE - OWN:
        if networks_of(document["services"][name]) & inner:
            yield f"{name} reaches the data"
    for name, net in document["networks"].items():
        if (net or {}).get("external") or (net or {}).get("driver", "bridge") != "bridge":
            yield f"the network {name} is not this project's own bridge"


def of_privileges(document):
    for name, service in document["services"].items():
        if service.get("cap_drop") != ["ALL"] or service.get("cap_add"):
            yield f"{name} keeps capabilities"
        if "no-new-privileges:true" not in service.get("security_opt", []) or len(service["security_opt"]) != 1:
            yield f"{name} may gain privileges"
        if service.get("read_only") is not True:
            yield f"{name} may write to its root"
        if not re.fullmatch(r"[1-9]\d*:[1-9]\d*", service.get("user", "")):
            yield f"{name} has no numeric user without privileges"
        for key in ("privileged", "pid", "ipc", "userns_mode", "devices", "cgroup_parent", "volumes_from", "links", "extends",
                    "env_file", "sysctls", "uts"):
            if key in service:
                yield f"{name} has {key}"
        for volume in service.get("volumes", []):
            source = volume.split(":")[0] if isinstance(volume, str) else volume.get("source", "")
            if volume_type(volume) != "volume" or source.startswith(("/", ".", "~")):
                yield f"{name} mounts the machine's {source}"
        limits = service.get("deploy", {}).get("resources", {}).get("limits", {})
        if not {"cpus", "memory", "pids"} <= set(limits):
            yield f"{name} has no bounds"


def volume_type(volume):
    return "volume" if isinstance(volume, str) else volume.get("type")


def of_images(document):
    for name, service in document["services"].items():
        image = service["image"]
        if name in OWN:
            if "build" not in service:
                yield f"{name} is not built from here"
        elif not PINNED.fullmatch(image):
            yield f"{name}: {image} is not pinned by version and digest"


def environment_of(service):
    given = service.get("environment", {})
    return dict(entry.partition("=")[::2] for entry in given) if isinstance(given, list) else given


def of_secrets(document):
    for name, service in document["services"].items():
        held = {entry if isinstance(entry, str) else entry["source"] for entry in service.get("secrets", [])}
        if held != SECRETS.get(name):
            yield f"{name} has other secrets than its own: {sorted(held ^ SECRETS.get(name, set()))}"
        mounted = {f"/run/secrets/{entry}" for entry in service.get("secrets", []) if isinstance(entry, str)}
        for variable, value in environment_of(service).items():
            if variable.endswith("_FILE"):
                if value not in mounted:
                    yield f"{name}: {variable} is no mounted secret"
            elif SECRET_WORDS.search(variable) and variable != "CADLENS_S3_URL":
                yield f"{name}: {variable} is in the file"
        text = f"{service.get('command')} {environment_of(service)} {service.get('healthcheck')}"
        if re.search(r"://[^/\s'\"]*:[^/\s'\"]*@|requirepass|AKIA[0-9A-Z]{16}|[0-9a-f]{32}", text):
            yield f"{name}: a credential is in the file"
        for place in re.findall(r"/run/secrets/\w+", text):
            if place not in mounted:
                yield f"{name} reads {place}, which is not mounted"
    for name, secret in document["secrets"].items():
        if list(secret) != ["file"] or not secret["file"].startswith("./secrets/"):
            yield f"the secret {name} does not come from deploy/secrets"


def seconds(text):
    number, unit = re.fullmatch(r"(\d+)(s|m)", text).groups()
    return int(number) * (60 if unit == "m" else 1)


def of_stopping(document):
    for name in OWN:
        service = document["services"][name]
        times = {kind: int(value) for option in service["command"]
                 for kind, value in re.findall(r"^--(drain|finish)-seconds=(\d+)$", option)}
        if not any(times.values()) or seconds(service["stop_grace_period"]) < stop_seconds(name, **times):
            yield f"{name} is killed before it has drained"


def of_health(document):
    for name, service in document["services"].items():
        check = service.get("healthcheck", {})
        if not check.get("test") or check.get("disable"):
            yield f"nobody sees whether {name} works"
        elif name in OWN and check["test"] != HEALTH[name]:
            yield f"{name} is asked for the wrong thing: {check['test']}"


def of_trust(document):
    """The API node believes the proxy, and not the bridge, by which everyone on this machine comes."""
    address = document["services"]["proxy"]["networks"]["front"].get("ipv4_address")
    trusted = [option for option in document["services"]["api"]["command"] if option.startswith("--trusted-proxy")]
    if not address or trusted != [f"--trusted-proxy={address}"]:
        yield f"the API believes {trusted}"


RULES = (of_ports, of_networks, of_privileges, of_images, of_secrets, of_stopping, of_health, of_trust)


def wrongs(document, *rules):
    return [wrong for rule in rules or RULES for wrong in rule(document)]
