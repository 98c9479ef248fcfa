"""An embedded Valkey (compatible with Redis); its data is appended to disk so that queued jobs survive."""

import signal
import socket
import subprocess
import time

from ops.binaries import valkey_program
from ops.places import Places
from ops.ports import free_port
from ops.processes import Known, remember, stop, tail
from ops.say import Stop, open_log


class Cache:
    """One data folder and the server on it."""

    def __init__(self, places: Places, password: str) -> None:
        self.program = valkey_program(places)
        self.data = places.home / "valkey"
        self.log = places.logs / "valkey.log"
        self.password = password
        self.port = 0

    def start(self, preferred_port: int = 0) -> Known:
        self.data.mkdir(mode=0o700, exist_ok=True)
        for attempt in range(5):
            self.port = free_port(preferred_port if attempt == 0 else 0)
            if self.wait_ready(server := self.launch()):
                return remember(server.pid)
            if "in use" not in tail(self.log, 6):
                break
        raise Stop(f"Valkey does not start; the end of {self.log}:\n{tail(self.log)}")

    def launch(self) -> subprocess.Popen[bytes]:
        """Start the server with settings on standard input, because others can read a command line."""
        settings = (
            f"bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\n"
            f'dir "{self.data}"\nappendonly yes\nappendfsync everysec\n'
            "maxmemory-policy noeviction\ndaemonize no\n"
        )
        with open_log(self.log) as log:
            server = subprocess.Popen(
                [self.program, "-"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=self.data,
            )
        assert server.stdin
        server.stdin.write(settings.encode())
        server.stdin.close()
        return server

    def wait_ready(self, server: subprocess.Popen[bytes], patience: float = 60) -> bool:
        deadline = time.monotonic() + patience
        ready = False
        try:
            while not ready and server.poll() is None and time.monotonic() < deadline:
                ready = self.answers()
                time.sleep(0.05)
        finally:
            if not ready and server.poll() is None:
                stop_valkey(remember(server.pid))
        return ready

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as line:
                line.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = line.recv(64)
                while answer.count(b"\r\n") < 2 and (more := line.recv(64)):
                    answer += more
        except OSError:
            return False
        return answer == b"+OK\r\n+PONG\r\n"

    def url(self, number: int = 0) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{number}"


def stop_valkey(server: Known) -> None:
    stop(server, signal.SIGTERM, patience=15)
