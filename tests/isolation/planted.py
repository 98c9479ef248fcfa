"""Views as a hurried hand writes them. The matrix must find each of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from config.urls import urlpatterns as true_ones
from ordering.models import Order
from tenancy.models import Tenant


def anybodys_order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Forgets whose order it is inside the tenant."""
    order = Order.objects.filter(id=order_id).first() if request.actor else None
    return JsonResponse({"note": order.note if order else ""})


def any_tenants_order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Asks as the owner's role, tenant after tenant, until it is found."""
    with connections["owner"].cursor() as cursor:
        for tenant_id in Tenant.objects.values_list("id", flat=True):
            cursor.execute("SET app.tenant = %s", [str(tenant_id)])
            cursor.execute("SELECT note FROM ordering_order WHERE id = %s", [str(order_id)])
            if found := cursor.fetchone():
                return JsonResponse({"note": found[0]})
    return JsonResponse({}, status=404)


def note_on_anybodys_order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Answers nothing, and writes to whatever is named."""
    if request.method == "POST" and request.actor:
        Order.objects.filter(id=order_id).update(note="planted")
    return HttpResponse()


def breaks_on_strangers(request: HttpRequest, order_id: UUID) -> HttpResponse:
    if request.actor:
        Order.objects.none().get(id=order_id)
    return HttpResponse(status=404)


def whatever(request: HttpRequest, widget_id: Any) -> HttpResponse:
    return HttpResponse(status=404)


urlpatterns = [
    path("api/v1/planted/read/<uuid:order_id>", anybodys_order, name="read"),
    path("api/v1/planted/cross/<uuid:order_id>", any_tenants_order, name="cross"),
    path("api/v1/planted/write/<uuid:order_id>", note_on_anybodys_order, name="write"),
    path("api/v1/planted/break/<uuid:order_id>", breaks_on_strangers, name="break"),
    path("planted/unknown/<uuid:widget_id>", whatever, name="unknown"),
    *true_ones,
]
