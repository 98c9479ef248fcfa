"""A signed POST, in the form of standard-webhooks (webhook-id, webhook-timestamp, webhook-signature).

The name is resolved once and each address judged; the connection goes to the address that was
judged, so that a name which answers otherwise a moment later leads nowhere else. No redirect is
followed, and of the answer no more is read than its head. Finding the name, connecting, the
handshake, sending and reading have one time limit between them, so that a target that lets an
answer drip holds nobody longer than one that gives none.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import json
import secrets
import socket
import ssl
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from accounts.domain.webhook_targets import is_public
from accounts.providers.base import Address, Outcome, Text

PATIENCE = 10.0
MAX_READ = 64 * 1024
PREFIX = "whsec_"


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(24)).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the base64 of the HMAC-SHA256 of `id.timestamp.body`."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def fault_of(url: str) -> str:
    """Why a URL cannot be a target, as far as it shows without dialling; "" where it can."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "address"
    if parts.scheme not in _schemes() or not parts.hostname or port == 0:
        return "scheme"
    if parts.username or parts.password:
        return "credentials"
    literal = all(char in "0123456789abcdefABCDEF.:" for char in parts.hostname)
    if literal and (":" in parts.hostname or parts.hostname.count(".") == 3):
        return "" if is_public(parts.hostname) else "private"
    return ""


def _schemes() -> set[str]:
    return {"https", "http"} if settings.DEBUG else {"https"}


class Webhook:
    def __init__(self, may_dial: Callable[[str], bool] = is_public) -> None:
        self.may_dial = may_dial

    def send(self, address: Address, text: Text) -> Outcome:
        if fault := fault_of(address.value):
            return Outcome(False, detail=fault)
        parts = urlsplit(address.value)
        body = json.dumps(
            {
                "type": text.topic,
                "timestamp": text.at.isoformat() if text.at else None,
                "data": {"title": text.title, "body": text.body, "link": text.link},
            },
            ensure_ascii=False,
        ).encode()
        now = int(time.time())
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Tripact",
            "webhook-id": text.id,
            "webhook-timestamp": str(now),
            "webhook-signature": signature(address.secret, text.id, now, body),
        }
        try:
            return self._post(parts, body, headers)
        except (OSError, HTTPException, ValueError) as error:
            return Outcome(False, again=True, detail=type(error).__name__)

    def _post(self, parts: SplitResult, body: bytes, headers: dict[str, str]) -> Outcome:
        until = Deadline(PATIENCE)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        addresses = _found(host, port, until)
        if not addresses or not all(map(self.may_dial, addresses)):
            return Outcome(False, detail="private")
        line = HTTPConnection(host, port)
        line.sock = socket.create_connection((addresses[0], port), timeout=until.left())
        try:
            if parts.scheme == "https":
                context = ssl.create_default_context()
                line.sock.settimeout(until.left())
                line.sock = context.wrap_socket(line.sock, server_hostname=host)
            line.response_class = until.response  # type: ignore[assignment]
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            standard = {"https": 443, "http": 80}[parts.scheme]
            named = f"[{host}]" if ":" in host else host
            headers = {**headers, "Host": named if port == standard else f"{named}:{port}"}
            line.sock.settimeout(until.left())
            line.request("POST", path, body, headers)
            status = line.getresponse().status
        finally:
            line.close()
        if 200 <= status < 300:
            return Outcome(True)
        return Outcome(False, again=status in (408, 425, 429) or status >= 500, detail=f"HTTP {status}")


class Deadline:
    """A number of seconds for all of it together."""

    def __init__(self, seconds: float) -> None:
        self.ends = time.monotonic() + seconds

    def left(self) -> float:
        """The seconds that are left; raises TimeoutError where there are none."""
        seconds = self.ends - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds

    def response(self, sock: socket.socket, **how: Any) -> HTTPResponse:
        return HTTPResponse(_Heard(sock, self), **how)  # type: ignore[arg-type]


class _Heard(io.RawIOBase):
    """A socket read until a deadline, and no further than MAX_READ bytes."""

    def __init__(self, sock: socket.socket, until: Deadline) -> None:
        self.sock, self.until, self.read_so_far = sock, until, 0

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self.read_so_far >= MAX_READ:
            raise HTTPException("The answer has no end.")
        self.sock.settimeout(self.until.left())
        count = self.sock.recv_into(buffer)
        self.read_so_far += count
        return count


def _found(host: str, port: int, until: Deadline) -> list[str]:
    """The addresses of a name. The resolver knows no time limit, so it is asked in a thread."""
    answers: list[str] = []
    faults: list[OSError] = []

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            faults.append(error if isinstance(error, OSError) else OSError(str(error)))
        else:
            answers.extend(str(one[4][0]) for one in found)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(until.left())
    if faults:
        raise faults[0]
    if asking.is_alive():
        raise TimeoutError
    return answers
