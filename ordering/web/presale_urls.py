from django.urls import path

from ordering.web import presale, presale_data, presale_worker

urlpatterns = [
    path("sw.js", presale_worker.worker, name="presale-worker"),
    path("offline", presale_worker.offline, name="presale-offline"),
    path("m/outlets", presale.outlets, name="presale-outlets"),
    path("m/outlets/<uuid:outlet_id>", presale.outlet, name="presale-outlet"),
    path("m/outlets/<uuid:outlet_id>/presale", presale.order_form, name="presale-form"),
    path("m/outlets/<uuid:outlet_id>/presale.json", presale_data.PresaleData.as_view(), name="presale-data"),
    path("m/outlets/<uuid:outlet_id>/presale/quote", presale_data.Quote.as_view(), name="presale-quote"),
]
