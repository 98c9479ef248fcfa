"""Long-running child processes: each with a log, watched, and stopped with its own children."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from ops.interrupts import sheltered
from ops.places import PROJECT, Places
from ops.processes import Known, command_line, remember, stop, tail
from ops.say import open_log, say


@dataclass(slots=True)
class Child:
    """A program in a process group of its own."""

    name: str
    process: subprocess.Popen[bytes]
    known: Known
    log: Path
    log_start: int

    def logged(self) -> str:
        """Return what it has logged since this start."""
        with self.log.open("rb") as log:
            log.seek(self.log_start)
            return log.read().decode(errors="replace")

    def failure(self) -> str | None:
        status = self.process.poll()
        if status is None:
            return None
        return f"{self.name} ended (status {status}); the end of {self.log}:\n{tail(self.log)}"


class Supervisor:
    """Start and stop children, with a record on disk by which the next run finds them after a crash."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.record = places.run / "up.json"
        self.children: list[Child] = []

    def clear_leftovers(self) -> None:
        """Stop what a killed run has left running, and only that."""
        try:
            recorded = json.loads(self.record.read_text())
        except (OSError, ValueError):
            return
        for entry in reversed(recorded):
            known = Known(entry["pid"], entry["born"])
            if known.alive():
                say(f"· stopping {entry['name']} of an earlier run")
                stop(known)
            stop_group(known.pid, str(self.places.venv))
        self.record.unlink(missing_ok=True)

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        env: Mapping[str, str],
        listener: socket.socket | None = None,
    ) -> Child:
        """Start a program; it inherits the listener under the same number."""
        log = self.places.logs / f"{name}.log"
        with sheltered(), open_log(log) as output:
            process = subprocess.Popen(
                command,
                cwd=PROJECT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                pass_fds=() if listener is None else (listener.fileno(),),
            )
            child = Child(name, process, remember(process.pid), log, output.tell())
            self.children.append(child)
            self.save()
        return child

    def save(self) -> None:
        entries = [{"name": child.name, **asdict(child.known)} for child in self.children]
        fresh = self.record.with_name(self.record.name + ".new")
        fresh.write_text(json.dumps(entries))
        fresh.rename(self.record)

    def failure(self) -> str | None:
        return next((failure for child in self.children if (failure := child.failure())), None)

    def stop_all(self) -> None:
        """Stop all at once, so that the slowest determines the time; a running task may finish."""
        if not self.children:
            return
        say(f"· stopping {', '.join(child.name for child in self.children)}")
        with ThreadPoolExecutor(len(self.children)) as pool:
            list(pool.map(self.stop_one, self.children))
        self.children.clear()
        self.record.unlink(missing_ok=True)

    def stop_one(self, child: Child) -> None:
        stop(child.known)
        child.process.wait()
        stop_group(child.known.pid, str(self.places.venv))


def stop_group(group: int, mark: str) -> None:
    """Kill the rest of a process group whose leader has ended; `mark` is in our command lines."""
    for _ in range(40):
        members = [pid for pid in group_members(group) if mark in command_line(pid)]
        if not members:
            return
        for pid in members:
            stop(remember(pid), signal.SIGKILL, patience=2)
        time.sleep(0.05)


def group_members(group: int) -> list[int]:
    if not Path("/proc/self/stat").exists():
        listed = subprocess.run(
            ["ps", "-axo", "pid=,pgid="], capture_output=True, text=True, check=False
        ).stdout
        pairs = [line.split() for line in listed.splitlines()]
        return [int(pid) for pid, found in pairs if int(found) == group]
    found = []
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit() and os.getpgid(int(entry)) == group:
                found.append(int(entry))
        except ProcessLookupError:
            continue
    return found
