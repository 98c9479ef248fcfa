"""The import as a process of its own, to be killed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.db import connections

from tests.processes import uncounted

CHUNK = "40"


def on_database(name: str) -> dict[str, str]:
    """The environment of a process that works on the tests' database."""
    environment = dict(os.environ)
    for alias, key in (("default", "DATABASE_URL"), ("owner", "OWNER_DATABASE_URL")):
        environment[key] = os.environ[key].rpartition("/")[0] + f"/{name}"
        assert connections[alias].settings_dict["NAME"] == name
    return environment


def arguments_for(path: Path, tenant: str) -> list[str]:
    """Return the arguments of `import_sales` that tests with and without a process share."""
    rejects = path.with_name(f"{tenant}.rejects")
    return [str(path), "--tenant", tenant, "--chunk", CHUNK, "--rejects", str(rejects)]


def started(path: Path, tenant: str, environment: dict[str, str]) -> subprocess.Popen[str]:
    """Start the import as a process; its progress can be read from standard error."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "import_sales", *arguments_for(path, tenant)],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def killed_after(path: Path, tenant: str, line: int, environment: dict[str, str]) -> int:
    """Kills the process while the step that passes this line is about to commit; its status."""
    with started(path, tenant, uncounted(environment)) as process:
        assert process.stderr is not None
        for told in process.stderr:
            found = re.match(r"\s*line ([\d,]+) of", told)
            if found and int(found[1].replace(",", "")) >= line:
                process.send_signal(signal.SIGKILL)
                break
    return process.returncode
