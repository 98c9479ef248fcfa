from django.contrib import admin
from django.urls import include, path

from accounts.web.sign_in import SignIn
from config import views
from demo.web.sign_in import demo_sign_in, offered
from portal.web import component_gallery, home, sign_in_policy
from portal.web.search import search_page

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("", home.home, name="home"),
    path("kit", component_gallery.kit, name="kit"),
    path("m/", home.member_home, name="member-home"),
    path("m/rebates", home.member_rebates, name="member-rebates"),
    path("m/mine", home.member_mine, name="member-mine"),
    path("sign-in", SignIn.as_view(extra_context={"demo_people": offered}), name="sign-in"),
    path("demo-sign-in/<uuid:membership_id>", demo_sign_in, name="demo-sign-in"),
    path("people/sign-in", sign_in_policy.door_policy, name="door-policy"),
    path("people/<uuid:membership_id>/lift-second-factor", sign_in_policy.lift, name="lift-second-factor"),
    path("admin/", admin.site.urls),
    path("api/", include("config.api_urls")),
    path("", include("accounts.web.urls")),
    path("", include("portal.web.jobs_urls")),
    path("search", search_page, name="search"),
    path("", include("dealers.web.urls")),
    path("", include("ordering.web.quick_order.urls")),
    path("", include("pricing.web.reasons_urls")),
    path("", include("ordering.web.urls")),
    path("", include("alliance.web.urls")),
    path("", include("ledger.web.urls")),
    path("", include("rebates.web.urls")),
    path("", include("pricing.web.urls")),
    path("", include("catalogue.web.urls")),
    path("", include("simulations.web.urls")),
]
handler400 = "config.views.bad_request"
handler403 = "config.views.forbidden"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"
