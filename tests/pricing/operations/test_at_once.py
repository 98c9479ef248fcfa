"""Two people change the same terms at the same moment, with connections of their own."""

import pytest

from accounts.rights import the_system
from pricing.models import PriceList, Scheme
from pricing.operations import list_copies, schemes
from pricing.operations.price_lists import publish_price_list
from pricing.operations.sellers import WrongState
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.factories import a_manufacturer, a_price_list, a_product, a_scheme
from tests.ordering.operations.test_many_at_once import together
from tests.ordering.trade import AT

ME = the_system("test")


@pytest.fixture
def acme_id(committed):
    return Tenant.objects.get(slug="acme").id


def both(acme_id, work):
    """Return the class of what each of two people gets, in order of name."""

    def run(number):
        with tenant_active(acme_id):
            return work(number)

    return sorted(type(one).__name__ for one in together(run, 2))


def test_next_versions_of_two_versions_make_one_draft(acme_id):
    with tenant_active(acme_id):
        maker, soy = a_manufacturer(), a_product()
        first = a_price_list(maker, {soy: "5"}, code="L", state="withdrawn")
        second = a_price_list(maker, {soy: "6"}, code="L", version=2)
        ids = [first.id, second.id]
    found = both(acme_id, lambda number: list_copies.new_version(price_list_id=ids[number], by=ME, at=AT))
    assert found == sorted([PriceList.__name__, WrongState.__name__])
    with tenant_active(acme_id):
        assert PriceList.objects.filter(state="draft").count() == 1


def test_next_versions_of_a_scheme_make_one_draft(acme_id):
    with tenant_active(acme_id):
        maker = a_manufacturer()
        terms = {"price": "4"}
        first = a_scheme(maker, "special_price", terms, code="S", state="withdrawn")
        second = a_scheme(maker, "special_price", terms, code="S", version=2)
        ids = [first.id, second.id]
    found = both(acme_id, lambda number: schemes.new_version(scheme_id=ids[number], by=ME, at=AT))
    assert found == sorted([Scheme.__name__, WrongState.__name__])
    with tenant_active(acme_id):
        assert Scheme.objects.filter(state="draft").count() == 1


def test_a_list_is_published_once_by_two_people(acme_id):
    with tenant_active(acme_id):
        draft = a_price_list(a_manufacturer(), {a_product(): "5"}, code="L", state="draft")
    found = both(acme_id, lambda _number: publish_price_list(price_list_id=draft.id, by=ME, at=AT))
    assert found == sorted([PriceList.__name__, WrongState.__name__])
