"""An HTTP client that takes little time itself: raw sockets, prepared bytes, threads that wait."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Sequence
from threading import Thread
from typing import Any


class Connection:
    """One keep-alive connection."""

    def __init__(self, host: str, port: int) -> None:
        self.socket = socket.create_connection((host, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request: bytes) -> tuple[int, bytes]:
        """Send one request; return the status and body of its answer."""
        self.socket.sendall(request)
        got = b""
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self._more()
        head = got[:end].decode("latin-1").lower()
        length = int(head.split("content-length:")[1].split("\r\n", 1)[0])
        body = got[end + 4 :]
        while len(body) < length:
            body += self._more()
        return int(head.split(" ", 2)[1]), body

    def _more(self) -> bytes:
        piece = self.socket.recv(1 << 16)
        if not piece:
            raise ConnectionError("the server hung up")
        return piece


def post(path: str, body: Any, *, key: str, once: str) -> bytes:
    """Return a POST request as bytes."""
    text = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n"
        f"Idempotency-Key: {once}\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
    )
    return head.encode() + text


def hammer(host: str, port: int, requests: Sequence[bytes], concurrency: int) -> tuple[float, list[float]]:
    """Send all requests over `concurrency` connections; return the seconds in total and the ms of each.

    Raises RuntimeError on any answer but 201.
    """
    times: list[float] = []
    wrong: list[str] = []
    shares = [requests[i::concurrency] for i in range(concurrency)]

    def run(share: Sequence[bytes]) -> None:
        connection = Connection(host, port)
        for request in share:
            start = time.perf_counter()
            status, body = connection.send(request)
            times.append((time.perf_counter() - start) * 1000)
            if status != 201:
                wrong.append(f"{status} {body[:300]!r}")
                return

    threads = [Thread(target=run, args=[share]) for share in shares]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    if wrong or len(times) != len(requests):
        raise RuntimeError(f"{len(times)} of {len(requests)} answered; {wrong[:3]}")
    return seconds, times
