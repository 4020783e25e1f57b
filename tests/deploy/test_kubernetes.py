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


POD = "spec/template/spec"
BOX = POD + "/containers/0"


@pytest.mark.parametrize(("kind", "name", "path", "value"), [
    ("Deployment", "cadlens-api", POD + "/hostNetwork", True), ("Deployment", "cadlens-worker", POD + "/hostPID", True),
    ("Deployment", "cadlens-api", BOX + "/ports/0/hostPort", 8443), ("Deployment", "cadlens-worker", BOX + "/image", "x:latest"),
    ("Deployment", "cadlens-api", BOX + "/securityContext/privileged", True),
    ("Deployment", "cadlens-api", BOX + "/securityContext/capabilities/add", ["NET_ADMIN"]),
    ("Deployment", "cadlens-worker", BOX + "/securityContext/readOnlyRootFilesystem", False),
    ("Deployment", "cadlens-worker", BOX + "/securityContext", None),
    ("Deployment", "cadlens-worker", POD + "/securityContext/runAsUser", 0),
    ("Deployment", "cadlens-worker", POD + "/securityContext/seccompProfile/type", "Unconfined"),
    ("Deployment", "cadlens-api", POD + "/automountServiceAccountToken", True),
    ("Deployment", "cadlens-api", POD + "/volumes/3", {"name": "h", "hostPath": {"path": "/"}}),
    ("Deployment", "cadlens-api", POD + "/volumes/2/emptyDir/sizeLimit", None),
    ("Deployment", "cadlens-api", POD + "/volumes/0/secret/defaultMode", 0o644),
    ("Deployment", "cadlens-api", BOX + "/resources/limits/memory", None),
    ("Deployment", "cadlens-api", BOX + "/env/6", {"name": "CADLENS_MASTER_KEY", "value": "00"}),
    ("Deployment", "cadlens-worker", BOX + "/envFrom/0", {"secretRef": {"name": "cadlens"}}),
    ("Deployment", "cadlens-api", POD + "/terminationGracePeriodSeconds", 20),
    ("Deployment", "cadlens-api", BOX + "/args/10", "--drain-seconds=0"),
    ("Deployment", "cadlens-worker", BOX + "/args/6", "--finish-seconds=300"),
    ("Deployment", "cadlens-api", BOX + "/readinessProbe/httpGet/path", "/health"),
    ("Deployment", "cadlens-api", "spec/strategy/rollingUpdate/maxUnavailable", 1),
    ("Deployment", "cadlens-api", "spec/replicas", 1), ("Deployment", "cadlens-worker", "spec/replicas", 3),
    ("Namespace", "cadlens-data", "metadata/labels/pod-security.kubernetes.io~enforce", "baseline"),
    ("ServiceAccount", "cadlens-api", "automountServiceAccountToken", None),
    ("Service", "cadlens-api", "spec/type", "LoadBalancer"), ("Service", "cadlens-api", "spec/type", "NodePort"),
    ("Service", "cadlens-api", "spec/ports/0/targetPort", "metrics"),
    ("Service", "cadlens-api", "spec/selector/app.kubernetes.io~component", "worker"),
    ("NetworkPolicy", "default-deny", "spec/policyTypes", ["Ingress"]),
    ("NetworkPolicy", "default-deny", "spec/ingress", [{}]), ("NetworkPolicy", "api", "spec/ingress/0/from", None),
    ("NetworkPolicy", "api", "spec/ingress/0/from/1", {"ipBlock": {"cidr": "0.0.0.0/0"}}),
    ("NetworkPolicy", "api", "spec/ingress/0/ports", None), ("NetworkPolicy", "api", "spec/ingress/0/from/1", {"podSelector": {}}),
    ("NetworkPolicy", "api", "spec/egress/0/to/0/ipBlock/except", None), ("NetworkPolicy", "api", "spec/egress/0/ports", None),
    ("NetworkPolicy", "api", "spec/egress/0/to/1/ipBlock/except/1", None),
    ("NetworkPolicy", "api", "spec/podSelector/matchLabels/app.kubernetes.io~component", None),
    ("NetworkPolicy", "data", "spec/egress/0/to", None), ("NetworkPolicy", "data", "spec/egress/0/ports/3", {"port": 22}),
    ("NetworkPolicy", "data", "spec/egress/0/to/0/namespaceSelector", {}),
    ("NetworkPolicy", "metrics", "spec/ingress/0/from/0/namespaceSelector", {}),
    ("NetworkPolicy", "names", "spec/egress/0/to/0/podSelector", None),
    ("ConfigMap", "cadlens", "data/CADLENS_DATABASE_PASSWORD", "x"),
    ("ConfigMap", "cadlens", "data/CADLENS_S3_URL", "https://a:b@s3.example.com/c"),
    ("HorizontalPodAutoscaler", "cadlens-worker", "spec/metrics/0", None),
    ("PodDisruptionBudget", "cadlens-api", "spec/selector/matchLabels/app.kubernetes.io~component", "worker")])
def test_each_rule_of_kubernetes_finds_its_breach(kind, name, path, value):
    objects = copy.deepcopy(kubernetes())
    space = None if kind == "Namespace" else "cadlens"
    target = next(each for each in objects if (each["kind"], each["metadata"]["name"]) == (kind, name)
                  and each["metadata"].get("namespace") == space)
    change(target, path, value, slash="~")
    assert rules.wrongs(objects), path


@pytest.mark.parametrize("extra", [
    {"kind": "Secret", "metadata": {"name": "x"}, "apiVersion": "v1"},
    {"kind": "ClusterRoleBinding", "metadata": {"name": "x"}, "apiVersion": "rbac.authorization.k8s.io/v1"},
    {"kind": "Service", "metadata": {"name": "database"}, "spec": {"type": "NodePort", "ports": [{"targetPort": 5432}]}},
    {"kind": "NetworkPolicy", "metadata": {"name": "all", "namespace": "cadlens-data"},
     "spec": {"podSelector": {}, "policyTypes": ["Ingress"], "ingress": [{}]}},
    {"kind": "NetworkPolicy", "metadata": {"name": "all", "namespace": "cadlens"},
     "spec": {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{}]}},
    {"kind": "Pod", "metadata": {"name": "debug"}, "spec": {"containers": [{"name": "sh", "image": "busybox"}], "volumes": []}}])
def test_each_rule_of_kubernetes_finds_what_was_added(extra):
    assert rules.wrongs([*kubernetes(), extra], *rules.RULES[:-1])
