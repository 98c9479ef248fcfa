"""The rooms and floors of the code, and the import contracts that follow from them.

`python -m ops.layers` checks the contracts with import-linter; its arguments go on to `lint-imports`.
A new room is one name in LAYERS.
"""

from __future__ import annotations

import configparser
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

# A room imports from the lines below its own, never from its own line or above.
LAYERS = (
    "config",
    "portal | demo",
    "integrations | imports | simulations",
    "analytics",
    "rebates",
    "ordering",
    "pricing",
    "alliance",
    "ledger",
    "approvals",
    "assortment",
    "dealers | catalogue",
    "accounts",
    "audit",
    "ui",
    "jobs",
    "tenancy",
    "kernel",
)
FLOORS = (
    "(web) | (api) | (admin) | (management) | (admin_site)",
    "(base_admin)",
    "(admin_rights)",
    "(middleware) | (idempotency) | (backends) | (edit_conflicts) | (admin_app) | (request_log)",
    "(tasks)",
    "(notifications)",
    "(operations)",
    "(providers) | (work_budget)",
    "(queries) | (crossing) | (migration) | (rate_limits) | (client_address) | (authentication)"
    " | (optional_cache)",
    "(models)",
    "(domain) | (context) | (rights) | (formats) | (templatetags) | (health_checks) | (audit_actions)"
    " | (registry) | (targets)",
    "(rooms)",
)
WITHOUT_FLOORS = ("config", "kernel")
FRAMEWORKS = ("django", "rest_framework", "celery", "psycopg2", "redis", "pandas")
# accounts' domain reads the groups of messages that the rooms registered.
DOMAINS_WITH_DJANGO = ("accounts",)
PANDAS_FROM = "analytics"


def packages(layers: Sequence[str] = LAYERS) -> list[str]:
    """Return the packages of all layers, the highest first."""
    return [name.strip() for layer in layers for name in layer.split("|")]


def contracts(folder: Path, layers: Sequence[str] = LAYERS) -> configparser.ConfigParser:
    """Return import-linter's configuration for the packages that lie in a folder."""
    rooms = packages(layers)
    domains = [
        f"{room}.domain"
        for room in rooms
        if (folder / room / "domain").is_dir() and room not in DOMAINS_WITH_DJANGO
    ]
    under_pandas = rooms[rooms.index(PANDAS_FROM) + 1 :]
    made = configparser.ConfigParser()
    made["importlinter"] = {"root_packages": _lines(rooms), "include_external_packages": "True"}
    made["importlinter:contract:rooms"] = {
        "name": "Rooms import downwards only",
        "type": "layers",
        "layers": _lines(layers),
    }
    made["importlinter:contract:floors"] = {
        "name": "Floors import downwards only",
        "type": "layers",
        "containers": _lines(room for room in rooms if room not in WITHOUT_FLOORS),
        "layers": _lines(FLOORS),
        "exhaustive": "True",
        "exhaustive_ignores": _lines(("apps", "migrations")),
    }
    made["importlinter:contract:domain"] = {
        "name": "The domain is plain Python",
        "type": "forbidden",
        "source_modules": _lines(("kernel", *domains)),
        "forbidden_modules": _lines(FRAMEWORKS),
    }
    made["importlinter:contract:pandas"] = {
        "name": "pandas in analytics only",
        "type": "forbidden",
        "source_modules": _lines(under_pandas),
        "forbidden_modules": "pandas",
    }
    return made


def check(folder: Path, arguments: Sequence[str] = (), layers: Sequence[str] = LAYERS) -> int:
    """Run import-linter over the packages in a folder; return its exit status."""
    with tempfile.NamedTemporaryFile("w", suffix=".ini") as file:
        contracts(folder, layers).write(file)
        file.flush()
        program = Path(sys.executable).parent / "lint-imports"
        return subprocess.run(
            [program, "--config", file.name, *arguments], cwd=folder, check=False
        ).returncode


def _lines(names: Iterable[str]) -> str:
    return "\n" + "\n".join(names)


if __name__ == "__main__":
    sys.exit(check(Path(os.getcwd()), sys.argv[1:]))
