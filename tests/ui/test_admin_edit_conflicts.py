"""Two people edit one thing in the admin: the second sees both, and overwrites nothing."""

import pytest

from approvals.models import ApprovalRule
from catalogue.models import Product, Unit
from dealers.models import Party
from ledger.models import Book
from ledger.operations.books import open_books
from rebates.models import Program
from tenancy.context import tenant_active
from tests.factories import a_manufacturer, a_party, a_product, a_program
from tests.people import a_member_of, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def director(acme):
    return signed_in(a_member_of(acme))


@pytest.fixture
def finance(acme):
    return signed_in(a_member_of(acme, role="finance"))


def filled(page):
    """What a browser would send of the form as it was served, with its inlines."""
    sent = {"_version": page.context["displayed_version"]}
    forms = [page.context["adminform"].form]
    for inline in page.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.initial_forms]
    for form in forms:
        for one in form:
            value = one.value()
            if value is not None and value is not False:
                sent[one.html_name] = "on" if value is True else value
    return sent


def product_page(acme):
    with tenant_active(acme):
        product = a_product("LZ1", name="生抽")
        Unit.objects.create(product=product, name="箱", factor=12)
    return product, f"/admin/catalogue/product/{product.id}/change/"


def test_a_product_is_saved_by_the_first_and_shown_to_the_second(director, acme):
    _product, path = product_page(acme)
    mine, theirs = filled(director.get(path)), filled(director.get(path))
    assert f'name="_version" value="{mine["_version"]}"' in director.get(path).content.decode()
    saved = director.post(path, theirs | {"name": "老抽"})
    assert saved.status_code == 302, (saved.context["errors"], saved.context["adminform"].form.errors)
    page = director.post(path, mine | {"name": "蚝油"})
    told = " ".join(page.context["adminform"].form.non_field_errors())
    assert page.status_code == 200
    assert "老抽" in told
    assert "蚝油" in told
    with tenant_active(acme):
        assert Product.objects.get().name == "老抽"
    again = mine | {"name": "蚝油", "_version": page.context["displayed_version"]}
    assert director.post(path, again).status_code == 302
    with tenant_active(acme):
        assert Product.objects.get().name == "蚝油"


def test_rows_within_the_form_count_as_its_own(director, acme):
    _product, path = product_page(acme)
    mine = filled(director.get(path))
    with tenant_active(acme):
        Unit.objects.update(factor=24)
    assert director.post(path, mine).status_code == 200
    with tenant_active(acme):
        assert Unit.objects.get().factor == 24


def test_a_partner(director, acme):
    with tenant_active(acme):
        party = a_party("dealer", name="肇庆恒丰")
    path = f"/admin/dealers/party/{party.id}/change/"
    mine = filled(director.get(path))
    with tenant_active(acme):
        Party.objects.filter(id=party.id).update(name="他们改的")
    assert "他们改的" in " ".join(
        director.post(path, mine | {"name": "我改的"}).context["adminform"].form.non_field_errors()
    )
    with tenant_active(acme):
        assert Party.objects.get(id=party.id).name == "他们改的"


def test_a_credit_limit_whatever_is_posted_to_the_book_meanwhile(finance, acme):
    with tenant_active(acme):
        maker = a_manufacturer()
        pair = (maker.id, a_party("dealer", parent=maker).id)
        book_id = open_books([pair])[pair]
        ApprovalRule.objects.create(kind="ledger.credit", is_required=False)
    path = f"/admin/ledger/book/{book_id}/change/"
    mine = filled(finance.get(path)) | {"credit_limit": "700"}
    with tenant_active(acme):
        Book.objects.filter(id=book_id).update(seq=99)
    assert finance.post(path, mine).status_code == 302
    page = finance.post(path, mine | {"credit_limit": "900"})
    assert page.status_code == 200
    with tenant_active(acme):
        assert Book.objects.get(id=book_id).credit_limit == 700


def test_a_program(finance, acme):
    with tenant_active(acme):
        program = a_program(a_manufacturer(), [(0, "0.01")], name="both", state="draft")
    path = f"/admin/rebates/program/{program.id}/change/"
    page = finance.get(path)
    assert page.context["displayed_version"]
    mine = filled(page)
    with tenant_active(acme):
        Program.objects.filter(id=program.id).update(name="theirs")
    page = finance.post(path, mine | {"name": "mine"})
    assert page.status_code == 200
    assert "theirs" in " ".join(page.context["adminform"].form.non_field_errors())
    with tenant_active(acme):
        assert Program.objects.get(id=program.id).name == "theirs"
