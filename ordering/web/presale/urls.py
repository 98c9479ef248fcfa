from django.urls import path

from ordering.web.presale import data, pages, service_worker

urlpatterns = [
    path("sw.js", service_worker.worker, name="presale-worker"),
    path("offline", service_worker.offline, name="presale-offline"),
    path("m/outlets", pages.outlets, name="presale-outlets"),
    path("m/outlets/<uuid:outlet_id>", pages.outlet, name="presale-outlet"),
    path("m/outlets/<uuid:outlet_id>/presale", pages.order_form, name="presale-form"),
    path("m/outlets/<uuid:outlet_id>/presale.json", data.PresaleData.as_view(), name="presale-data"),
    path("m/outlets/<uuid:outlet_id>/presale/quote", data.Quote.as_view(), name="presale-quote"),
]
