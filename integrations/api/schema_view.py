"""The view that serves the OpenAPI schema."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request

from integrations.api.schema import SchemaGenerator


class SchemaView(SpectacularAPIView):
    """Serve the OpenAPI schema, generated once per process and format.

    Generating it takes half a second of processor time, and the view needs no key and has no limit.
    """

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        form: Any = request.accepted_renderer
        renderer: Any = type(form)
        return HttpResponse(_rendered(renderer), content_type=form.media_type)


@lru_cache(maxsize=8)
def _rendered(renderer: type[Any]) -> bytes:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    rendered: bytes = renderer().render(schema, renderer_context={})
    return rendered
