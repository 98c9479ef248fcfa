from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request


class Schema(SpectacularAPIView):
    """The API's own document, made once for each language and format that there is.

    Making it takes half a second of a processor, and anyone may ask, with no key and no limit.
    """

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.query_params.get("lang")
        language = asked if asked in dict(settings.LANGUAGES) else translation.get_language()
        form: Any = request.accepted_renderer  # type: ignore[attr-defined]
        renderer: Any = type(form)
        return HttpResponse(_made(language, renderer), content_type=form.media_type)


@lru_cache(maxsize=16)
def _made(language: str, renderer: type[Any]) -> bytes:
    with translation.override(language):
        document = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
        made: bytes = renderer().render(document, renderer_context={})
        return made
