"""The transaction of a request."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from tenancy.context import has_active_tenant, leave_tenant

OUTSIDE = ("/healthz", "/readyz", "/static/")


class RequestTransactionMiddleware:
    """Run each request, including the rendering of its templates, in one transaction.

    A response with a 5xx status rolls it back. Tenant data is never streamed, because a stream is read
    after the transaction.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(OUTSIDE):
            return self.get_response(request)
        with transaction.atomic():
            try:
                response = self.get_response(request)
                if response.streaming and has_active_tenant():
                    raise RuntimeError("Tenant data is never streamed: make a file in a job.")
                if response.status_code >= 500:
                    transaction.set_rollback(True)
            finally:
                leave_tenant()
        return response
