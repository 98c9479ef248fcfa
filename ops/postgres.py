"""An embedded PostgreSQL: created once, started on a free port, recognised after a crash."""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from ops.binaries import outside_folder, postgres_programs, runner_for
from ops.places import PROJECT, SHARED_MEMORY, Places, may_share_memory
from ops.ports import free_port
from ops.processes import Known, born, command_line, reap, remember, stop, tail
from ops.say import Stop, open_log, step

SMALLEST_SHM = 256 * 2**20
PASSING = ('postmaster.pid" already exists', "still in use", "Address already in use")
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "256MB",
    "max_connections": "100",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class Cluster:
    """One data folder and the server on it.

    The launcher starts and stops it; tests that kill the database do so with a cluster of their own,
    at a home of their own.
    """

    def __init__(self, places: Places, passwords: dict[str, str]) -> None:
        self.places = places
        self.passwords = passwords
        self.data = data_folder(places)
        self.runner = runner_for(self.data)
        self.programs = postgres_programs(places, self.runner)
        self.log = places.logs / "postgres.log"
        self.port = 0

    def start(self, preferred_port: int = 0) -> Known:
        """Create the cluster if there is none, start it and wait until it answers."""
        if not self.data.exists():
            with step("making the database cluster"):
                self.initialise()
        for attempt in range(20):
            self.drop_stale_pid_file()
            self.port = free_port(preferred_port if attempt == 0 else 0)
            if self.wait_ready(server := self.launch()):
                known = remember(server.pid)
                self.create_database("tripact")
                return known
            # A killed server takes a moment to end, and its backends to release its memory.
            if not self.worth_another_try():
                break
            time.sleep(0.5)
        raise Stop(f"PostgreSQL does not start; the end of {self.log}:\n{tail(self.log)}")

    def initialise(self) -> None:
        """Create the cluster beside its final folder and rename it, so that a kill leaves no partial one."""
        fresh = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700, parents=True)
        self.runner.own(fresh)
        with tempfile.NamedTemporaryFile("w", dir="/tmp") as password:
            password.write(self.passwords["superuser"])
            password.flush()
            self.runner.own(Path(password.name))
            done = subprocess.run(
                [
                    self.programs / "initdb",
                    f"--pgdata={fresh}",
                    "--username=postgres",
                    "--auth=scram-sha-256",
                    f"--pwfile={password.name}",
                    "--encoding=UTF8",
                    "--locale-provider=builtin",
                    "--locale=C.UTF-8",
                ],
                capture_output=True,
                text=True,
                check=False,
                env=plain_environment(),
                **self.runner.options,
            )
        if done.returncode:
            raise Stop(f"initdb failed:\n{done.stdout}{done.stderr}")
        fresh.rename(self.data)

    def launch(self) -> subprocess.Popen[bytes]:
        settings = SETTINGS | {"port": str(self.port)}
        if not roomy_shared_memory():
            settings["dynamic_shared_memory_type"] = "mmap"
        options = [f"--{name}={value}" for name, value in settings.items()]
        with open_log(self.log) as log:
            return subprocess.Popen(
                [self.programs / "postgres", "-D", self.data, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env=plain_environment(),
                **self.runner.options,
            )

    def wait_ready(self, server: subprocess.Popen[bytes], patience: float = 120) -> bool:
        """Wait for the state that the server writes into its pid file; recovery can take a while."""
        deadline = time.monotonic() + patience
        ready = False
        try:
            while not ready and server.poll() is None and time.monotonic() < deadline:
                lines = [line.strip() for line in pid_file_lines(self.data)[:8]]
                ready = lines[:1] == [str(server.pid)] and lines[7:] == ["ready"]
                time.sleep(0.05)
        finally:
            if not ready and server.poll() is None:
                stop_postgres(remember(server.pid))
        return ready

    def worth_another_try(self) -> bool:
        end = tail(self.log, 6)
        return any(reason in end for reason in PASSING)

    def drop_stale_pid_file(self) -> None:
        """Remove a pid file that names no running server of ours.

        PostgreSQL takes any process with the recorded number for a running server. Another process may
        have that number by now, and a killed server that was not waited for, as in containers, still has it.
        """
        number = recorded_number(self.data)
        if number:
            reap(number)
        if number and not self.left_running():
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def left_running(self) -> Known | None:
        """Return a server that still runs on our data, even if no record of it is left."""
        return server_on(self.data)

    def create_database(self, name: str) -> None:
        """Create the roles and a database of that name by `roles.sql`; may be repeated."""
        passwords = {
            f"TRIPACT_{role.upper()}_PASSWORD": self.passwords[role] for role in ("owner", "app", "backup")
        }
        self.psql("--file", str(PROJECT / "ops" / "roles.sql"), TRIPACT_DATABASE=name, **passwords)
        # Tests and benchmarks make databases of their own; in production nothing does.
        self.psql("--command", "ALTER ROLE tripact_owner CREATEDB")

    def psql(self, *arguments: str, **environment: str) -> str:
        done = subprocess.run(
            [self.programs / "psql", "--no-psqlrc", "--quiet", "--no-password", *arguments],
            capture_output=True,
            text=True,
            check=False,
            env=plain_environment()
            | {
                "PGHOST": "127.0.0.1",
                "PGPORT": str(self.port),
                "PGUSER": "postgres",
                "PGDATABASE": "postgres",
                "PGPASSWORD": self.passwords["superuser"],
            }
            | environment,
        )
        if done.returncode:
            raise Stop(f"psql {arguments[0]} failed:\n{done.stderr}")
        return done.stdout

    def url(self, role: str, database: str) -> str:
        return f"postgres://tripact_{role}:{self.passwords[role]}@127.0.0.1:{self.port}/{database}"


def pid_file_lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []


def recorded_number(data: Path) -> int:
    """Return the process number in the pid file, or 0."""
    first = "".join(pid_file_lines(data)[:1])
    return int(first) if first.isdigit() else 0


def server_on(data: Path) -> Known | None:
    """Return the running server of a data folder, recognised by the folder in its command line."""
    number = recorded_number(data)
    if not number or not born(number) or str(data) not in command_line(number):
        return None
    return remember(number)


def stop_postgres(server: Known) -> None:
    """Stop by the fast shutdown: open transactions are rolled back, nothing is left to recover."""
    stop(server, signal.SIGINT, patience=30)


def data_folder(places: Places) -> Path:
    """Return `postgres` in the home, or a folder under /var where `nobody` cannot reach the home.

    The home stores the path of that folder, so that removing the home starts afresh. That also removes
    what an earlier home of this name has left outside.
    """
    inside = places.home / "postgres"
    if os.geteuid() != 0 or runner_for(inside).can_enter(places.home):
        return inside
    pointer = places.home / "postgres.place"
    if pointer.exists():
        return Path(pointer.read_text().strip())
    ours = outside_folder() / places.key
    for leftover in ours.glob("*"):
        if orphan := server_on(leftover):
            stop_postgres(orphan)
        shutil.rmtree(leftover, ignore_errors=True)
    ours.mkdir(mode=0o755, exist_ok=True)
    chosen = ours / secrets.token_hex(4)
    pointer.write_text(f"{chosen}\n")
    return chosen


def roomy_shared_memory() -> bool:
    """Return whether /dev/shm suffices for parallel queries; in containers it is often small or missing."""
    if not SHARED_MEMORY.exists() or not may_share_memory():
        return may_share_memory()
    found = os.statvfs(SHARED_MEMORY)
    for_everyone = bool(SHARED_MEMORY.stat().st_mode & 0o002)
    return for_everyone and found.f_bavail * found.f_frsize >= SMALLEST_SHM


def plain_environment() -> dict[str, str]:
    """Return an environment without the caller's PG* variables, which would change server and psql."""
    own = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return own | {"LC_ALL": "C", "TZ": "UTC"}
