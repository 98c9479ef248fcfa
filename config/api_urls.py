"""URLs of the API: its schema, its documentation, and the routes of every room with an `api/urls.py`."""

from typing import Any

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularSwaggerSplitView

from config.views import api_not_found
from integrations.api.schema_view import SchemaView
from tenancy.rooms import modules_of_rooms

PUBLIC: dict[str, Any] = {"authentication_classes": [], "permission_classes": [], "throttle_classes": []}

docs = SpectacularSwaggerSplitView.as_view(
    url_name="api-schema", template_name="api/docs.html", title="Tripact API", **PUBLIC
)
v1 = [path("", include(module)) for module in modules_of_rooms("api.urls")]
urlpatterns = [
    path("schema", SchemaView.as_view(**PUBLIC), name="api-schema"),
    path("docs", docs, name="api-docs"),
    path("v1/", include(v1)),
    re_path("", api_not_found),
]
