"""The MPIJob manifest: by the schemas of Kubernetes, and by that of the operator."""

import copy
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import yaml

from tests.commands import process
from tests.recipes.runs import flags, log
from tests.recipes.test_shell import RECIPES
from tests.training.hosts import hosts

STEPS = 50
OPERATOR = "https://github.com/kubeflow/mpi-operator"
RELEASE = "v0.8.0"
CRD = "manifests/base/kubeflow.org_mpijobs.yaml"


@cache
def _documents() -> tuple[dict[str, Any], ...]:
    return tuple(yaml.safe_load_all((RECIPES / "mpijob.yaml").read_text()))


def job() -> dict[str, Any]:
    """The MPIJob of the manifest."""
    return copy.deepcopy(_documents()[1])


def replica(role: str) -> dict[str, Any]:
    """What the manifest says of the launcher, or of the workers."""
    found: dict[str, Any] = job()["spec"]["mpiReplicaSpecs"][role]
    return found


def pod(role: str) -> dict[str, Any]:
    """A pod, as the operator makes it of the template."""
    named = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": role.lower()}}
    return {**named, "spec": replica(role)["template"]["spec"]}


def kubernetes_accepts(resource: dict[str, Any]) -> None:
    kubernetes_validate.validate(resource, kubernetes_validate.latest_version(), strict=True)


@pytest.fixture(scope="session")
def schema(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The operator's schema of an MPIJob, in which no key is unknown."""
    folder = tmp_path_factory.mktemp("operator")
    fetch = ("fetch", "--quiet", "--depth=1", "--filter=blob:none")
    assert process("git", "init", "--quiet", folder).returncode == 0
    process("git", "-C", folder, "remote", "add", "origin", OPERATOR)
    fetched = process("git", "-C", folder, *fetch, "origin", f"refs/tags/{RELEASE}")
    text = process("git", "-C", folder, "show", f"FETCH_HEAD:{CRD}")
    if fetched.returncode or text.returncode:
        pytest.skip(f"{OPERATOR} cannot be fetched here: {fetched.stderr.strip()}")
    (version,) = yaml.safe_load(text.stdout)["spec"]["versions"]
    assert version["name"] == "v2beta1"
    found: dict[str, Any] = version["schema"]["openAPIV3Schema"]
    found["properties"]["metadata"] = {"type": "object"}
    _close(found)
    return found


def _close(schema: object) -> None:
    """Make a schema refuse keys that it does not know, as `kubectl apply` does."""
    if isinstance(schema, dict):
        if "properties" in schema and schema.get("type") == "object":
            schema.setdefault("additionalProperties", False)
        for part in schema.values():
            _close(part)


def test_kubernetes_accepts_the_claim() -> None:
    claim = _documents()[0]
    kubernetes_accepts(claim)
    claims = {
        volume["persistentVolumeClaim"]["claimName"]
        for role in ("Launcher", "Worker")
        for volume in pod(role)["spec"]["volumes"]
        if "persistentVolumeClaim" in volume
    }
    assert claims == {claim["metadata"]["name"]}


@pytest.mark.parametrize("role", ["Launcher", "Worker"])
def test_kubernetes_accepts_the_pods(role: str) -> None:
    kubernetes_accepts(pod(role))
    volumes = {volume["name"] for volume in pod(role)["spec"]["volumes"]}
    (container,) = pod(role)["spec"]["containers"]
    assert {mount["name"] for mount in container["volumeMounts"]} <= volumes


def test_kubernetes_refuses_a_misspelt_key() -> None:
    wrong = pod("Worker")
    wrong["spec"]["containers"][0]["volumeMount"] = []
    with pytest.raises(kubernetes_validate.ValidationError, match="volumeMount"):
        kubernetes_accepts(wrong)


def test_the_operator_accepts_the_job(schema: dict[str, Any]) -> None:
    jsonschema.validate(job(), schema)


@pytest.mark.parametrize("name", ["runPolicy", "spec", "template"])
def test_the_operator_refuses_a_misspelt_key(schema: dict[str, Any], name: str) -> None:
    wrong = job()
    place = {
        "runPolicy": wrong["spec"]["runPolicy"],
        "spec": wrong["spec"],
        "template": wrong["spec"]["mpiReplicaSpecs"]["Worker"]["template"]["spec"],
    }[name]
    place["backOffLimit"] = 1
    with pytest.raises(jsonschema.ValidationError, match="backOffLimit"):
        jsonschema.validate(wrong, schema)


def test_the_first_container_of_a_worker_is_its_ssh_server() -> None:
    (container,) = pod("Worker")["spec"]["containers"]
    assert Path(container["command"][0]).name == "sshd"
    assert container["readinessProbe"]["tcpSocket"]["port"] == 22


@pytest.mark.long
def test_the_command_of_the_launcher_trains(
    place: Path, mpi_stack: Path, hosts_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The launcher has the file and the variables of the operator; names are short, as of links."""
    workers = [f"e-worker-{number}.svc" for number in range(2)]
    file = place / "hostfile"
    file.write_text("".join(f"{name} slots=1\n" for name in workers))
    (container,) = pod("Launcher")["spec"]["containers"]
    places = {"/etc/mpi/hostfile": str(file), "/opt/stack": str(mpi_stack)}
    words = [places.get(word, word) for word in (*container["command"], *container["args"])]
    monkeypatch.setenv("OMPI_MCA_orte_keep_fqdn_hostnames", "true")
    monkeypatch.setenv("OMPI_MCA_orte_default_hostfile", str(file))
    monkeypatch.setenv("OMPI_MCA_plm_rsh_args", "-o ConnectionAttempts=10")
    monkeypatch.setenv("OMPI_MCA_orte_set_default_slots", "1")
    with hosts(hosts_folder, ["e-launcher", *workers]) as (launcher, *_):
        done = launcher.run(*words, *flags(STEPS))
    assert done.returncode == 0, done.stderr
    assert f"at step {STEPS}" in done.stdout
    assert all(f"started on {name}" in log(place) for name in workers)
