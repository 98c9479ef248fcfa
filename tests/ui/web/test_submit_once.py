import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.test import RequestFactory
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from catalogue.models import Product
from kernel.refusals import Refusal
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.people import a_member_of
from ui.models import SentForm
from ui.web.submit_once import SentWithOtherContent, field, once, prune_sent_forms


@once
def add(request):
    """Adds a product, unless the form says otherwise."""
    if request.POST.get("wrong"):
        return HttpResponse("the form again", status=422)
    product = Product.objects.create(sku=request.POST["sku"] + str(Product.objects.count()), name="x")
    if request.POST.get("refused"):
        raise Refusal("no")
    return HttpResponseRedirect(f"/products/{product.sku}")


def sending(user, **post):
    request = RequestFactory().post("/products/new", post)
    request.user = SimpleNamespace(pk=user.pk, is_authenticated=True)  # type: ignore[assignment]  # a stand-in
    return request


def test_a_form_sent_twice_is_done_once_and_leads_to_the_first_result(acme):
    user, other = a_member_of(acme).user, a_member_of(acme, "dealer").user
    with tenant_active(acme):
        first = add(sending(user, sku="a", once="t1"))
        again = add(sending(user, sku="a", once="t1"))
        assert (first["Location"], again["Location"]) == ("/products/a0", "/products/a0")
        assert add(sending(user, sku="a", once="t2"))["Location"] == "/products/a1"
        assert add(sending(other, sku="a", once="t1"))["Location"] == "/products/a2"
        assert add(sending(user, sku="a"))["Location"] == "/products/a3"


def test_other_content_under_the_same_token_is_refused_with_both_values_and_the_first_page(acme):
    user = a_member_of(acme).user
    with tenant_active(acme):
        add(sending(user, sku="a", once="t1", note="x" * 300))
        assert add(sending(user, sku=" a ", once="t1", note="x" * 300))["Location"] == "/products/a0"
        with pytest.raises(SentWithOtherContent) as refused, transaction.atomic():
            add(sending(user, sku="b", once="t1", note="x" * 299 + "y"))
        assert Product.objects.count() == 1
    assert refused.value.details["location"] == "/products/a0"
    assert [one["field"] for one in refused.value.details["differs"]] == ["note", "sku"]
    assert "a → b" in refused.value.message


def test_a_file_is_compared_by_what_is_in_it(acme):
    user = a_member_of(acme).user

    def with_file(content):
        return sending(user, sku="a", once="t1", file=SimpleUploadedFile("rows.csv", content))

    with tenant_active(acme):
        add(with_file(b"A,1"))
        assert add(with_file(b"A,1"))["Location"] == "/products/a0"
        with pytest.raises(SentWithOtherContent):
            add(with_file(b"A,2"))


def test_what_is_secret_is_neither_stored_nor_compared(acme):
    user = a_member_of(acme).user
    guarded = sensitive_post_parameters("code")(add)
    with tenant_active(acme):
        guarded(sending(user, sku="a", once="t1", code="123456"))
        assert guarded(sending(user, sku="a", once="t1", code="654321"))["Location"] == "/products/a0"
        assert "123456" not in str(SentForm.objects.get().content)


def test_a_view_names_its_content(acme):
    user = a_member_of(acme).user
    named = once(add.__wrapped__, content=lambda request: {"Product": request.POST["sku"]})
    with tenant_active(acme):
        named(sending(user, sku="a", once="t1"))
        with pytest.raises(SentWithOtherContent, match="Product: a → b"):
            named(sending(user, sku="b", once="t1"))


def test_a_form_that_came_back_with_errors_may_be_sent_again(acme):
    user = a_member_of(acme).user
    with tenant_active(acme):
        assert add(sending(user, sku="a", once="t", wrong="1")).status_code == 422
        assert add(sending(user, sku="a", once="t"))["Location"] == "/products/a0"


def test_a_refused_one_leaves_no_token_behind(acme):
    user = a_member_of(acme).user
    with tenant_active(acme):
        with pytest.raises(Refusal), transaction.atomic():
            add(sending(user, sku="a", once="t", refused="1"))
        assert add(sending(user, sku="a", once="t"))["Location"] == "/products/a0"


def test_two_at_the_same_time_do_it_once(committed):
    acme = Tenant.objects.get(slug="acme")
    user = a_member_of(acme).user
    gate, answers = threading.Barrier(2), []

    def send():
        gate.wait()
        with tenant_active(acme):
            answers.append(add(sending(user, sku="a", once="t"))["Location"])
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert answers == ["/products/a0", "/products/a0"]
    with tenant_active(acme):
        assert Product.objects.count() == 1


def test_each_field_has_a_token_of_its_own():
    assert field() != field()
    assert 'name="once"' in field()


def test_old_tokens_are_forgotten(acme):
    user = a_member_of(acme).user
    with tenant_active(acme):
        add(sending(user, sku="a", once="t"))
        assert prune_sent_forms(at=timezone.now()) == 0
        assert prune_sent_forms(at=timezone.now() + timedelta(days=3)) == 1
        assert not SentForm.objects.exists()
