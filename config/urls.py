"""URLs of the health checks, sign-in, admin and API, and of every room that has a `web/urls.py`.

No two rooms share a path, so their order does not matter.
"""

from django.contrib import admin
from django.urls import include, path

from accounts.web.sign_in import SignIn
from config import views
from demo.web.sign_in import offered
from tenancy.rooms import modules_of_rooms

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("sign-in", SignIn.as_view(extra_context={"demo_people": offered}), name="sign-in"),
    path("admin/", admin.site.urls),
    path("api/", include("config.api_urls")),
    *(path("", include(module)) for module in modules_of_rooms("web.urls")),
]
handler400 = "config.views.bad_request"
handler403 = "config.views.forbidden"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"
