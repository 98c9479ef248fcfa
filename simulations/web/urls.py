from django.urls import path

from simulations.web import what_if

urlpatterns = [
    path("what-if", what_if.what_ifs, name="what-ifs"),
    path("what-if/<slug:kind>", what_if.what_if, name="what-if"),
]
