"""The provider of webhooks: a signed POST in the form of standard-webhooks.

The host name is resolved once, every address is checked, and the connection uses a checked address; so a
name that resolves differently a moment later has no effect. No redirect is followed, and only the head of
the response is read. Resolving, connecting, the TLS handshake, sending and reading share one time limit,
so that a target that responds slowly blocks a worker no longer than one that does not respond.
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

TIMEOUT_SECONDS = 10.0
MAX_RESPONSE_BYTES = 64 * 1024
PREFIX = "whsec_"


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(24)).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the signature: `v1,` and the base64 of the HMAC-SHA256 of `id.timestamp.body`."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def fault_of(url: str) -> str:
    """Return why a URL cannot be a target, as far as is known without connecting; "" if it can be one."""
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
    """Post messages to a URL. `may_dial` checks an IP address before a connection to it."""

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
        until = Deadline(TIMEOUT_SECONDS)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        addresses = _resolve(host, port, until)
        if not addresses or not all(map(self.may_dial, addresses)):
            return Outcome(False, detail="private")
        line = HTTPConnection(host, port)
        line.sock = socket.create_connection((addresses[0], port), timeout=until.left())
        try:
            if parts.scheme == "https":
                context = ssl.create_default_context()
                line.sock.settimeout(until.left())
                line.sock = context.wrap_socket(line.sock, server_hostname=host)
            # http.client only calls it; the stubs demand a class.
            line.response_class = until.response  # type: ignore[assignment]  # the stub knows one class only
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
    """A time limit for several steps together."""

    def __init__(self, seconds: float) -> None:
        self.ends = time.monotonic() + seconds

    def left(self) -> float:
        """Return the remaining seconds; raise TimeoutError if there are none."""
        seconds = self.ends - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds

    def response(self, sock: socket.socket, **options: Any) -> HTTPResponse:
        """Return a response that is read until the deadline; `options` are those of HTTPResponse."""
        # HTTPResponse needs only `makefile` of a socket.
        return HTTPResponse(_LimitedSocket(sock, self), **options)  # type: ignore[arg-type]  # the stub knows one class only


class _LimitedSocket(io.RawIOBase):
    """A socket that is read until a deadline and up to MAX_RESPONSE_BYTES."""

    def __init__(self, sock: socket.socket, until: Deadline) -> None:
        self.sock, self.until, self.bytes_read = sock, until, 0

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self.bytes_read >= MAX_RESPONSE_BYTES:
            raise HTTPException("The answer has no end.")
        self.sock.settimeout(self.until.left())
        count = self.sock.recv_into(buffer)
        self.bytes_read += count
        return count


def _resolve(host: str, port: int, until: Deadline) -> list[str]:
    """Return the IP addresses of a host name; in a thread, because the resolver has no time limit.

    Raises OSError, or TimeoutError at the deadline.
    """
    addresses: list[str] = []
    errors: list[OSError] = []

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            errors.append(error if isinstance(error, OSError) else OSError(str(error)))
        else:
            addresses.extend(str(one[4][0]) for one in found)

    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(until.left())
    if errors:
        raise errors[0]
    if thread.is_alive():
        raise TimeoutError
    return addresses
