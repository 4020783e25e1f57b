# SPDX-License-Identifier: Apache-2.0
"""S05, S07: what the Kubernetes manifests open, and for whom, read from the files themselves."""
import copy
import json
import re
import shutil
import subprocess

import pytest
import rules_kubernetes as rules
import yaml
from deployment import KUBERNETES, change, kubernetes, kubernetes_files, named, node_modules, objects_of, pods

OVERLAYS = ("base", "overlays/gvisor", "overlays/ingress-nginx")


def type_check(objects, folder):
    """Each object as a literal of its type: the compiler names unknown fields, missing ones and wrong kinds."""
    lines = []
    for number, each in enumerate(objects):
        group = each["apiVersion"].replace(".authorization.k8s.io", "")
        lines.append(f'import {{ I{each["kind"]} as T{number} }} from "kubernetes-models/{group}/{each["kind"]}";')
        lines.append(f"export const o{number}: T{number} = {json.dumps(each)};")
    (folder / "manifests.ts").write_text("\n".join(lines) + "\n")
    modules = node_modules()
    options = {"compilerOptions": {"strict": True, "noEmit": True, "skipLibCheck": True, "module": "esnext", "target": "es2020",
                                   "moduleResolution": "bundler", "types": [], "typeRoots": []}, "files": ["manifests.ts"]}
    (folder / "tsconfig.json").write_text(json.dumps(options))
    if not (folder / "node_modules").exists():
        (folder / "node_modules").symlink_to(modules)
    done = subprocess.run(["node", modules / "typescript/bin/tsc", "-p", folder], capture_output=True, text=True, timeout=120)
    return [part for part in re.split(r"^(?=\S)", done.stdout, flags=re.M) if part.strip()]


def test_manifests_are_of_kubernetes_own_types(tmp_path):
    objects = kubernetes("base", "overlays/ingress-nginx", "examples")
    assert len(objects) > 20
    assert type_check(objects, tmp_path) == []


def test_the_types_find_what_is_wrong(tmp_path):
    """An unknown field deep inside, a missing one, and a value of the wrong kind."""
    objects = kubernetes()
    change(named(objects, "Deployment", "cadlens-api"), "spec/template/spec/containers/0/readOnlyRootFilesystem", True)
    change(named(objects, "HorizontalPodAutoscaler", "cadlens-worker"), "spec/maxReplicas", None)
    change(named(objects, "Service", "cadlens-api"), "spec/ports/0/port", "443x")
    found = type_check(objects, tmp_path)
    assert len(found) == 3, found
    for words in ('"readOnlyRootFilesystem"\' does not exist', '"maxReplicas"\' is missing', "'string' is not assignable"):
        assert any(words in line for line in found), words


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_kustomize_builds_what_holds_to_the_rules(overlay):
    if not shutil.which("kubectl"):  # Debian 12 has one that is too old for these files
        pytest.skip("kubectl is not installed, so kustomizations are not built")
    done = subprocess.run(["kubectl", "kustomize", KUBERNETES / overlay], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    objects = objects_of(done.stdout)
    for _, spec in pods(objects):
        for container in spec["containers"]:
            assert re.fullmatch(r"[\w./-]+:\d[\w.-]*|[\w./-]+@sha256:[0-9a-f]{64}", container["image"]), "pinned"
            container["image"] = "cadlens"
    assert rules.wrongs(objects) == []
    runtimes = {name: spec.get("runtimeClassName") for name, spec in pods(objects)}
    assert runtimes == {"cadlens-api": None, "cadlens-worker": "gvisor" if overlay.endswith("gvisor") else None}
    assert any(each["kind"] == "Ingress" for each in objects) == overlay.endswith("nginx")


def test_every_file_is_part_of_a_kustomization():
    for folder in ("base", "overlays/ingress-nginx", "overlays/gvisor"):
        listed = yaml.safe_load((KUBERNETES / folder / "kustomization.yaml").read_text())["resources"]
        assert {path.name for path in kubernetes_files(folder)} == {name for name in listed if name.endswith(".yaml")}


def test_S05_kubernetes_policies_keep_the_data_to_cadlens():
    assert rules.wrongs(kubernetes(), rules.of_data, rules.of_default_deny) == []


def test_S05_kubernetes_pods_reach_their_data_and_little_else():
    assert rules.wrongs(kubernetes(), rules.of_egress) == []


def test_S07_kubernetes_policies_let_the_ingress_controller_in_alone():
    assert rules.wrongs(kubernetes(), rules.of_ingress, rules.of_default_deny) == []


def test_S07_kubernetes_exposes_the_api_alone():
    assert rules.wrongs(kubernetes("base", "overlays/ingress-nginx"), rules.of_services) == []


def test_S07_kubernetes_pods_have_no_privileges():
    assert rules.wrongs(kubernetes(), rules.of_pods, rules.of_containers, rules.of_restricted) == []


def test_S25_kubernetes_manifests_hold_no_secret():
    assert rules.wrongs(kubernetes(), rules.of_secrets) == []
    for each in kubernetes("examples"):
        for key, value in each.get("stringData", {}).items():
            assert value.startswith("REPLACE-ME"), key


def test_S05_an_outside_database_is_named_by_its_address():
    objects = [named(kubernetes("examples"), "NetworkPolicy", "data")]
    for peer, (_, port, _) in rules.allowed(objects, "cadlens", rules.LABELS[rules.API], "Egress"):
        assert peer["ipBlock"]["cidr"].endswith("/32") and port in {5432, 6379, 443}


def test_kubernetes_updates_are_not_felt():
    assert rules.wrongs(kubernetes(), rules.of_updates) == []


def test_the_adapters_rule_gives_the_autoscalers_metric():
    rule, = yaml.safe_load((KUBERNETES / "examples/prometheus-adapter.yaml").read_text())["rules"]["external"]
    metric = named(kubernetes(), "HorizontalPodAutoscaler", "cadlens-worker")["spec"]["metrics"][0]["external"]["metric"]["name"]
    assert rule["name"]["as"] == metric and rule["seriesQuery"].startswith(metric + "{")


def test_kubernetes_asks_whether_to_restart_and_whether_to_send_work():
    assert rules.wrongs(kubernetes(), rules.of_probes) == []


def test_S07_kubernetes_believes_the_ingress_controllers_network():
    assert rules.wrongs(kubernetes(), rules.of_trust) == []


def test_S01_the_ingress_has_what_it_verifies_the_api_by():
    objects = kubernetes("overlays/ingress-nginx", "examples")
    assert rules.wrongs(objects, rules.of_certificates) == []
    change(named(objects, "Secret", "cadlens-tls"), "stringData/ca.crt", None)
    assert rules.wrongs(objects, rules.of_certificates)
    change(named(objects, "Ingress", "cadlens"), "metadata/annotations/nginx.ingress.kubernetes.io~proxy-ssl-verify", "off")
    assert len(rules.wrongs(objects, rules.of_certificates)) == 2


API = ("Deployment", "cadlens-api", "spec/template/spec/")
API_BOX = (*API[:2], API[2] + "containers/api/")
WORKER = ("Deployment", "cadlens-worker", "spec/template/spec/")
WORKER_BOX = (*WORKER[:2], WORKER[2] + "containers/worker/")
API_POLICY = ("NetworkPolicy", "api", "spec/")
DATA_POLICY = ("NetworkPolicy", "data", "spec/egress/0/")
TRUST = ("ConfigMap", "cadlens", "data/TRUSTED_PROXY")

BREACHES = [
    ("of_pods", *API, "hostNetwork", True), ("of_pods", *WORKER, "hostPID", True),
    ("of_pods", *WORKER, "securityContext/runAsUser", 0),
    ("of_pods", *WORKER, "securityContext/seccompProfile/type", "Unconfined"),
    ("of_pods", *API, "automountServiceAccountToken", True),
    ("of_pods", *API, "volumes/+", {"name": "h", "hostPath": {"path": "/"}}),
    ("of_pods", *API, "volumes/scratch/emptyDir/sizeLimit", None),
    ("of_pods", *API, "volumes/secrets/secret/defaultMode", 0o644),
    ("of_containers", *API_BOX, "ports/https/hostPort", 8443), ("of_containers", *WORKER_BOX, "image", "x:latest"),
    ("of_containers", *API_BOX, "securityContext/privileged", True),
    ("of_containers", *API_BOX, "securityContext/capabilities/add", ["NET_ADMIN"]),
    ("of_containers", *WORKER_BOX, "securityContext/readOnlyRootFilesystem", False),
    ("of_containers", *WORKER_BOX, "securityContext", None), ("of_containers", *API_BOX, "resources/limits/memory", None),
    ("of_secrets", *API_BOX, "env/+", {"name": "CADLENS_MASTER_KEY", "value": "00"}),
    ("of_secrets", *API_BOX, "env/CADLENS_SIGNING_KEY_FILE", None),
    ("of_secrets", *API_BOX, "env/CADLENS_REDIS_URL_FILE/value", "/run/secrets/cadlens/database-url"),
    ("of_secrets", *WORKER_BOX, "envFrom/+", {"secretRef": {"name": "cadlens"}}),
    ("of_secrets", *WORKER, "volumes/+", {"name": "tls", "secret": {"secretName": "cadlens-tls"}}),
    ("of_secrets", *API_BOX, "volumeMounts/tls/mountPath", "/run/secrets/cadlens"),
    ("of_secrets", "ConfigMap", "cadlens", "data/", "CADLENS_DATABASE_PASSWORD", "x"),
    ("of_secrets", "ConfigMap", "cadlens", "data/", "CADLENS_S3_URL", "https://a:b@s3.example.com/c"),
    ("of_updates", *API, "terminationGracePeriodSeconds", 20), ("of_updates", *WORKER, "terminationGracePeriodSeconds", 45),
    ("of_updates", *API_BOX, "args/--drain-seconds", "--drain-seconds=0"),
    ("of_updates", *WORKER_BOX, "args/--finish-seconds", "--finish-seconds=300"),
    ("of_updates", *API[:2], "", "spec/strategy/rollingUpdate/maxUnavailable", 1),
    ("of_updates", *API[:2], "", "spec/replicas", 1), ("of_updates", *WORKER[:2], "", "spec/replicas", 3),
    ("of_updates", "HorizontalPodAutoscaler", "cadlens-worker", "", "spec/metrics/0", None),
    ("of_updates", "PodDisruptionBudget", "cadlens-api", "spec/selector/matchLabels/", "app.kubernetes.io~component", "worker"),
    ("of_probes", *API_BOX, "readinessProbe/httpGet/path", "/health"), ("of_probes", *API_BOX, "livenessProbe/httpGet/path", "/health"),
    ("of_probes", *API_BOX, "livenessProbe/httpGet/path", "/ready"), ("of_probes", *API_BOX, "livenessProbe", None),
    ("of_probes", *API_BOX, "readinessProbe/httpGet/scheme", "HTTP"), ("of_probes", *API_BOX, "startupProbe/httpGet/port", "metrics"),
    ("of_probes", *WORKER_BOX, "livenessProbe/httpGet/path", "/live"), ("of_probes", *WORKER_BOX, "startupProbe", None),
    ("of_trust", *TRUST, "", "0.0.0.0/0"), ("of_trust", *TRUST, "", "10.0.0.0/8"), ("of_trust", *TRUST, "", "203.0.113.0/24"),
    ("of_trust", *TRUST, "", "10.244.0.0/16,::/0"), ("of_trust", *TRUST, "", None),
    ("of_trust", *API_BOX, "args/+", "--trusted-proxy=0.0.0.0/0"), ("of_trust", *API_BOX, "args/--trusted-proxy", None),
    ("of_restricted", "Namespace", "cadlens-data", "metadata/labels/", "pod-security.kubernetes.io~enforce", "baseline"),
    ("of_restricted", "ServiceAccount", "cadlens-api", "", "automountServiceAccountToken", None),
    ("of_services", "Service", "cadlens-api", "spec/", "type", "LoadBalancer"),
    ("of_services", "Service", "cadlens-api", "spec/", "type", "NodePort"),
    ("of_services", "Service", "cadlens-api", "spec/", "ports/https/targetPort", "metrics"),
    ("of_services", "Service", "cadlens-api", "spec/", "selector/app.kubernetes.io~component", "worker"),
    ("of_default_deny", "NetworkPolicy", "default-deny", "spec/", "policyTypes", ["Ingress"]),
    ("of_default_deny", "NetworkPolicy", "default-deny", "spec/", "ingress", [{}]),
    ("of_ingress", *API_POLICY, "ingress/0/from", None), ("of_ingress", *API_POLICY, "ingress/0/ports", None),
    ("of_ingress", *API_POLICY, "ingress/0/from/+", {"ipBlock": {"cidr": "0.0.0.0/0"}}),
    ("of_ingress", *API_POLICY, "ingress/0/from/+", {"podSelector": {}}),
    ("of_ingress", *API_POLICY, "podSelector/matchLabels/app.kubernetes.io~component", None),
    ("of_ingress", "NetworkPolicy", "metrics", "spec/", "ingress/0/from/0/namespaceSelector", {}),
    ("of_egress", *API_POLICY, "egress/0/to/0/ipBlock/except", None), ("of_egress", *API_POLICY, "egress/0/ports", None),
    ("of_egress", *API_POLICY, "egress/0/to/1/ipBlock/except/fc00::~7", None),
    ("of_egress", *API_POLICY, "egress/0/to/0/ipBlock/except/10.0.0.0~8", None),
    ("of_egress", *DATA_POLICY, "to", None), ("of_egress", *DATA_POLICY, "ports/+", {"port": 22}),
    ("of_egress", *DATA_POLICY, "to/0/namespaceSelector", {}),
    ("of_egress", "NetworkPolicy", "names", "spec/", "egress/0/to/0/podSelector", None),
    ("of_data", "NetworkPolicy", "cadlens", "spec/", "ingress/0/from/0/podSelector", None),
    ("of_data", "NetworkPolicy", "cadlens", "spec/", "ingress/0/ports/+", {"protocol": "TCP", "port": 22}),
    ("of_data", "NetworkPolicy", "cadlens", "spec/", "egress/+", {"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]})]


@pytest.mark.parametrize(("rule", "kind", "name", "folder", "path", "value"), BREACHES)
def test_each_rule_of_kubernetes_finds_its_breach(rule, kind, name, folder, path, value):
    objects = copy.deepcopy(kubernetes())
    space = None if kind == "Namespace" else "cadlens-data" if rule == "of_data" else "cadlens"
    target = next(each for each in objects if (each["kind"], each["metadata"]["name"]) == (kind, name)
                  and each["metadata"].get("namespace") == space)
    change(target, (folder + path).rstrip("/"), value)
    assert rules.wrongs(objects, getattr(rules, rule))


def test_no_rule_of_kubernetes_is_without_a_breach():
    assert {row[0] for row in BREACHES} == {rule.__name__ for rule in rules.RULES}


@pytest.mark.parametrize(("rule", "extra"), [
    ("of_secrets", {"kind": "Secret", "metadata": {"name": "x"}, "apiVersion": "v1"}),
    ("of_restricted", {"kind": "ClusterRoleBinding", "metadata": {"name": "x"}, "apiVersion": "rbac.authorization.k8s.io/v1"}),
    ("of_services", {"kind": "Service", "metadata": {"name": "database"},
                     "spec": {"type": "NodePort", "ports": [{"targetPort": 5432}]}}),
    ("of_data", {"kind": "NetworkPolicy", "metadata": {"name": "all", "namespace": "cadlens-data"},
                 "spec": {"podSelector": {}, "policyTypes": ["Ingress"], "ingress": [{}]}}),
    ("of_egress", {"kind": "NetworkPolicy", "metadata": {"name": "all", "namespace": "cadlens"},
                   "spec": {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{}]}}),
    ("of_pods", {"kind": "Pod", "metadata": {"name": "debug"},
                 "spec": {"containers": [{"name": "sh", "image": "busybox"}], "volumes": []}}),
    ("of_containers", {"kind": "Pod", "metadata": {"name": "debug"},
                       "spec": {"containers": [{"name": "sh", "image": "busybox"}], "volumes": []}})])
def test_each_rule_of_kubernetes_finds_what_was_added(rule, extra):
    assert rules.wrongs([*kubernetes(), extra], getattr(rules, rule))
