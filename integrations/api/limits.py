"""The limit of API requests by key."""

from typing import Any

from rest_framework.throttling import BaseThrottle


class PerKey(BaseThrottle):
    """Limit each key to API_RATE_PER_KEY requests a minute.

    The middleware counts address and key in one round trip (config.middleware) and stores the seconds to
    wait on the request; this throttle refuses the request.
    """

    def __init__(self) -> None:
        self.seconds = 0

    def allow_request(self, request: Any, view: Any) -> bool:
        self.seconds = getattr(request._request, "seconds_to_wait", 0)
        return not self.seconds

    def wait(self) -> float | None:
        return self.seconds
