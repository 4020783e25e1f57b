# SPDX-License-Identifier: Apache-2.0
"""What must be true of deploy/kubernetes, as functions that name what is wrong."""
import ipaddress
import re

from deployment import named, pods, stop_seconds, walk

PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8", "100.64.0.0/10", "fc00::/7",
           "fe80::/10", "::1/128"]
DATA_PORTS = {5432, 6379, 8333}
API, WORKER = "cadlens-api", "cadlens-worker"
LABELS = {API: {"app.kubernetes.io/name": "cadlens", "app.kubernetes.io/component": "api"},
          WORKER: {"app.kubernetes.io/name": "cadlens", "app.kubernetes.io/component": "worker"}}
# Each pod mounts those, at these places, and no other.
SECRETS = {API: {"cadlens": "/run/secrets/cadlens", "cadlens-tls": "/run/tls"}, WORKER: {"cadlens": "/run/secrets/cadlens"}}
KEYS = {"CADLENS_DATABASE_URL_FILE": "database-url", "CADLENS_REDIS_URL_FILE": "redis-url",
        "CADLENS_S3_ACCESS_KEY_FILE": "s3-access-key", "CADLENS_S3_SECRET_KEY_FILE": "s3-secret-key",
        "CADLENS_MASTER_KEY_FILE": "master-key", "CADLENS_SIGNING_KEY_FILE": "signing-key"}
# Restarted is what does not work, not what lacks its database; sent work is who may have it.
PROBES = {API: {"startupProbe": {"path": "/live", "port": "https", "scheme": "HTTPS"},
                "livenessProbe": {"path": "/live", "port": "https", "scheme": "HTTPS"},
                "readinessProbe": {"path": "/ready", "port": "https", "scheme": "HTTPS"}},
          WORKER: {"startupProbe": {"path": "/metrics", "port": "metrics"}, "livenessProbe": {"path": "/metrics", "port": "metrics"}}}
WIDEST_PROXY = 16  # bits of the network whose word is believed: pods of one cluster, not a company
FORBIDDEN_OF_PODS = ("hostNetwork", "hostPID", "hostIPC", "hostUsers", "shareProcessNamespace", "hostAliases", "initContainers",
                     "ephemeralContainers", "nodeName")


# ---- pods

def containers(objects):
    for name, spec in pods(objects):
        for container in spec["containers"]:
            yield name, spec, container


def of_pods(objects):
    for name, spec in pods(objects):
        for key in FORBIDDEN_OF_PODS:
            if key in spec:
                yield f"{name} has {key}"
        context = spec.get("securityContext", {})
        if context.get("runAsNonRoot") is not True or not context.get("runAsUser", 0) >= 1000 or context.get("sysctls"):
            yield f"{name} may run as root"
        if context.get("seccompProfile") != {"type": "RuntimeDefault"}:
            yield f"{name} has not the runtime's filter"
        if spec.get("automountServiceAccountToken") is not False or spec.get("serviceAccountName", "default") == "default":
            yield f"{name} gets a token of the cluster"
        for volume in spec.get("volumes", []):
            if not {"secret", "emptyDir"} & set(volume):
                yield f"{name} mounts {volume}"
            if "emptyDir" in volume and "sizeLimit" not in volume["emptyDir"]:
                yield f"{name} may fill the node's disk"
            if "secret" in volume and volume["secret"].get("defaultMode", 0o644) & 0o337:
                yield f"{name} has secrets that others read"


def of_containers(objects):
    for name, _, container in containers(objects):
        wanted = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
        if container.get("securityContext") != wanted:
            yield f"{name} has privileges: {container.get('securityContext')}"
        for port in container.get("ports", []):
            if {"hostPort", "hostIP"} & set(port):
                yield f"{name} takes a port of the node"
        resources = container.get("resources", {})
        for kind in ("requests", "limits"):
            if not {"cpu", "memory", "ephemeral-storage"} <= set(resources.get(kind, {})):
                yield f"{name} has no {kind}"
        if container["image"] != "cadlens":
            yield f"{name}: the image is pinned in one place, the kustomization"
        if "command" in container:
            yield f"{name} runs something else than the image's program"


def of_restricted(objects):
    for each in objects:
        if each["kind"] == "Namespace":
            labels = each["metadata"].get("labels", {})
            if any(labels.get(f"pod-security.kubernetes.io/{what}") != "restricted" for what in ("enforce", "audit", "warn")):
                yield f"the namespace {each['metadata']['name']} is not restricted"
        if each["kind"] == "ServiceAccount" and each.get("automountServiceAccountToken") is not False:
            yield f"{each['metadata']['name']} hands out tokens"
        if re.search("Role|Webhook|CustomResource", each["kind"]):
            yield f"a {each['kind']} gives rights in the cluster"


# ---- what is open

def of_services(objects):
    services = [each for each in objects if each["kind"] == "Service"]
    for each in services:
        spec = each["spec"]
        if spec.get("type", "ClusterIP") != "ClusterIP" or {"externalIPs", "loadBalancerIP", "externalName"} & set(spec):
            yield f"{each['metadata']['name']} is open to the outside"
        if spec.get("selector") != LABELS[API] or [port["targetPort"] for port in spec["ports"]] != ["https"]:
            yield f"{each['metadata']['name']} leads to something else than the API"
    if len(services) != 1:
        yield f"{len(services)} services"
    for each in objects:
        if each["kind"] == "Ingress":
            for path, value in walk(each["spec"]):
                if path and path[-1] == "service" and value != {"name": API, "port": {"name": "https"}}:
                    yield f"the Ingress leads to {value}"
            if not each["spec"].get("tls") or each["spec"].get("defaultBackend"):
                yield "the Ingress is open without TLS"


# ---- network policies, read as the cluster reads them: what any of them allows is allowed

def selects(selector, labels):
    return all(labels.get(key) == value for key, value in (selector.get("matchLabels") or {}).items())


def policies(objects, namespace, labels, direction):
    for each in objects:
        if each["kind"] == "NetworkPolicy" and each["metadata"].get("namespace") == namespace:
            if direction in each["spec"]["policyTypes"] and selects(each["spec"]["podSelector"], labels):
                yield each


def allowed(objects, namespace, labels, direction):
    """(whom, port) pairs; whom: a namespace with a podSelector, an ipBlock, or "everyone"."""
    rules, peers = ("ingress", "from") if direction == "Ingress" else ("egress", "to")
    for policy in policies(objects, namespace, labels, direction):
        for rule in policy["spec"].get(rules) or []:
            ports = [(port.get("protocol", "TCP"), port.get("port"), port.get("endPort")) for port in rule.get("ports") or [{}]]
            for peer in rule.get(peers) or ["everyone"]:
                for port in ports:
                    yield peer, port


def namespace_of(peer, own):
    if peer == "everyone" or "ipBlock" in peer:
        return None
    if "namespaceSelector" not in peer:
        return own
    wanted = peer["namespaceSelector"].get("matchLabels", {})
    return wanted.get("kubernetes.io/metadata.name") if "matchExpressions" not in peer["namespaceSelector"] else None


def of_default_deny(objects):
    for namespace in ("cadlens", "cadlens-data"):
        denies = [each for each in objects if each["kind"] == "NetworkPolicy" and each["metadata"]["namespace"] == namespace
                  and each["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}]
        if len(denies) != 1:
            yield f"{namespace} denies nothing by default"


def of_ingress(objects):
    wanted = {API: {("ingress-nginx", 8443), ("monitoring", 9464)}, WORKER: {("monitoring", 9464)}}
    for name, labels in LABELS.items():
        found = {(namespace_of(peer, "cadlens"), port[1]) for peer, port in allowed(objects, "cadlens", labels, "Ingress")}
        if found != wanted[name]:
            yield f"{name} may be reached by {sorted(found ^ wanted[name], key=str)}"


def leaves_publicly(block):
    """Why a block of addresses holds more than the public ones."""
    whole = ipaddress.ip_network(block["cidr"])
    kept_out = [ipaddress.ip_network(each) for each in block.get("except", [])]
    for private in map(ipaddress.ip_network, PRIVATE):
        if private.version == whole.version and private.overlaps(whole):
            if not any(private.subnet_of(each) for each in kept_out if each.version == private.version):
                yield f"{block['cidr']} holds {private}"


def of_egress(objects):
    for name, labels in LABELS.items():
        for peer, (protocol, port, end) in allowed(objects, "cadlens", labels, "Egress"):
            where = namespace_of(peer, "cadlens")
            if end is not None or port is None:
                yield f"{name} leaves by any port"
            elif where == "kube-system" and port == 53 and peer.get("podSelector"):
                continue
            elif where == "cadlens-data" and port in DATA_PORTS and protocol == "TCP":
                continue
            elif name == API and peer != "everyone" and "ipBlock" in peer and (protocol, port) == ("TCP", 443):
                yield from (f"{name}: {wrong}" for wrong in leaves_publicly(peer["ipBlock"]))
            else:
                yield f"{name} may leave for {where or peer}:{port}"
        reached = {port[1] for peer, port in allowed(objects, "cadlens", labels, "Egress")
                   if namespace_of(peer, "") == "cadlens-data"}
        if reached != DATA_PORTS:
            yield f"{name} does not reach its data"


def of_data(objects):
    for peer, (protocol, port, end) in allowed(objects, "cadlens-data", {"app": "any"}, "Ingress"):
        if peer == {"podSelector": {}}:
            continue
        inside = namespace_of(peer, "cadlens-data") == "cadlens" and peer.get("podSelector", {}).get("matchLabels")
        if not inside or port not in DATA_PORTS or end is not None or protocol != "TCP":
            yield f"the data is reached by {peer} on {port}"
    for peer, (_, port, _) in allowed(objects, "cadlens-data", {"app": "any"}, "Egress"):
        if peer != {"podSelector": {}} and not (namespace_of(peer, "cadlens-data") == "kube-system" and port == 53):
            yield f"the data leaves for {peer}"


# ---- secrets, updates

def of_secrets(objects):
    for each in objects:
        if each["kind"] == "Secret":
            yield f"the Secret {each['metadata']['name']} is among what is applied"
        if each["kind"] == "ConfigMap":
            for key, value in each["data"].items():
                if re.search(r"password|secret|token|_key", key, re.I) or re.search(r"://[^/\s]*@", value):
                    yield f"{key} is no setting to be read by all"
    for name, spec, container in containers(objects):
        places = {mount["name"]: mount["mountPath"] for mount in container.get("volumeMounts", [])}
        held = {volume["secret"]["secretName"]: places.get(volume["name"]) for volume in spec["volumes"] if "secret" in volume}
        if held != SECRETS.get(name):
            yield f"{name} has other Secrets than its own: {held}"
        wanted = {variable: f"/run/secrets/cadlens/{key}" for variable, key in KEYS.items()}
        if {entry["name"]: entry.get("value") for entry in container.get("env", [])} != wanted:
            yield f"{name}: not each of its secrets is a file of a mounted Secret, or something else is in its environment"
        for source in container.get("envFrom", []):
            if "configMapRef" not in source:
                yield f"{name} has secrets in its environment"


def option(container, name):
    return next((each.partition("=")[2] for each in container["args"] if each.partition("=")[0] == name), None)


def of_updates(objects):
    for name, spec, container in containers(objects):
        deployment = named(objects, "Deployment", name)["spec"]
        if deployment["strategy"]["rollingUpdate"]["maxUnavailable"] != 0:
            yield f"{name} is fewer while it is replaced"
        times = {kind: int(option(container, f"--{kind}-seconds") or 0) for kind in ("drain", "finish")}
        if not any(times.values()) or spec["terminationGracePeriodSeconds"] < stop_seconds(option(container, "--role"), **times):
            yield f"{name} is killed before it has drained"
        if deployment["selector"]["matchLabels"] != LABELS[name]:
            yield f"{name} selects other pods"
        budget = named(objects, "PodDisruptionBudget", name)["spec"]
        if budget["selector"]["matchLabels"] != LABELS[name]:
            yield f"the budget of {name} is for other pods"
    api = next(container for name, _, container in containers(objects) if name == API)
    if named(objects, "Deployment", API)["spec"].get("replicas", 1) < 2 or int(option(api, "--drain-seconds") or 0) < 5:
        yield "a rolling update of the API is felt"
    scaler = named(objects, "HorizontalPodAutoscaler", WORKER)["spec"]
    metrics = [metric["external"]["metric"]["name"] for metric in scaler["metrics"] if metric["type"] == "External"]
    if metrics != ["cadlens_queue_waiting"] or scaler["scaleTargetRef"]["name"] != WORKER or scaler["minReplicas"] < 2:
        yield "the workers do not follow the queue"
    if "replicas" in named(objects, "Deployment", WORKER)["spec"]:
        yield "each apply would take the workers back to a fixed number"


def of_probes(objects):
    for name, _, container in containers(objects):
        asked = {kind: container[kind].get("httpGet") for kind in container if kind.endswith("Probe")}
        if asked != PROBES.get(name):
            yield f"{name} is asked for the wrong thing: {asked}"


def of_trust(objects):
    """Whose word on who calls is believed: of a private network, and no large one."""
    api = next(container for name, _, container in containers(objects) if name == API)
    trusted = [each for each in api["args"] if each.startswith("--trusted-proxy")]
    if trusted != ["--trusted-proxy=$(TRUSTED_PROXY)"]:
        yield f"the API believes {trusted}"
    for each in named(objects, "ConfigMap", "cadlens")["data"].get("TRUSTED_PROXY", "0.0.0.0/0").split(","):
        network = ipaddress.ip_network(each)
        private = any(network.version == whole.version and network.subnet_of(whole)
                      for whole in map(ipaddress.ip_network, PRIVATE))
        if not private or network.prefixlen < (WIDEST_PROXY if network.version == 4 else 48):
            yield f"the API believes everyone in {each}"


def of_certificates(objects):
    """Who is to verify needs the authority's certificate, beside the server's own. With the examples' Secrets."""
    secrets = {(each["metadata"]["namespace"], each["metadata"]["name"]): each["stringData"] for each in objects
               if each["kind"] == "Secret"}
    for each in objects:
        if each["kind"] == "Ingress":
            said = {key.rpartition("/")[2]: value for key, value in each["metadata"].get("annotations", {}).items()}
            if said.get("backend-protocol") != "HTTPS" or said.get("proxy-ssl-verify") != "on":
                yield "the Ingress does not verify the API's certificate"
            if "ca.crt" not in secrets.get(tuple(said.get("proxy-ssl-secret", "/").split("/")), {}):
                yield "the Secret by which the Ingress verifies has no ca.crt"


RULES = (of_pods, of_containers, of_restricted, of_services, of_default_deny, of_ingress, of_egress, of_data, of_secrets,
         of_updates, of_probes, of_trust)


def wrongs(objects, *rules):
    return [wrong for rule in rules or RULES for wrong in rule(objects)]
