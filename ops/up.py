"""`./run up`: run everything until Ctrl-C."""

import fcntl
import http.client
import os
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ops.database import DEMO_KEY, database, ensure_prepared
from ops.environment import call, read
from ops.places import PROJECT, Places, may_share_memory
from ops.ports import listener_at
from ops.processes import tail
from ops.say import Stop, say, step
from ops.servers import Servers
from ops.setup import ensure_setup
from ops.supervisor import Child, Supervisor

PATIENCE = 90.0
BEING_MADE = """
  The demonstration's year of trade is being made in the background, in about a minute;
  a bar on each page shows how far it is.
"""
PRINTED = {"SMS_PROVIDER": "accounts.providers.console.Console", "EMAIL_URL": "consolemail://"}
TEXT_MESSAGE = re.compile(r'\[SMS → [^"\n]+')
OWNERS = {"OWNER_DATABASE_URL", "BACKUP_DATABASE_URL", "TRIPACT_OWNER_PASSWORD", "TRIPACT_BACKUP_PASSWORD"}
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, not bound to


def up(places: Places) -> int:
    began = time.monotonic()
    with only_one(places):
        supervisor = Supervisor(places)
        supervisor.clear_leftovers()
        listener = listen(os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000")
        ensure_setup(places)
        with listener, database(places) as (servers, plain):
            environment = for_development(plain)
            trade_is_left = ensure_prepared(servers, environment, demo=environment["DEMO_SIGN_IN"] == "1")
            try:
                address, sign_ins = start_all(supervisor, environment, listener)
                say(f"· ready after {time.monotonic() - began:.1f} s; logs in {places.logs}")
                notes = first_key_notice(places.run / DEMO_KEY) + (BEING_MADE if trade_is_left else "")
                print(f"\n  Tripact is at {address}\n\n{sign_ins}{notes}\n  Ctrl-C stops it.", flush=True)
                return watch(supervisor, servers)
            finally:
                supervisor.stop_all()


@contextmanager
def only_one(places: Places) -> Iterator[None]:
    """Refuse a second `up` of the same home, naming the first one's address."""
    with (places.run / "up.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            place = places.run / "up.address"
            address = place.read_text() if place.exists() else "(still starting)"
            raise Stop(
                f"it is running already: {address}. Another TRIPACT_HOME may run beside it."
            ) from error
        try:
            yield
        finally:
            (places.run / "up.address").unlink(missing_ok=True)


def for_development(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment with DEBUG and one-click sign-ins, unless the caller has set them.

    Where HOST lets others on the network in, both are off unless they are set.
    """
    at_home = environment.get("HOST", "127.0.0.1") in {"", "127.0.0.1", "localhost", "::1"}
    debug = os.environ.get("DEBUG", "1" if at_home else "0")
    changed = {"DEBUG": debug, "DEMO_SIGN_IN": environment.get("DEMO_SIGN_IN", debug)}
    if hosts := environment.get("ALLOWED_HOSTS"):
        changed["ALLOWED_HOSTS"] = f"{hosts},localhost,127.0.0.1"
    return {**environment, **changed}


def start_all(
    supervisor: Supervisor, environment: Mapping[str, str], listener: socket.socket
) -> tuple[str, str]:
    """Start web, worker and beat together and wait until each of them has answered.

    The web server takes over the listener. Return the address, and the lines of the one-click sign-ins.
    """
    places = supervisor.places
    host, port = listener.getsockname()[:2]
    programs = places.venv / "bin"
    environment = without_owner(environment)
    quiet = for_worker(environment)
    if environment["DEBUG"] == "0":
        collect_static(places, environment)
    with step("starting web, worker and beat"):
        web = supervisor.start("web", web_command(programs, listener, places), environment, listener)
        listener.close()
        worker = supervisor.start("worker", worker_command(programs), quiet)
        beat = supervisor.start("beat", beat_command(programs), quiet)
        address = f"http://localhost:{port}"
        sign_ins = SignIns(places, address, environment)
        wait_for(web, supervisor, lambda: answers(host, port))
        wait_for(worker, supervisor, lambda: " ready." in worker.logged())
        wait_for(beat, supervisor, lambda: "beat: Starting" in beat.logged())
        links = sign_ins.lines()
    (places.run / "up.address").write_text(address)
    return address, links


def for_worker(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of worker and beat: DEBUG is off, because it collects each statement in memory.

    In development they print text messages and mails all the same, unless the caller names a provider.
    """
    in_development = PRINTED if environment["DEBUG"] == "1" else {}
    return {**in_development, **environment, "DEBUG": "0"}


def without_owner(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the running site: it knows neither the owner's nor the backup's role."""
    return {name: value for name, value in environment.items() if name not in OWNERS}


def web_command(programs: Path, listener: socket.socket, places: Places) -> list[str | Path]:
    """Return the command of the web server, with threads: an idle connection would block a plain worker."""
    return [
        *(programs / "gunicorn", "config.wsgi", "--bind", f"fd://{listener.fileno()}"),
        *("--workers", "2", "--threads", "4", "--preload", "--no-control-socket"),
        *("--worker-tmp-dir", places.run, "--graceful-timeout", "10"),
    ]


def worker_command(programs: Path) -> list[str | Path]:
    """Return the command of the worker; it forks where there is shared memory, else it uses threads."""
    pool = "prefork" if may_share_memory() else "threads"
    return [
        *(programs / "celery", "--app", "config", "worker", "--loglevel", "INFO"),
        *("--concurrency", "2", "--pool", pool, "--without-gossip", "--without-mingle"),
    ]


def beat_command(programs: Path) -> list[str | Path]:
    return [
        *(programs / "celery", "--app", "config", "beat", "--loglevel", "INFO", "--pidfile", ""),
    ]


def listen(host: str, wanted: str) -> socket.socket:
    """Return a socket that listens at the wanted port or the next free one.

    It is bound before anything else is done, so that no other program can take the port meanwhile.
    """
    if not wanted.isdigit() or not 0 < int(wanted) < 65536:
        raise Stop(f"PORT={wanted} is no port number.")
    first = int(wanted)
    for port in range(first, min(first + 100, 65536)):
        if listener := listener_at(host, port):
            if port != first:
                say(f"· port {first} is in use: taking {port}")
            return listener
    raise Stop(f"no port is free from {first} on; name another with PORT=….")


def collect_static(places: Places, environment: Mapping[str, str]) -> None:
    command = (places.python, PROJECT / "manage.py", "collectstatic", "--no-input")
    call(places.logs / "collectstatic.log", *command, env=environment)


def answers(host: str, port: int) -> bool:
    """Return whether the site is ready; the Host is one that is always allowed."""
    reached = "127.0.0.1" if host in EVERYWHERE else host
    connection = http.client.HTTPConnection(reached, port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def wait_for(child: Child, supervisor: Supervisor, healthy: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not healthy():
        if failed := supervisor.failure():
            raise Stop(failed)
        if time.monotonic() > deadline:
            raise Stop(f"{child.name} is not ready after {PATIENCE:.0f} s; see {child.log}")
        time.sleep(0.1)


def first_key_notice(key: Path) -> str:
    """Return the line with the demonstration's API key at the first start; "" later."""
    secret = read(key).strip()
    key.unlink(missing_ok=True)
    return f"\n  API key of the demonstration's first dealer, shown this once: {secret}\n" if secret else ""


def watch(supervisor: Supervisor, servers: Servers) -> int:
    """Print the text messages of development, and raise Stop when something has died; Ctrl-C ends it."""
    worker = next(child for child in supervisor.children if child.name == "worker")
    messages = TextMessages(worker)
    while True:
        time.sleep(0.5)
        for message in messages.new():
            print(f"  {message}", flush=True)
        if failed := supervisor.failure():
            raise Stop(failed)
        if gone := servers.died():
            log = servers.places.logs / f"{gone[0]}.log"
            raise Stop(f"{gone[0]} has died; the end of {log}:\n{tail(log)}")


class TextMessages:
    """The text messages that the worker has printed into its log in development, such as sign-in codes."""

    def __init__(self, worker: Child) -> None:
        self.log, self.read_to = worker.log, worker.log_start

    def new(self) -> list[str]:
        """Return those of complete lines since the last call."""
        with self.log.open("rb") as log:
            log.seek(self.read_to)
            lines = log.read()
        complete = lines[: lines.rfind(b"\n") + 1]
        self.read_to += len(complete)
        return TEXT_MESSAGE.findall(complete.decode(errors="replace"))


class SignIns:
    """A link for each role that signs in with one click, made while the servers are starting.

    They are stored and used again as long as the database stays the same.
    """

    def __init__(self, places: Places, address: str, environment: Mapping[str, str]) -> None:
        self.stored = places.run / "sign-ins.txt"
        self.key = f"{address} {read(places.run / 'prepared-tripact')}\n"
        self.wanted = environment["DEMO_SIGN_IN"] == "1"
        self.process: subprocess.Popen[str] | None = None
        if self.wanted and not self.remembered():
            self.process = subprocess.Popen(
                [str(places.python), "-m", "ops.sign_ins", address],
                env=environment,
                cwd=PROJECT,
                stdout=subprocess.PIPE,
                text=True,
            )

    def remembered(self) -> str:
        """Return the stored links, '' for a database of the user's own, whose preparation leaves no mark."""
        found = read(self.stored)
        known = self.wanted and not self.key.endswith(" \n") and found.startswith(self.key)
        return found.removeprefix(self.key) if known else ""

    def lines(self) -> str:
        if not self.process:
            return self.remembered()
        lines = self.process.communicate()[0]
        self.stored.write_text(self.key + lines)
        return lines
