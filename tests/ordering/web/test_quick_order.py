"""The quick order: what is read from pasted rows, what the sheet says, what is sent and what stays."""

import io
import re
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalogue.models import Barcode, Unit
from catalogue.operations.products import product_search
from ledger.models import Book
from ledger.operations.books import open_books
from ordering.domain.quick_order.cart_lines import CartLine
from ordering.domain.quick_order.pasted_rows import parse_text, parse_typed
from ordering.domain.quick_order.readings import Reading
from ordering.models import Cart, Order, Stock
from ordering.operations.carts import CartChanged, open_cart, save_cart
from ordering.queries.quick_order.drafts import cart_lines
from ordering.queries.quick_order.products import find_lines
from ordering.queries.quick_order.sheet import price_sheet
from pricing.models import Limit
from tenancy.context import tenant_active
from tests.factories import a_party, a_price_list, a_product, a_scheme, an_actor
from tests.ordering.trade import a_trade
from tests.people import a_membership, a_user, signed_in
from ui.models import SentForm

NEW, PRICE, PLACE = (reverse(name) for name in ("order-new", "order-new-price", "order-new-place"))


def read(text):
    first = [next(one for one in row.readings if one.quantity) for row in parse_text(text).rows]
    return [(one.reference, *one.quantity[0]) for one in first]


def test_a_row_is_read_with_tabs_commas_or_spaces():
    text = "SKU\t名称\t数量\nA\t生抽\t20\t箱\nB,3\nC: 4 箱\n生抽500 20箱"
    text += "\n生抽 1,200 瓶\n6901234567892 x3\n老抽×5箱"
    assert read(text) == [
        ("A", 20, "箱"),
        ("B", 3, ""),
        ("C", 4, "箱"),
        ("生抽500", 20, "箱"),
        ("生抽", 1200, "瓶"),
        ("6901234567892", 3, ""),
        ("老抽", 5, "箱"),
    ]


def test_a_row_that_cannot_be_read_says_which_and_why(in_acme):
    parsed = parse_text("A 3\nB\nC 0\nD 2.5\n\t5\nE -1")
    problems = [*find_lines(parsed.rows).problems, *parsed.problems]
    assert sorted((one.number, one.field, one.reason) for one in problems) == [
        (1, "product", "unknown"),
        (2, "quantity", "no_quantity"),
        (3, "quantity", "not_positive"),
        (4, "quantity", "not_whole"),
        (5, "product", "no_product"),
        (6, "quantity", "not_positive"),
    ]


def test_more_than_five_thousand_rows_are_not_read():
    rows, problems, _blank = parse_text("A 1\n" * 6000)
    assert len(rows) == 5000
    assert problems[0].reason == "too_many"


def test_what_is_typed_without_a_quantity_is_one_ordering_unit():
    (line,) = parse_typed("生抽")
    assert line.readings == (Reading("生抽"),)
    assert parse_typed("  ") == ()


@pytest.fixture
def soy(in_acme):
    product = a_product("LZ-1", name="金标生抽500ml", base_unit="瓶")
    Unit.objects.create(product=product, name="箱", factor=12)
    case = Unit.objects.get(product=product)
    Barcode.objects.create(product=product, code="6901234567892", unit=case)
    product.search = product_search(product)
    product.save()
    return product


def test_a_product_is_found_by_sku_barcode_name_and_words(soy):
    rows, _problems, _blank = parse_text("lz-1 3\n6901234567892 2\n金标生抽500ml 5 瓶\n生抽500 20箱")
    found = find_lines(rows)
    assert found.lines == [CartLine("LZ-1", 3, "箱"), CartLine("LZ-1", 2, "箱"), CartLine("LZ-1", 5, "")]
    (guess,) = found.problems
    assert (guess.number, guess.reason, guess.only.sku, guess.only.quantity) == (4, "guess", "LZ-1", "20箱")


def test_an_unknown_product_and_a_strange_unit_are_told_of(soy):
    problems = find_lines(parse_text("没有 3\nLZ-1 3 托").rows).problems
    assert [(one.number, one.reason, one.choices) for one in problems] == [
        (1, "unknown", ()),
        (2, "unit", ("瓶", "箱")),
    ]


# The sheet


def sheet(trade, *lines):
    return price_sheet(
        seller_id=trade.seller.id,
        buyer_id=trade.buyer.id,
        lines=[CartLine(*one) for one in lines],
        on=timezone.localdate(),
    )


@pytest.fixture
def trade(in_acme):
    made = a_trade({"A": "5.00", "B": "10.00", "C": "2.00"}, on_hand=1000)
    for product in made.products:
        Unit.objects.create(product=product, name="箱", factor=12)
    return made


def a_floor(trade, sku, floor, action="block"):
    product = next(one for one in trade.products if one.sku == sku)
    Limit.objects.create(seller=trade.seller, product=product, clause="3.6", floor=floor, action=action)


def test_a_blocked_line_counts_for_nothing_and_the_good_ones_are_priced_without_it(trade):
    a_scheme(trade.seller, "step", {"measure": "quantity", "steps": [{"from": "100", "percent_off": "0.1"}]})
    a_floor(trade, "B", "9.50")
    found = sheet(trade, ("A", 60), ("B", 60))
    assert [(row.product.sku, row.state) for row in found.rows] == [("A", "ok"), ("B", "block")]
    assert found.to_send == [("A", 60)]
    assert found.total == Decimal("300.00"), "sixty alone do not reach the step"
    assert found.blocked[0].quoted.clauses == ("3.6",)
    assert found.blocked[0].breaks_floor


def test_a_blocked_line_is_offered_a_quantity_that_can_be_sent(trade):
    a_scheme(trade.seller, "free_goods", {"skus": ["A"], "buy": 8, "free": 1, "mode": "unit"})
    a_floor(trade, "A", "4.80")
    row = sheet(trade, ("A", 8)).rows[0]
    assert (row.state, row.alternative) == ("block", 7)


def test_a_line_without_stock_waits_and_says_how_many_there_are(trade):
    Stock.objects.filter(product__sku="B").update(on_hand=30)
    row = sheet(trade, ("A", 10), ("B", 3, "箱")).rows[1]
    assert (row.state, row.available, row.alternative) == ("short", 30, 2)


def test_what_is_given_away_beside_a_short_line_is_left_for_it(trade):
    gift = {"buy": 10, "free": 1, "mode": "unit", "skus": ["B"], "gift_sku": "B"}
    a_scheme(trade.seller, "free_goods", gift)
    Stock.objects.filter(product__sku="B").update(on_hand=100)
    row = sheet(trade, ("B", 99)).rows[0]
    assert (row.state, row.alternative) == ("short", 91), "91 and nine more that they earn"


def test_a_product_without_a_price_is_blocked(trade):
    a_product("Z")
    found = sheet(trade, ("A", 10), ("Z", 1))
    assert [row.state for row in found.rows] == ["ok", "no_price"]
    assert found.total == Decimal("50.00")


def test_the_next_step_names_what_would_reach_it_and_what_it_saves(trade):
    steps = [{"from": "240", "percent_off": "0.02"}, {"from": "360", "percent_off": "0.04"}]
    a_scheme(trade.seller, "step", {"measure": "quantity", "skus": ["A", "B"], "steps": steps})
    near = sheet(trade, ("A", 23, "箱"), ("C", 5)).step
    assert (near.adds, near.row.product.sku) == (7, "A")
    assert (near.saves, near.would_save) == (Decimal("27.60"), Decimal("72.00"))


def test_the_credit_after_this_order_says_when_it_will_hold(trade):
    pair = (trade.seller.id, trade.buyer.id)
    Book.objects.filter(id=open_books([pair])[pair]).update(credit_limit=100)
    assert not sheet(trade, ("A", 20)).credit.holds
    assert sheet(trade, ("A", 21)).credit.holds


def test_the_sheet_costs_the_same_statements_however_long(trade, django_assert_max_num_queries):
    many = [a_product(f"M{number}") for number in range(60)]
    a_price_list(trade.seller, dict.fromkeys(many, "1.00"))
    Stock.objects.bulk_create(Stock(party=trade.seller, product=one, on_hand=9) for one in many)
    with django_assert_max_num_queries(11):
        found = sheet(trade, *[(one.sku, 1) for one in many])
    assert found.total == Decimal("60.00")


# Drafts


def test_who_saves_an_older_version_is_refused_and_nothing_is_lost(trade):
    by, at = an_actor(trade.buyer), timezone.now()
    cart = open_cart(seller_id=trade.seller.id, buyer_id=trade.buyer.id, by=by, at=at)
    save_cart(cart_id=cart.id, version=1, lines=[CartLine("A", 1)], by=by, at=at)
    with pytest.raises(CartChanged) as refused, transaction.atomic():
        save_cart(cart_id=cart.id, version=1, lines=[CartLine("B", 2)], by=by, at=at)
    assert cart_lines(refused.value.cart) == [CartLine("A", 1)]
    assert Cart.objects.get().version == 2


def test_another_dealers_draft_is_not_there(trade):
    cart = open_cart(
        seller_id=trade.seller.id, buyer_id=trade.buyer.id, by=an_actor(trade.buyer), at=timezone.now()
    )
    other = an_actor(a_party(parent=trade.seller))
    assert not Cart.objects.visible_to(other).filter(id=cart.id).exists()


# The pages


@pytest.fixture
def desk(acme):
    with tenant_active(acme):
        made = a_trade({"A": "5.00", "B": "10.00"}, on_hand=1000)
        person = a_membership(made.buyer)
    made.client = signed_in(person)
    made.tenant = acme
    return made


def form_of(page):
    """What the page's form would send, without a script."""
    text = page.content.decode()
    plain = dict(
        re.findall(r'<input type="hidden" name="(cart|version|buyer|displayed|once)" value="([^"]*)"', text)
    )
    return plain | {
        "sku": re.findall(r'name="sku" value="([^"]*)"', text),
        "displayed_amount": re.findall(r'name="displayed_amount"\s+value="([^"]*)"', text),
        "qty": re.findall(r'class="tp-qty"[^>]*\sname="qty"[^>]*\svalue="([^"]*)"', text),
        "unit": [""] * text.count('name="sku"'),
    }


def in_another_window(form):
    """The same form as another window shows it: with a token of its own."""
    return form | {"once": uuid4().hex}


def sheet_with(desk, rows):
    desk.client.post(PRICE, {"action": "paste", "pasted": rows}, follow=True)
    return form_of(desk.client.get(NEW))


def test_pasted_rows_are_kept_priced_and_placed(desk):
    form = sheet_with(desk, "A 10\nB 3")
    assert (form["displayed"], form["displayed_amount"]) == ("2:80.00", ["50.00", "30.00"])
    placed = desk.client.post(PLACE, form)
    with tenant_active(desk.tenant):
        order = Order.objects.get()
        assert (order.total, order.state) == (Decimal("80.00"), "placed")
        assert not Cart.objects.exists()
    assert placed.url == reverse("order-placed", args=[order.id])
    assert order.number in desk.client.get(placed.url).content.decode()


def test_the_same_form_twice_is_one_order(desk):
    form = sheet_with(desk, "A 10")
    first, second = desk.client.post(PLACE, form), desk.client.post(PLACE, form)
    assert first.url == second.url
    with tenant_active(desk.tenant):
        assert Order.objects.count() == 1


def test_bad_rows_are_shown_with_their_reason_and_can_be_corrected(desk):
    page = desk.client.post(PRICE, {"action": "paste", "pasted": "A 10\nNOPE 3\nB zwei"})
    text = page.content.decode()
    assert "NOPE" in text
    assert "B zwei" in text
    assert form_of(page)["sku"] == ["A"]


def test_rows_that_were_not_added_hold_the_order_until_they_are_left_out(desk):
    page = desk.client.post(PRICE, {"action": "paste", "pasted": "A 10\nNOPE 3"})
    form = form_of(page) | {"pasted": "NOPE 3"}
    refused = desk.client.post(PLACE, form)
    assert refused.status_code == 422
    assert refused.context["refusal"]
    with tenant_active(desk.tenant):
        assert not Order.objects.exists()
    left = desk.client.post(PRICE, form | {"action": "leave"}, follow=True)
    assert "NOPE" not in left.content.decode()
    desk.client.post(PLACE, form_of(left))
    with tenant_active(desk.tenant):
        assert [line.sku for line in Order.objects.get().lines.all()] == ["A"]


def test_the_blocked_line_stays_in_the_draft_and_the_rest_is_sent(desk):
    with tenant_active(desk.tenant):
        a_floor(desk, "B", "11.00")
    form = sheet_with(desk, "A 10\nB 3")
    desk.client.post(PLACE, form)
    with tenant_active(desk.tenant):
        assert [line.sku for line in Order.objects.get().lines.all()] == ["A"]
        assert cart_lines(Cart.objects.get()) == [CartLine("B", 3)]


def test_a_blocked_price_says_whom_to_ask(desk):
    with tenant_active(desk.tenant):
        a_floor(desk, "B", "11.00")
        a_membership(desk.seller, "region_manager", a_user(first_name="何嘉欣"))
        a_membership(desk.seller, "finance", a_user(first_name="林晓彤"))
    sheet_with(desk, "A 10")
    assert "何嘉欣" not in desk.client.get(NEW).content.decode()
    desk.client.post(PRICE, form_of(desk.client.get(NEW)) | {"action": "paste", "pasted": "B 3"})
    page = desk.client.get(NEW).content.decode()
    assert "何嘉欣" in page
    assert "林晓彤" not in page


def test_the_foot_counts_each_unit_by_itself_and_products_phased_out_are_marked(desk):
    with tenant_active(desk.tenant):
        product = next(one for one in desk.products if one.sku == "A")
        Unit.objects.create(product=product, name="箱", factor=12)
        product.stage = "ending"
        product.save()
    sheet_with(desk, "A 10 箱\nB 3")
    page = desk.client.get(NEW)
    assert page.context["units"] == f"10 箱 + 3 {product.base_unit}"
    assert [one.stage is None for one in page.context["rows"]] == [False, True]


def test_a_price_that_changed_meanwhile_is_shown_beside_the_old_one_and_nothing_is_placed(desk):
    form = sheet_with(desk, "A 10")
    with tenant_active(desk.tenant):
        a_scheme(desk.seller, "special_price", {"skus": ["A"], "price": "4.00"})
    page = desk.client.post(PLACE, form)
    text = page.content.decode()
    assert "50.00" in text
    assert "40.00" in text
    with tenant_active(desk.tenant):
        assert not Order.objects.exists()
    again = form_of(page) | {"sku": [], "qty": [], "unit": [], "displayed_amount": []}
    assert again["displayed"] == "1:40.00"
    desk.client.post(PLACE, again)
    with tenant_active(desk.tenant):
        assert Order.objects.get().total == Decimal("40.00")


def test_what_went_out_of_stock_meanwhile_is_said_before_anything_is_placed(desk):
    form = sheet_with(desk, "A 10\nB 3")
    with tenant_active(desk.tenant):
        Stock.objects.filter(product__sku="B").update(on_hand=0)
    page = desk.client.post(PLACE, form)
    assert "30.00" in page.content.decode()
    with tenant_active(desk.tenant):
        assert not Order.objects.exists()


def test_an_order_beyond_the_credit_is_held_and_says_how_much_is_missing(desk):
    with tenant_active(desk.tenant):
        pair = (desk.seller.id, desk.buyer.id)
        Book.objects.filter(id=open_books([pair])[pair]).update(credit_limit=20)
    form = sheet_with(desk, "A 10")
    page = desk.client.post(PLACE, form, follow=True)
    with tenant_active(desk.tenant):
        assert Order.objects.get().state == "held"
    assert "30.00" in page.content.decode(), "20 of 50 are there"


def test_two_people_who_change_one_draft_see_both_sides(desk):
    form = sheet_with(desk, "A 10\nB 3")
    desk.client.post(PRICE, form | {"qty": ["11", "3"], "action": "price"})
    page = desk.client.post(PRICE, in_another_window(form) | {"qty": ["12", "3"], "action": "price"})
    text = page.content.decode()
    assert page.status_code == 409
    assert "11" in text
    assert "12" in text
    with tenant_active(desk.tenant):
        assert cart_lines(Cart.objects.get())[0].qty == 11
        version = Cart.objects.get().version
    mine = {"cart": form["cart"], "version": version, "action": "mine", "mine": "A\t12\t\nB\t3\t"}
    desk.client.post(PRICE, mine)
    with tenant_active(desk.tenant):
        assert cart_lines(Cart.objects.get())[0].qty == 12


def test_a_form_that_has_seen_no_version_overwrites_nothing(desk):
    form = sheet_with(desk, "A 10\nB 3")
    blind = {name: value for name, value in form.items() if name != "version"}
    for version in ({}, {"version": ""}, {"version": "x"}, {"version": "0"}):
        for address, action in ((PRICE, "price"), (PRICE, "remove:A"), (PRICE, "discard"), (PLACE, "")):
            page = desk.client.post(address, blind | version | {"qty": ["12", "3"], "action": action})
            assert page.status_code == 409, (address, action, version)
    with tenant_active(desk.tenant):
        assert cart_lines(Cart.objects.get()) == [CartLine("A", 10), CartLine("B", 3)]
        assert not Order.objects.exists()


def test_two_tabs_of_one_person_see_each_other(desk):
    form = sheet_with(desk, "A 10")
    first, second = form, form_of(desk.client.get(NEW))
    desk.client.post(PRICE, first | {"action": "price", "qty": ["11"]})
    for action in ("price", "discard"):
        page = desk.client.post(PRICE, second | {"action": action, "qty": ["12"]})
        assert page.status_code == 409
    assert desk.client.post(PLACE, second).status_code == 409
    with tenant_active(desk.tenant):
        assert cart_lines(Cart.objects.get()) == [CartLine("A", 11)]
        assert not Order.objects.exists()


def test_two_tabs_that_begin_at_once_write_two_drafts(desk):
    for rows in ("A 10", "B 3"):
        desk.client.post(PRICE, {"action": "paste", "pasted": rows})
    with tenant_active(desk.tenant):
        assert [cart_lines(one) for one in Cart.objects.order_by("id")] == [
            [CartLine("A", 10)],
            [CartLine("B", 3)],
        ]


def test_a_form_sent_twice_adds_its_rows_once(desk):
    form = sheet_with(desk, "A 10")
    again = form | {"action": "paste", "pasted": "B 3", "once": "one-token"}
    first, second = desk.client.post(PRICE, again), desk.client.post(PRICE, again)
    assert first.url == second.url
    with tenant_active(desk.tenant):
        assert cart_lines(Cart.objects.get()) == [CartLine("A", 10), CartLine("B", 3)]


def test_a_quantity_that_is_no_number_keeps_the_old_one_and_says_so(desk):
    form = sheet_with(desk, "A 10")
    page = desk.client.post(PRICE, form | {"qty": ["viel"], "action": "price"})
    assert "viel" in page.content.decode()
    with tenant_active(desk.tenant):
        assert cart_lines(Cart.objects.get()) == [CartLine("A", 10)]


def test_the_page_reads_fifteen_times_at_most(desk):
    with tenant_active(desk.tenant):
        a_scheme(desk.seller, "order_amount", {"steps": [{"from": "13", "percent_off": "0.1"}]})
        pair = (desk.seller.id, desk.buyer.id)
        Book.objects.filter(id=open_books([pair])[pair]).update(credit_limit=20)
    sheet_with(desk, "A 10\nB 3")
    with CaptureQueriesContext(connection) as counted:
        desk.client.get(NEW)
    read = [one["sql"] for one in counted.captured_queries if one["sql"].startswith("SELECT")]
    assert len(read) <= 15, "\n".join(read)


def test_another_dealers_draft_and_another_buyer_are_not_found(desk):
    form = sheet_with(desk, "A 10")
    with tenant_active(desk.tenant):
        other = a_party(parent=desk.seller)
        client = signed_in(a_membership(other))
    cart = {"cart": form["cart"]}
    for ask in (
        lambda: client.get(NEW, cart),
        lambda: client.post(PRICE, form | {"buyer": "", "qty": ["9"]}),
        lambda: client.post(PLACE, in_another_window(form) | {"buyer": str(desk.buyer.id)}),
        lambda: client.get(reverse("order-new-why"), cart | {"sku": "A"}),
        lambda: client.get(reverse("rebate-projection"), cart),
        lambda: client.get(NEW, {"buyer": str(desk.buyer.id)}),
    ):
        assert ask().status_code == 404
    with tenant_active(desk.tenant):
        assert cart_lines(Cart.objects.get()) == [CartLine("A", 10)]
        assert not Order.objects.exists()


def test_the_last_order_can_be_begun_from(desk):
    desk.client.post(PLACE, sheet_with(desk, "A 10\nB 3"))
    desk.client.post(PRICE, {"action": "last"})
    with tenant_active(desk.tenant):
        assert cart_lines(Cart.objects.get()) == [CartLine("A", 10), CartLine("B", 3)]


def test_why_a_line_costs_this_counts_the_lines_beside_it_and_hides_the_floor_from_the_dealer(desk):
    with tenant_active(desk.tenant):
        a_scheme(
            desk.seller,
            "step",
            {"measure": "quantity", "steps": [{"from": "13", "percent_off": "0.1"}]},
            name="坎级甲",
        )
        a_floor(desk, "A", "1.2345")
    form = sheet_with(desk, "A 10\nB 3")
    page = desk.client.get(reverse("order-new-why"), {"cart": form["cart"], "sku": "A"}).content.decode()
    assert "坎级甲" in page
    assert "45.00" in page
    assert "3.6" in page
    assert "1.2345" not in page
    alone = desk.client.get(
        reverse("order-new-why"), {"cart": form["cart"], "sku": "A", "qty": "5"}
    ).content.decode()
    assert "25.00" in alone, "eight together do not reach the step"


def test_a_partner_is_not_told_the_prices_of_tomorrow(desk):
    tomorrow = timezone.localdate() + timedelta(days=1)
    page = desk.client.get(reverse("price-why"), {"sku": "A", "on": tomorrow.isoformat()})
    assert f'value="{timezone.localdate().isoformat()}"' in page.content.decode()
    asked = desk.client.post(reverse("quote"), {"lines": "A 3", "on": tomorrow.isoformat()})
    assert "15.00" not in asked.content.decode()


def test_staff_ask_for_the_prices_of_any_buyer_and_see_the_floor(desk):
    with tenant_active(desk.tenant):
        director = a_membership(desk.seller)
        a_floor(desk, "A", "1.2345")
    client = signed_in(director)
    page = client.post(reverse("quote"), {"buyer": "D1", "lines": "A 3\nNOPE 2\n???,,"}).content.decode()
    assert "15.00" in page
    assert "NOPE" in page
    why = client.get(reverse("price-why"), {"buyer": "D1", "sku": "A", "qty": "3"}).content.decode()
    assert "1.2345" in why


def test_staff_order_for_a_dealer_whom_they_name(desk):
    with tenant_active(desk.tenant):
        client = signed_in(a_membership(desk.seller))
    assert str(desk.buyer.id) in client.get(NEW).content.decode()
    buyer = {"buyer": str(desk.buyer.id)}
    client.post(PRICE, buyer | {"action": "paste", "pasted": "A 2"})
    client.post(PLACE, form_of(client.get(NEW, buyer)))
    with tenant_active(desk.tenant):
        assert Order.objects.get().buyer_id == desk.buyer.id


# Files


def a_workbook(rows):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        a_workbook([["SKU", "名称", "数量", "单位"], ["A", "酱油", 10, ""], ["B", "醋", 3, ""]]),
        "SKU,名称,数量\nA,酱油,10\nB,醋,3\n".encode("gb18030"),
        "\ufeffSKU;名称;数量\nA;酱油;10\nB;醋;3\n".encode(),
    ],
    ids=["xlsx", "gb18030", "utf-8"],
)
def test_a_spreadsheet_is_read_like_pasted_rows(desk, content):
    file = SimpleUploadedFile("orders.bin", content)
    desk.client.post(PRICE, {"action": "paste", "file": file})
    with tenant_active(desk.tenant):
        assert cart_lines(Cart.objects.get()) == [CartLine("A", 10), CartLine("B", 3)]


def test_a_file_that_is_no_table_is_refused_and_the_draft_stays(desk):
    form = sheet_with(desk, "A 10")
    bad = {"action": "paste", "file": SimpleUploadedFile("orders.xlsx", b"PK nothing")}
    page = desk.client.post(PRICE, form | bad)
    assert page.context["refusal"]
    bad = {"file": SimpleUploadedFile("orders.xlsx", b"\x89PNG\r\n\x00\x00")}
    assert desk.client.post(PLACE, form | bad).status_code == 422
    with tenant_active(desk.tenant):
        assert cart_lines(Cart.objects.get()) == [CartLine("A", 10)]
        assert not Order.objects.exists()


def test_a_computed_quantity_is_shown_and_added_when_a_person_says_so(desk):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["A", 10])
        sheet.write(1, 0, "B")
        sheet.write_formula(1, 1, "=B1*2", None, 20)
    file = SimpleUploadedFile("orders.xlsx", out.getvalue())
    page = desk.client.post(PRICE, {"action": "paste", "file": file})
    assert form_of(page)["sku"] == ["A"]
    assert page.context["problem_text"] == "B\t20"
    again = {"action": "paste", "pasted": page.context["problem_text"]}
    desk.client.post(PRICE, form_of(page) | again)
    with tenant_active(desk.tenant):
        assert cart_lines(Cart.objects.get()) == [CartLine("A", 10), CartLine("B", 20)]


@pytest.mark.parametrize("address", [PRICE, PLACE], ids=["price", "place"])
def test_a_conflict_keeps_the_rows_that_were_just_uploaded(desk, address):
    """A file can be read once: reading it again for the conflict page lost its rows."""
    form = sheet_with(desk, "A 10")
    desk.client.post(PRICE, form | {"action": "price", "qty": ["11"]})
    file = SimpleUploadedFile("orders.csv", b"B,3\nNOPE,4\n")
    page = desk.client.post(address, in_another_window(form) | {"action": "paste", "file": file})
    assert page.status_code == 409
    mine = [(one.sku, one.mine, one.stored) for one in page.context["differing"]]
    assert mine == [("A", CartLine("A", 10), CartLine("A", 11)), ("B", CartLine("B", 3), None)]
    with tenant_active(desk.tenant):
        cart = Cart.objects.get()
        assert cart_lines(cart) == [CartLine("A", 11)]
    chosen = {"cart": str(cart.id), "version": cart.version, "action": "mine", "mine": page.context["mine"]}
    answer = desk.client.post(PRICE, chosen)
    assert answer.context["problem_text"] == "NOPE\t4", "what could not be read is not lost either"
    with tenant_active(desk.tenant):
        assert cart_lines(Cart.objects.get()) == [CartLine("A", 10), CartLine("B", 3)]


def test_a_form_has_one_token_which_is_the_source_of_its_order(desk):
    form = sheet_with(desk, "A 10")
    text = desk.client.get(NEW).content.decode()
    hidden = re.findall(r'<input type="hidden" name="(\w+)"', text.partition('id="quick"')[2])
    names = set(hidden) - {"sku", "displayed_amount"}
    assert names == {"buyer", "cart", "csrfmiddlewaretoken", "displayed", "once", "page", "version"}
    assert hidden.count("once") == 1
    desk.client.post(PLACE, form)
    with tenant_active(desk.tenant):
        assert Order.objects.get().source == f"web:{form['once']}"
        Cart.objects.all().delete()
        SentForm.objects.all().delete()
    desk.client.post(PLACE, form)
    with tenant_active(desk.tenant):
        assert Order.objects.count() == 1, "the source holds when the token is forgotten"


def test_a_discarded_draft_takes_no_rows_with_it(desk):
    form = sheet_with(desk, "A 10")
    bad = {"action": "discard", "file": SimpleUploadedFile("orders.xlsx", b"PK nothing")}
    desk.client.post(PRICE, form | bad)
    with tenant_active(desk.tenant):
        assert not Cart.objects.exists()
