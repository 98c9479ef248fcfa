"""Processes that outlive a crash of `run`: recognised by identity, never by number alone."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Known:
    """A process as it was when we started it; another one with its number has another `born`."""

    pid: int
    born: str

    def alive(self) -> bool:
        return born(self.pid) == self.born


def remember(pid: int) -> Known:
    return Known(pid=pid, born=born(pid))


def born(pid: int) -> str:
    """Return when a process started, '' if there is none (a zombie counts as none)."""
    stat = Path(f"/proc/{pid}/stat")
    if not Path("/proc/self/stat").exists():
        found = subprocess.run(
            ["ps", "-o", "stat=,lstart=", "-p", str(pid)],
            capture_output=True,
            text=True,
            check=False,
        ).stdout.strip()
        return "" if found.startswith("Z") else found.partition(" ")[2].strip()
    try:
        fields = stat.read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    if fields[0] in "ZX":
        return ""
    return f"{boot_id()}:{fields[19]}"


def boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return subprocess.run(
            ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
        ).stdout.strip()


def stop(known: Known, sent: signal.Signals = signal.SIGTERM, patience: float = 20) -> None:
    """Send the signal, wait `patience` seconds, then kill. Another process with the number is left alone."""
    signalled = sent
    while known.alive():
        deliver(known, signalled)
        wait_gone(known, patience)
        signalled, patience = signal.SIGKILL, 5


def deliver(known: Known, sent: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(known.pid, sent)


def wait_gone(known: Known, patience: float) -> None:
    deadline = time.monotonic() + patience
    while known.alive() and time.monotonic() < deadline:
        time.sleep(0.05)
    reap(known.pid)


def reap(pid: int) -> None:
    """Collect the status of a child that has ended; until then its number stays in use."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def tail(log: Path, lines: int = 15) -> str:
    """Return the end of a log, indented for a message."""
    try:
        text = log.read_text(errors="replace")
    except OSError:
        return "    (no log)"
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])
