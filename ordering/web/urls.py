from django.urls import include, path

urlpatterns = [
    path("", include("ordering.web.quick_order.urls")),  # before the desk's orders/<id>/<slug>
    path("", include("ordering.web.desk_urls")),
    path("", include("ordering.web.presale.urls")),
    path("", include("ordering.web.member_urls")),
]
