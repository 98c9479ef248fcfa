"""Dockerfile and docker-compose.yml name only commands, variables and paths that exist."""

import importlib.util
import json
import re
import shlex

import pytest
import yaml

from ops.places import PROJECT, find_places
from ops.up import OWNERS

COMPOSE_TEXT = (PROJECT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(COMPOSE_TEXT)
DOCKERFILE = (PROJECT / "Dockerfile").read_text().replace("\\\n", "")
OURS = ("migrate", "web", "worker", "beat")
ALLOWED_PROGRAMS = {"pip", "npm", "useradd", "mkdir", "chown"}


def instructions(name):
    return [line.partition(" ")[2].strip() for line in DOCKERFILE.splitlines() if line.startswith(name)]


def settings_variables():
    text = (PROJECT / "config" / "settings.py").read_text()
    return set(re.findall(r"""env\.\w+\(\s*"([A-Z_]+)\"""", text))


def check_command(words):
    """The program is one of the environment's, and what it is to run is there."""
    program, *rest = words
    if program in ALLOWED_PROGRAMS:
        return
    assert (find_places().venv / "bin" / program).exists(), program
    if program == "python" and rest[0] == "-m":
        assert importlib.util.find_spec(rest[1]), rest
    elif program == "python":
        assert (PROJECT / rest[0]).is_file(), rest
    elif program == "gunicorn":
        assert importlib.util.find_spec(rest[0]), rest
    elif program == "celery":
        assert rest[:2] == ["--app", "config"]
        assert rest[2] in {"worker", "beat", "inspect"}


@pytest.mark.parametrize("service", OURS)
def test_each_command_can_be_run(service):
    if command := COMPOSE["services"][service].get("command"):
        check_command(command)
    kind, *test = COMPOSE["services"][service].get("healthcheck", {}).get("test", [""])
    if kind == "CMD":
        check_command(test)
    elif kind == "CMD-SHELL":
        check_command(shlex.split(test[0]))


@pytest.mark.parametrize("service", ["web", "worker", "beat"])
def test_no_running_service_knows_the_owner_or_the_backup(service):
    assert not {name for name in COMPOSE["services"][service]["environment"] if name in OWNERS}


@pytest.mark.parametrize("service", OURS)
def test_each_variable_is_one_that_the_settings_read(service):
    assert set(COMPOSE["services"][service]["environment"]) <= settings_variables()


def test_each_variable_of_the_roles_is_handed_to_postgres():
    wanted = set(re.findall(r"\\getenv \w+ (\w+)", (PROJECT / "ops" / "roles.sql").read_text()))
    assert wanted <= set(COMPOSE["services"]["postgres"]["environment"])


def test_each_secret_comes_from_the_environment_and_is_explained():
    asked = set(re.findall(r"\$\{(\w+):\?\}", COMPOSE_TEXT))
    explained = set(re.findall(r"\b[A-Z_]{6,}\b", COMPOSE_TEXT.split("x-app")[0]))
    assert asked == explained
    for service in COMPOSE["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|SECRET|URL|AUTH", name):
                assert "${" in str(value), name


def test_each_path_exists():
    for service in COMPOSE["services"].values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert (PROJECT / source).is_file() if source.startswith(".") else source in COMPOSE["volumes"]
    for line in instructions("COPY"):
        if not line.startswith("--from"):
            assert all((PROJECT / source).exists() for source in line.split()[:-1]), line
    ignored = (PROJECT / ".dockerignore").read_text().split()
    assert not {"ops", "config", "locale", "static", "templates", "requirements"} & set(ignored)


def test_each_instruction_of_the_image_can_be_run():
    check_command(json.loads(instructions("CMD")[0]))
    for line in instructions("RUN"):
        for command in line.split("&&"):
            words = [word for word in shlex.split(command) if not re.match(r"[A-Z_]+=", word)]
            check_command(words)


def test_nothing_of_ours_runs_as_root():
    assert instructions("USER") == ["tripact"]
    for service in OURS:
        assert COMPOSE["services"][service]["cap_drop"] == ["ALL"]
        assert "user" not in COMPOSE["services"][service]


def test_the_owners_password_reaches_the_migration_only():
    holders = [
        name
        for name, service in COMPOSE["services"].items()
        if "TRIPACT_OWNER_PASSWORD" in json.dumps(service.get("environment", {}))
    ]
    assert holders == ["postgres", "migrate"]


def test_each_long_running_service_has_a_health_check():
    checked = {name for name, service in COMPOSE["services"].items() if "healthcheck" in service}
    assert checked == set(COMPOSE["services"]) - {"migrate"}


def test_data_of_postgres_18_lies_in_its_volume():
    assert "postgres:/var/lib/postgresql" in COMPOSE["services"]["postgres"]["volumes"]


def test_ports_are_published_on_loopback_only():
    for service in COMPOSE["services"].values():
        assert all(str(port).startswith("127.0.0.1:") for port in service.get("ports", []))
