"""A form that is sent twice at the same time does one thing: in six rooms, by the forms themselves."""

import pytest

from alliance.models import Contract
from jobs.models import Job
from ledger.models import Journal
from ordering.models import Order, ReturnRequest, Shipment
from pricing.models import PriceList, Scheme
from tenancy.context import tenant_active
from tests.browser.conftest import IN_A_BROWSER
from tests.browser.withstand import settled

pytestmark = IN_A_BROWSER
AT_ONCE = """async ([chosen, extra]) => {
  const form = document.querySelector(chosen);
  const body = () => { const all = new URLSearchParams(new FormData(form));
    for (const [name, value] of Object.entries(extra)) all.set(name, value); return all; };
  if (!body().get("once")) return ["no token"];
  const send = () => fetch(form.getAttribute("action") || location.href, { method: "POST", body: body() });
  const answers = await Promise.all([send(), send(), send()]);
  return answers.map((answer) => [answer.status, answer.url]);
}"""


def sent_at_once(page, form, **extra):
    """The form of the page sent three times in parallel: each is led to the same place."""
    answers = page.evaluate(AT_ONCE, [form, extra])
    assert {status for status, _url in answers} == {200}, answers
    assert len({url for _status, url in answers}) == 1, answers


@pytest.fixture
def desk(walked, browser):
    """Opens a page as the chief of a door."""
    contexts = []

    def opened(door, address):
        context = walked.enter(browser, door)
        contexts.append(context)
        page = context.new_page()
        page.goto(walked.site + address, wait_until="networkidle")
        return page

    yield opened
    for context in contexts:
        context.close()


def test_one_contract_is_drafted(walked, desk):
    page = desk("manufacturer", "/contracts/new")
    mark = walked.world.mark
    values = {"code": "TWICE-1", "dealer": f"{mark}D1Z-dealer", "member": f"{mark}D1Z-member"}
    for name, value in values.items():
        page.fill(f"[name={name}]", value)
    page.fill("[name=starts_on]", "2027-06-01")
    page.fill("[name=last_day]", "2028-05-31")
    sent_at_once(page, "form.tp-edit")
    with tenant_active(walked.world.tenant):
        assert Contract.objects.filter(code="TWICE-1").count() == 1


@pytest.mark.parametrize(
    ("address", "kind", "typed"),
    [
        ("/price-lists/new", PriceList, {"entries": "ACME4K-1 9.90"}),
        ("/schemes/new", Scheme, {"price": "9.80", "skus": "ACME4K-1"}),
    ],
)
def test_one_price_list_or_scheme_is_drafted(walked, desk, address, kind, typed):
    page = desk("manufacturer", address)
    page.fill("[name=code]", "TWICE-2")
    page.select_option("[name=audience_kind]", "everyone")
    for name, value in typed.items():
        page.fill(f"[name={name}]", value)
    sent_at_once(page, "main form[data-draft]")
    with tenant_active(walked.world.tenant):
        assert kind.objects.filter(code="TWICE-2").count() == 1


def test_one_half_of_an_order_is_shipped(walked, desk):
    with tenant_active(walked.world.tenant):
        order = Order.objects.filter(seller=walked.world.manufacturer, state="part_shipped").first()
        before = Shipment.objects.filter(order=order).count()
    page = desk("manufacturer", f"/orders/{order.id}/ship")
    for field in page.locator("main .tp-qty").all():
        field.fill("1")
    sent_at_once(page, "main form")
    with tenant_active(walked.world.tenant):
        assert Shipment.objects.filter(order=order).count() == before + 1


def test_one_return_is_asked_for(walked, desk):
    with tenant_active(walked.world.tenant):
        buyer = walked.people["dealer"].party_id
        order = Order.objects.filter(buyer_id=buyer, state="delivered").first()
        ReturnRequest.objects.filter(order=order).delete()
    page = desk("dealer", f"/orders/{order.id}/return")
    page.locator("main .tp-qty").first.fill("1")
    page.fill("#reason", "one bottle leaks")
    sent_at_once(page, "main form")
    with tenant_active(walked.world.tenant):
        assert ReturnRequest.objects.filter(order=order).count() == 1


def test_one_payment_is_booked(walked, desk):
    page = desk("manufacturer", walked.pages("manufacturer")["book"])
    page.fill("[name=amount]", "12.34")
    page.fill("[name=voucher]", "BANK-TWICE")
    sent_at_once(page, "form:has([name=voucher])")
    with tenant_active(walked.world.tenant):
        assert Journal.objects.filter(source__contains="banktwice").count() == 1


def test_one_order_is_placed_by_a_member(walked, desk):
    with tenant_active(walked.world.tenant):
        before = Order.objects.filter(buyer_id=walked.people["member"].party_id).count()
    page = desk("member", "/m/order")
    page.locator("[data-goods] .tp-stepper input").first.fill("2")
    with page.expect_response("**/m/order"):
        page.keyboard.press("Tab")
    page.wait_for_timeout(300)  # a second change may still wait for its delay of 250 ms
    settled(page)
    sent_at_once(page, "#member-order", action="place")
    with tenant_active(walked.world.tenant):
        assert Order.objects.filter(buyer_id=walked.people["member"].party_id).count() == before + 1


def test_one_export_is_asked_for(walked, desk):
    with tenant_active(walked.world.tenant):
        before = Job.objects.count()
    page = desk("manufacturer", "/products")
    sent_at_once(page, "form:has([name=action][value=export])")
    with tenant_active(walked.world.tenant):
        assert Job.objects.count() == before + 1
