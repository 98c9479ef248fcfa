"""The address in the log of a request: that of the client as the rate limits count it.

django_structlog's own believes any X-Forwarded-For that a client sends, and takes longer.
"""

from typing import Any

import structlog
from django.http import HttpRequest
from django_structlog.signals import bind_extra_request_metadata

from accounts.client_address import client_address


def connect() -> None:
    bind_extra_request_metadata.connect(bind_address, dispatch_uid="bind_address")


def bind_address(request: HttpRequest, **_signal: Any) -> None:
    structlog.contextvars.bind_contextvars(ip=client_address(request))
