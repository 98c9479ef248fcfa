"""Programs of the project run as children: what they are told, and how they are waited for."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from ops.interrupts import Interrupted
from ops.places import PROJECT, Places


def django_environment(places: Places, secrets: Mapping[str, str]) -> dict[str, str]:
    """What every Django process gets; the caller's own variables win.

    DEBUG is off: it keeps each statement in memory, which bulk imports must not. HTTPS is off
    because nothing here speaks it.
    """
    defaults = {"SECRET_KEY": secrets["signing"], "DEBUG": "0", "HTTPS": "0"}
    return (
        defaults
        | os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "NODE_MODULES": str(places.node_modules),
            "PYTHONPATH": str(PROJECT),
            "TRIPACT_HOME": str(places.home),
        }
    )


def pass_through(command: Sequence[str | Path], environment: Mapping[str, str]) -> int:
    """Runs a command on our own standard streams, in the caller's folder; returns its status."""
    child = subprocess.Popen(command, env=environment)
    try:
        status = child.wait()
    except Interrupted as asked:
        status = wind_down(child, asked.number)
    return status if status >= 0 else 128 - status


def wind_down(child: subprocess.Popen[bytes], asked: int) -> int:
    """Ctrl-C has reached the child by itself, from the terminal; anything else we pass on."""
    if asked == signal.SIGINT:
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
