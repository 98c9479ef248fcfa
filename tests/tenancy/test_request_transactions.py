import pytest
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from catalogue.models import Brand
from tenancy.context import NoTenant, active_tenant_id, enter_tenant, has_active_tenant, tenant_active
from tenancy.middleware import RequestTransactionMiddleware
from tenancy.models import Tenant


@pytest.fixture
def tenant(committed):
    return Tenant.objects.get(slug="acme")


def _served(view, path="/somewhere"):
    return RequestTransactionMiddleware(view)(RequestFactory().get(path))


def _brands(tenant):
    with tenant_active(tenant):
        return Brand.objects.count()


def _writes(tenant, status):
    def view(request):
        enter_tenant(tenant.id)
        Brand.objects.create(name="half done")
        return HttpResponse(status=status)

    return view


@pytest.mark.parametrize(("status", "kept"), [(200, 1), (302, 1), (409, 1), (500, 0), (503, 0)])
def test_what_a_broken_answer_wrote_is_taken_back(tenant, status, kept):
    assert _served(_writes(tenant, status)).status_code == status
    assert not has_active_tenant()
    assert _brands(tenant) == kept


def test_an_error_leaves_no_tenant_behind(tenant):
    def view(request):
        enter_tenant(tenant.id)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        _served(view)
    with pytest.raises(NoTenant):
        active_tenant_id()


def test_tenant_data_is_never_streamed(tenant):
    def view(request):
        enter_tenant(tenant.id)
        return StreamingHttpResponse(iter([b"rows"]))

    with pytest.raises(RuntimeError, match="never streamed"):
        _served(view)


def test_health_needs_no_transaction(tenant):
    seen = []

    def view(request):
        seen.append(connection.in_atomic_block)
        return HttpResponse()

    _served(view, "/healthz")
    _served(view)
    assert seen == [False, True]


def test_a_tenant_is_entered_inside_a_transaction_only(tenant):
    with pytest.raises(RuntimeError, match="inside a transaction"):
        enter_tenant(tenant.id)
