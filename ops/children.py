"""Run programs of the project as child processes: their environment, and waiting for them."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from ops.interrupts import Interrupted
from ops.places import PROJECT, Places


def django_environment(places: Places, secrets: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a Django process; the caller's own variables take precedence.

    DEBUG is off, because it collects each statement in memory, which bulk imports cannot afford. HTTPS
    is off because the local servers do not offer it.
    """
    defaults = {"SECRET_KEY": secrets["signing"], "DEBUG": "0", "HTTPS": "0"}
    return (
        defaults
        | os.environ
        | compiled_files(places)
        | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "NODE_MODULES": str(places.node_modules),
            "PYTHONPATH": str(PROJECT),
            "TRIPACT_HOME": str(places.home),
        }
    )


def compiled_files(places: Places) -> dict[str, str]:
    """Return where Python stores compiled modules if the caller wants none beside the sources.

    Without them each process compiles the project and its packages anew, which takes seconds.
    """
    if not os.environ.get("PYTHONDONTWRITEBYTECODE"):
        return {}
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(places.venv / "pycache")}


def pass_through(command: Sequence[str | Path], environment: Mapping[str, str]) -> int:
    """Run a command on our own standard streams, in the caller's folder; return its status."""
    child = subprocess.Popen(command, env=environment)
    try:
        status = child.wait()
    except Interrupted as interruption:
        status = wind_down(child, interruption.number)
    return status if status >= 0 else 128 - status


def wind_down(child: subprocess.Popen[bytes], signal_number: int) -> int:
    """Stop a child. Ctrl-C has reached it already, from the terminal; other signals are passed on."""
    if signal_number == signal.SIGINT:
        try:
            return child.wait(timeout=3)
        except subprocess.TimeoutExpired:
            pass
    child.terminate()
    try:
        return child.wait(timeout=20)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()
