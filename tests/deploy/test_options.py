# SPDX-License-Identifier: Apache-2.0
"""What the deployment files ask of the program is what the program has: options of `cadlens serve`, and variables."""
import re
import subprocess

import pytest
import yaml
from deployment import BUILD, KUBERNETES, ROOT, UNITS, compose, kubernetes, pods, unit, version_of_the_project
from rules_compose import environment_of



def options_of_the_program():
    helped = subprocess.run([BUILD / "cadlens", "serve", "--help"], capture_output=True, text=True, timeout=60, check=True)
    return set(re.findall(r"^  (?:-\w,)?(--[\w-]+)", helped.stdout, re.M))


def variables_of_the_program():
    sources = "\n".join(path.read_text() for path in (ROOT / "src").rglob("*.cpp") if not path.stem.endswith("_test"))
    names = set(re.findall(r'"(CADLENS_[A-Z0-9_]+)"', sources))
    return names | {name + "_FILE" for name in names}


def uses():
    """(file, options, variables) of everything that starts the program."""
    for name, service in compose()["services"].items():
        if name in ("api", "worker"):
            yield f"compose.yaml {name}", service["command"], set(environment_of(service))
    settings = {key for each in kubernetes() if each["kind"] == "ConfigMap" for key in each["data"]}
    for name, spec in pods(kubernetes()):
        box = spec["containers"][0]
        known = {entry["name"] for entry in box["env"]} | {key for key in settings if key.startswith("CADLENS_")}
        for used in re.findall(r"\$\((\w+)\)", " ".join(box["args"])):
            assert used in settings, used
        yield f"kubernetes {name}", box["args"], known
    for path in UNITS:
        lines = unit(path)
        names = {entry.split("=")[0] for entry in lines["Environment"]} - {"CADLENS_OPTIONS"}
        yield path.name, lines["ExecStart"][0].split()[1:], names
    for path in (ROOT / "packaging/etc").glob("*.env"):
        text = path.read_text()
        names = set(re.findall(r"^#?(CADLENS_\w+)=", text, re.M)) - {"CADLENS_OPTIONS"}
        yield path.name, re.findall(r"--[a-z-]+", text), names


@pytest.mark.parametrize(("where", "arguments", "variables"), uses(), ids=lambda value: value if isinstance(value, str) else "")
def test_every_option_and_variable_is_one_of_the_programs(where, arguments, variables):
    options = {each.split("=")[0] for each in arguments if each.startswith("--")} - {"--help"}
    assert options <= options_of_the_program(), sorted(options - options_of_the_program())
    assert variables <= variables_of_the_program(), sorted(variables - variables_of_the_program())


def test_an_unknown_option_would_be_found():
    assert "--no-such-option" not in options_of_the_program() and len(options_of_the_program()) > 40
    assert "CADLENS_NO_SUCH" not in variables_of_the_program() and "CADLENS_MASTER_KEY_FILE" in variables_of_the_program()


def test_the_documents_name_files_that_are_there():
    text = (ROOT / "docs/deploy.md").read_text()
    for name in set(re.findall(r"(?<![\w./-])((?:deploy|packaging|tests/deploy)/[\w./-]*\w)", text)):
        assert (ROOT / name).exists() or name.startswith("deploy/secrets"), name


def test_the_image_of_the_manifests_is_that_of_compose():
    kustomization = yaml.safe_load((KUBERNETES / "base/kustomization.yaml").read_text())
    version = version_of_the_project()
    assert [image["newTag"] for image in kustomization["images"]] == [version]
    assert {service["image"] for name, service in compose()["services"].items() if name in ("api", "worker")} == {f"cadlens:{version}"}
