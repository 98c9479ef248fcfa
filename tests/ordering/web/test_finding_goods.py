"""Goods are found as people name them: in the add field, in chat text, by scanner and in searches."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalogue.models import Barcode, Product
from catalogue.operations.products import (
    BadProduct,
    ProductExists,
    add_product,
    index_products,
    product_search,
    reindex_products,
)
from dealers.models import Party
from dealers.operations.parties import add_party, index_parties, reindex_parties
from dealers.queries.parties import parties_like
from kernel.search import HAN
from kernel.trade_names import unit_name
from ordering.models import Cart, Order, Stock
from ordering.queries.quick_order import products as product_queries
from ordering.queries.quick_order.drafts import cart_lines
from pricing.models import PriceEntry, PriceList
from tenancy.context import tenant_active
from tests.factories import a_contract, a_party, a_product
from tests.ordering.trade import AT, ME, Trade, a_trade
from tests.people import a_membership, a_user, signed_in
from tests.scene import text_of

pytestmark = pytest.mark.django_db
NEW, PRICE, PLACE, FIND = (
    reverse(name) for name in ("order-new", "order-new-price", "order-new-place", "order-new-find")
)
CASES = Path(settings.BASE_DIR).parent / "shared" / "cases"
CASE, BOTTLE = "箱", ""
GOODS = {
    "LZ-CE-25": ("珠江厨鸡粉908g", "桶", 4),
    "LZ-CE-21": ("珠江厨鸡粉40g", "袋", 24),
    "LZ-SY-15": ("岭珠生抽4.9L", "桶", 4),
    "LZ-OY-11": ("岭珠·蚝油 260g×12", "瓶", 12),
    "LZ-CW-14": ("广州-料酒1L", "瓶", 6),
    "LZ-CO-31": ("复合调味汁 500", "盒", 10),
    "123456": ("白米醋150ml", "瓶", 24),
    "QX-1": ("剁椒90g", "瓶", 24),
    "QX-12": ("剁椒210g", "瓶", 20),
    "ab-7": ("小写豆酱", "瓶", 6),
    "AB-7": ("大写豆酱", "瓶", 6),
}
OF_A_BOTTLE, OF_A_CASE, UPC = "6901234567892", "16901234567899", "012345678905"


def in_english(quantity: str) -> str:
    """Return "1 箱 = 4 桶" as the page of an English reader has it: "1 case = 4 pails"."""
    return re.sub(
        r"([\d,]+) (\S+)",
        lambda found: f"{found[1]} {unit_name(found[2], int(found[1].replace(',', '')))}",
        quantity,
    )


class Shop:
    def __init__(self, acme):
        self.tenant = acme
        trade = a_trade({}, on_hand=100_000)
        self.seller, self.buyer = trade.seller, trade.buyer
        PriceList.objects.update(state=PriceList.State.DRAFT)
        prices = PriceList.objects.get()
        for sku, (name, base_unit, factor) in GOODS.items():
            codes = []
            if sku == "LZ-CE-25":
                codes = [(OF_A_BOTTLE, ""), (OF_A_CASE, CASE)]
            if sku == "QX-1":
                codes = [(UPC, "")]
            product = Product(sku=sku, name=name, base_unit=base_unit)
            add_product(product=product, units={CASE: factor}, barcodes=codes, by=ME, at=AT)
            PriceEntry.objects.create(price_list=prices, product=product, price="10.00", min_qty=0)
            Stock.objects.create(party=self.seller, product=product, on_hand=100_000)
        PriceList.objects.update(state=PriceList.State.PUBLISHED)
        self.client = signed_in(a_membership(self.buyer, user=a_user(language="en")))

    @property
    def lines(self):
        with tenant_active(self.tenant):
            cart = Cart.objects.first()
            return [tuple(line)[:3] for line in cart_lines(cart)] if cart else []

    def send(self, form=None, **more):
        return self.client.post(PRICE, (form or {}) | more, follow=True)

    def form(self, page=None):
        text = (page or self.client.get(NEW)).content.decode()
        return dict(
            re.findall(
                r'<input type="hidden" name="(cart|version|buyer|displayed|once)" value="([^"]*)"', text
            )
        )


@pytest.fixture
def shop(acme):
    with tenant_active(acme):
        return Shop(acme)


CHICKEN = [("LZ-CE-25", 20, CASE)]


@pytest.mark.parametrize(
    ("pasted", "lines"),
    [
        ("珠江厨鸡粉908g20箱", CHICKEN),
        ("珠江厨鸡粉908g 20箱", CHICKEN),
        ("珠江廚雞粉908g 20箱", CHICKEN),
        ("珠江厨鸡粉９０８ｇ　２０箱", CHICKEN),
        ("LZ-CE-25 20", CHICKEN),
        ("LZ-CE-25：20箱", CHICKEN),
        ("LZ-CE-25: 20箱", CHICKEN),
        ("LZ-CE-25，20箱", CHICKEN),
        ("LZ-CE-25，要20箱", CHICKEN),
        ("LZ-CE-25 = 20 箱", CHICKEN),
        ("1. LZ-CE-25 20箱", CHICKEN),
        ("1、LZ-CE-25 20箱", CHICKEN),
        ("① LZ-CE-25 20箱", CHICKEN),
        ("1️⃣ LZ-CE-25 20箱", CHICKEN),
        ("1.\tLZ-CE-25\t20\t箱", CHICKEN),
        ("1 LZ-CE-25 20箱", CHICKEN),
        ("- LZ-CE-25 20箱", CHICKEN),
        ("20箱 LZ-CE-25", CHICKEN),
        ("20箱LZ-CE-25", CHICKEN),
        ("20箱\tLZ-CE-25", CHICKEN),
        ("二十箱珠江厨鸡粉908g", CHICKEN),
        ("LZ-CE-25 二十箱", CHICKEN),
        ("LZ-CE-25\t二十箱", CHICKEN),
        ("LZ-CE-25x20", CHICKEN),
        ("LZ-CE-25 x20", CHICKEN),
        ("LZ-CE-25×20", CHICKEN),
        ("LZ-CE-25*20", CHICKEN),
        ("LZ-CE-25 * 20箱", CHICKEN),
        ("LZ-CE-25（20箱）", CHICKEN),
        ("LZ-CE-25 20箱（急）", CHICKEN),
        ("LZ-CE-25 20箱 👍", CHICKEN),
        ("老板，来20箱LZ-CE-25，谢谢", CHICKEN),
        ("6月5日 LZ-CE-25 20箱", CHICKEN),
        ("LZ-CE-25 20箱 13800138000", CHICKEN),
        ("编码\t箱数\t散数\nLZ-CE-25\t5\t3", [("LZ-CE-25", 23, BOTTLE)]),
        ("编码\t数量\nLZ-CE-25\t20", CHICKEN),
        ("商品 数量\nLZ-CE-25 20", CHICKEN),
        ("lz-ce-25 20", CHICKEN),
        ("ＬＺ－ＣＥ－２５ 20", CHICKEN),
        ("LZ–CE—25 20", CHICKEN),
        ("LZ-\u200bCE-25\ufeff 20", CHICKEN),
        ("LZ-CE-25 5箱3桶", [("LZ-CE-25", 23, BOTTLE)]),
        ("LZ-CE-25 5箱\nLZ-CE-25 3桶", [("LZ-CE-25", 23, BOTTLE)]),
        ("LZ-CE-25 20桶", [("LZ-CE-25", 20, BOTTLE)]),
        ("qx-1 5\nQX-1 3", [("QX-1", 8, CASE)]),
        ("ab-7 5\nAB-7 3", [("ab-7", 5, CASE), ("AB-7", 3, CASE)]),
        ("QX-1 2，LZ-CE-25 3箱", [("QX-1", 2, CASE), ("LZ-CE-25", 3, CASE)]),
        ("复合调味汁 500 20箱", [("LZ-CO-31", 20, CASE)]),
        ("123456 10", [("123456", 10, CASE)]),
        ("岭珠蚝油260g*12 3箱", [("LZ-OY-11", 3, CASE)]),
        (f"{OF_A_BOTTLE} 3", [("LZ-CE-25", 3, BOTTLE)]),
        (f"{OF_A_CASE} 3", [("LZ-CE-25", 3, CASE)]),
        (f"0{OF_A_BOTTLE} 3箱", [("LZ-CE-25", 3, CASE)]),
        (f"0{UPC} 2", [("QX-1", 2, BOTTLE)]),
    ],
)
def test_pasted_lines_are_read_as_people_write_them(shop, pasted, lines):
    page = shop.send(action="paste", pasted=pasted)
    assert page.status_code == 200
    assert shop.lines == lines


@pytest.mark.parametrize(
    ("pasted", "candidates"),
    [
        ("鸡粉908 20箱", [("LZ-CE-25", "20 箱 = 80 桶")]),
        ("鸡粉 20箱", [("LZ-CE-21", "20 箱 = 480 袋"), ("LZ-CE-25", "20 箱 = 80 桶")]),
        ("雞粉 908", [("LZ-CE-25", "1 箱 = 4 桶"), ("LZ-CE-21", "908 箱 = 21,792 袋")]),
        ("生抽4.9L 3", [("LZ-SY-15", "3 箱 = 12 桶")]),
        ("蠔油 3箱", [("LZ-OY-11", "3 箱 = 36 瓶")]),
        ("廣州-料酒 2箱", [("LZ-CW-14", "2 箱 = 12 瓶")]),
        ("LZ-CE-25", [("LZ-CE-25", "1 箱 = 4 桶")]),
        ("LZ-CE-25 3托", [("LZ-CE-25", "3 桶"), ("LZ-CE-25", "3 箱 = 12 桶")]),
        ("Ab-7 2", [("AB-7", "2 箱 = 12 瓶"), ("ab-7", "2 箱 = 12 瓶")]),
        ("LZ-CE-25 20箱 要新日期", [("LZ-CE-25", "20 箱 = 80 桶")]),
        ("LZ-CE-25 20箱 60元", [("LZ-CE-25", "20 箱 = 80 桶")]),
        ("LZ-CE-25 20件", [("LZ-CE-25", "20 桶"), ("LZ-CE-25", "20 箱 = 80 桶")]),
        ("1234 10", []),
        ("12 345 10", []),
        ("999999999999 3", []),
        ("没有的货 3", []),
        ("生抽 1,5", []),
        ("", None),
    ],
)
def test_a_guess_is_shown_to_be_confirmed_and_a_number_is_never_guessed(shop, pasted, candidates):
    page = shop.send(action="paste", pasted=pasted)
    shown = [[(one.sku, one.quantity) for one in row["candidates"]] for row in page.context["problems"]]
    wanted = sorted((sku, in_english(quantity)) for sku, quantity in candidates or [])
    assert sorted(shown[0][:2] if shown else []) == wanted[:2]
    assert len(shown) == (candidates is not None)
    assert shop.lines == []


def test_guesses_are_one_list_with_prices_and_stock_and_one_click_each(shop):
    page = shop.send(action="paste", pasted="鸡粉908 20箱\n鸡粉 3箱\n剁椒90 2\nQX-1 1\n没有 3")
    assert [row["number"] for row in page.context["problems"]] == [1, 2, 3, 5]
    (first,) = page.context["problems"][0]["candidates"]
    assert (first.name, first.price, str(first.stock.text)) == ("珠江厨鸡粉908g", "40.00 / case", "In stock")
    page = shop.send(shop.form(page), pick=first.value, unread=page.context["problem_text"])
    assert shop.lines == [("QX-1", 1, CASE), ("LZ-CE-25", 20, CASE)]
    assert page.context["problem_text"].splitlines() == ["鸡粉 3箱", "剁椒90 2", "没有 3"]
    assert page.context["to_accept"] == 1
    page = shop.send(shop.form(page), action="accept", unread=page.context["problem_text"])
    assert shop.lines == [("QX-1", 3, CASE), ("LZ-CE-25", 20, CASE)]
    assert page.context["problem_text"].splitlines() == ["鸡粉 3箱", "没有 3"]


def test_rows_that_were_not_added_stay_while_the_draft_is_changed(shop):
    page = shop.send(action="paste", pasted="QX-1 1\n鸡粉 3箱\n没有 3")
    headers = {"HX-Request": "true"}
    form = shop.form(page) | {"unread": page.context["problem_text"], "sku": "QX-1", "qty": "2", "unit": ""}
    page = shop.client.post(PRICE, form | {"action": "price"}, headers=headers)
    assert page.context["problem_text"] == "鸡粉 3箱\n没有 3"
    assert shop.lines == [("QX-1", 2, BOTTLE)]
    refused = shop.client.post(PLACE, shop.form(page) | {"unread": page.context["problem_text"]})
    assert refused.status_code == 422
    page = shop.client.post(PRICE, shop.form(page) | {"action": "leave", "unread": "没有 3"}, headers=headers)
    assert page.context["problems"] == []
    assert shop.client.post(PLACE, shop.form(page)).status_code == 302
    with tenant_active(shop.tenant):
        assert [(line.sku, line.qty) for line in Order.objects.get().lines.all()] == [("QX-1", 2)]


def test_greetings_are_skipped_and_listed(shop):
    text = "老板好\n6月5日订单：\nLZ-CE-25 20箱\n电话 13800138000\n麻烦明天送，谢谢🙏"
    page = shop.send(action="paste", pasted=text)
    assert shop.lines == CHICKEN
    said = text_of(page)
    assert "No goods, and skipped: 老板好 / 6月5日订单： / 电话 13800138000 / 麻烦明天送，谢谢" in said


def test_a_row_says_what_its_quantity_comes_to(shop):
    page = shop.send(action="paste", pasted="LZ-CE-25 20")
    assert "= 80 pails" in text_of(page)
    page = shop.send(shop.form(page), action="paste", pasted="QX-1 3瓶")
    assert "= 3 瓶" not in text_of(page)


# The add field


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("鸡粉 908", ("LZ-CE-25", 1, CASE)),
        ("雞粉908", ("LZ-CE-25", 1, CASE)),
        ("鸡粉908 20箱", ("LZ-CE-25", 20, CASE)),
        ("复合调味汁 500", ("LZ-CO-31", 1, CASE)),
        ("複合調味汁500", ("LZ-CO-31", 1, CASE)),
        ("复合调味汁 500 3", ("LZ-CO-31", 3, CASE)),
        ("岭珠生抽4.9L", ("LZ-SY-15", 1, CASE)),
        ("生抽4.9L", ("LZ-SY-15", 1, CASE)),
        ("4.9L", ("LZ-SY-15", 1, CASE)),
        ("4.9L 2箱", ("LZ-SY-15", 2, CASE)),
        ("蠔油", ("LZ-OY-11", 1, CASE)),
        ("岭珠·蚝油 260g×12", ("LZ-OY-11", 1, CASE)),
        ("岭珠蚝油260g*12", ("LZ-OY-11", 1, CASE)),
        ("廣州-料酒", ("LZ-CW-14", 1, CASE)),
        ("LZ-CE-25 20", ("LZ-CE-25", 20, CASE)),
        ("LZ-CE-25 7桶", ("LZ-CE-25", 7, BOTTLE)),
        ("LZ-CE-25", ("LZ-CE-25", 1, CASE)),
        ("123456", ("123456", 1, CASE)),
        (OF_A_BOTTLE, ("LZ-CE-25", 1, BOTTLE)),
        (f"0{OF_A_BOTTLE}", ("LZ-CE-25", 1, BOTTLE)),
        (OF_A_CASE, ("LZ-CE-25", 1, CASE)),
        (UPC, ("QX-1", 1, BOTTLE)),
        (f"0{UPC}", ("QX-1", 1, BOTTLE)),
        (f"00{UPC}", ("QX-1", 1, BOTTLE)),
    ],
)
def test_enter_takes_what_the_list_shows(shop, typed, line):
    listed = shop.client.get(FIND, {"typed": typed})
    first = listed.context["candidates"][0]
    assert first.sku == line[0]
    assert listed.context["takes_first"]
    page = shop.send(typed=typed)
    assert shop.lines == [line]
    shop.send(shop.form(page), pick=first.value)
    assert len(shop.lines) == 1, "the list's button orders the same"
    assert shop.lines[0][1] == 2 * line[1]


def test_a_scanned_bottle_is_one_bottle_and_another_scan_one_more(shop):
    page = shop.send(typed=OF_A_BOTTLE)
    shop.send(shop.form(page), typed=OF_A_BOTTLE)
    assert shop.lines == [("LZ-CE-25", 2, BOTTLE)]


@pytest.mark.parametrize("typed", ["鸡粉", "鸡粉 9", "剁椒 3箱", "LZ-CE-25 3托", "Ab-7"])
def test_several_meanings_are_asked_for_with_price_and_stock(shop, typed):
    page = shop.send(typed=typed)
    assert shop.lines == []
    assert len(page.context["candidates"]) >= 2
    assert all(one.price and one.stock for one in page.context["candidates"])
    second = page.context["candidates"][1]
    shop.send(shop.form(page), pick=second.value)
    assert [line[0] for line in shop.lines] == [second.sku]


@pytest.mark.parametrize("typed", ["1234", "1234 10", "4006381333931", "没有的货", "生抽王 0", "x" * 199])
def test_what_names_nothing_adds_nothing(shop, typed):
    listed = shop.client.get(FIND, {"typed": typed})
    assert not listed.context["takes_first"] or not listed.context["candidates"]
    page = shop.send(typed=typed)
    assert shop.lines == []
    assert page.context["problems"] or page.context["candidates"]


def test_a_name_and_a_bare_number_are_asked_for_where_the_number_may_be_a_size(shop):
    with tenant_active(shop.tenant):
        add_product(product=Product(sku="LZ-CE-20", name="鸡粉", base_unit="袋"), by=ME, at=AT)
    page = shop.send(typed="鸡粉 908")
    assert [(one.sku, one.quantity) for one in page.context["candidates"][:2]] == [
        ("LZ-CE-25", "1 case = 4 pails"),
        ("LZ-CE-20", "908 bags"),
    ]
    assert shop.lines == []
    shop.send(shop.form(page), typed="鸡粉 20箱")
    assert shop.lines == [], "it is sold in bags only"
    shop.send(shop.form(page), typed="鸡粉 20袋")
    assert shop.lines == [("LZ-CE-20", 20, BOTTLE)]


def test_several_goods_in_the_add_field_are_all_added(shop):
    shop.send(typed="LZ-CE-25 20箱，QX-1 2箱")
    assert shop.lines == [("LZ-CE-25", 20, CASE), ("QX-1", 2, CASE)]
    page = shop.send(shop.form(), typed="QX-1 1箱，没有 2箱")
    assert [row["text"] for row in page.context["problems"]] == ["没有 2箱"]


def test_a_picked_product_that_is_no_more_says_so(shop):
    for pick in ("NOPE\t1箱\t", "LZ-CE-25\t1,5\t", "LZ-CE-25\t\t"):
        page = shop.send(pick=pick)
        assert page.context["problems"]
    assert shop.lines == []


def test_no_list_is_cut_without_a_word(shop):
    with tenant_active(shop.tenant):
        many = [a_product(f"MANY-{n:03}", name=f"海鲜酱{n}号") for n in range(30)]
        for one in many:
            one.search = product_search(one)
            one.save()
        index_products(many)
    listed = shop.client.get(FIND, {"typed": "海鲜酱"})
    assert (len(listed.context["candidates"]), listed.context["more"][:3]) == (8, "22 ")
    page = shop.send(action="paste", pasted="海鲜酱 3箱")
    (row,) = page.context["problems"]
    assert row["more"] == ""
    page = shop.send(action="paste", pasted="海鲜酱 3")
    (row,) = page.context["problems"]
    assert (len(row["candidates"]), row["more"][:3]) == (5, "25 ")
    page = shop.send(action="paste", pasted="\n".join(f"没有{n} 3" for n in range(130)))
    assert (len(page.context["problems"]), page.context["more_problems"]) == (100, 30)


def test_rows_beyond_what_is_searched_say_so(shop, monkeypatch):
    monkeypatch.setattr(product_queries, "MAX_SEARCHED_REFERENCES", 4)
    page = shop.send(action="paste", pasted="\n".join(f"没有{n} 3" for n in range(4)))
    reasons = [row["reason"] for row in page.context["problems"]]
    assert reasons[:2] == ["no product has this SKU, barcode or name"] * 2
    assert reasons[2:] == ["no product is called exactly so; too many such rows to search them all"] * 2


def test_many_lines_take_as_many_statements_as_few(shop):
    counts = []
    for times in (1, 2, 40):
        with CaptureQueriesContext(connection) as asked:
            shop.send(action="paste", pasted="LZ-CE-25 1箱\n鸡粉 2箱\n" * times)
        counts.append(len(asked))
        with tenant_active(shop.tenant):
            Cart.objects.all().delete()
    assert counts[1] == counts[2]


def test_one_gtin_is_one_product(shop):
    with tenant_active(shop.tenant):
        for codes in ([(f"0{UPC}", "")], [("4006381333931", ""), ("04006381333931", "")]):
            with pytest.raises((BadProduct, ProductExists)) as refused, transaction.atomic():
                add_product(product=Product(sku="NEW", name="新品"), barcodes=codes, by=ME, at=AT)
            assert refused.value.field.startswith("barcodes[")
        first = Barcode.objects.get(code=UPC)
        with pytest.raises(IntegrityError), transaction.atomic():
            Barcode.objects.create(product_id=first.product_id, code=f"0{UPC}")


# The other places where goods, partners, contracts and orders are searched


@pytest.mark.parametrize("typed", ["岭珠生抽4.9L", "生抽4.9L", "4.9L", "嶺珠生抽", "岭珠·生抽4.9L"])
def test_the_list_and_the_header_find_a_product(shop, typed):
    with tenant_active(shop.tenant):
        staff = signed_in(a_membership(shop.seller))
    for address in (f"{reverse('products')}?q={typed}", f"{reverse('search')}?q={typed}"):
        assert "LZ-SY-15" in staff.get(address, follow=True).content.decode(), address


@pytest.mark.parametrize("typed", ["廣州", "广州恒丰粮油有限公司", "廣州·恆豐", "HF–0412", "ｈｆ－０４１２"])
def test_a_partner_is_found_and_so_are_its_contracts_and_orders(shop, typed):
    with tenant_active(shop.tenant):
        member = Party(kind="member", code="HF-0412", name="广州恒丰粮油有限公司", parent=shop.buyer)
        add_party(party=member, by=ME, at=AT)
        a_contract(shop.buyer, member, manufacturer=shop.seller, code="C-1")
        order = Trade(shop.seller, member, []).place(("QX-1", 2))
        assert parties_like(Party.objects.all(), typed).get() == member
        staff = signed_in(a_membership(shop.seller))
    assert "C-1" in staff.get(f"{reverse('contracts')}?q={typed}").content.decode()
    if HAN.search(typed):
        assert order.number in staff.get(f"{reverse('orders')}?q={typed}").content.decode()


def test_the_number_of_an_order_is_found_in_any_spelling(shop):
    with tenant_active(shop.tenant):
        number = Trade(shop.seller, shop.buyer, []).place(("QX-1", 2)).number
        staff = signed_in(a_membership(shop.seller))
    wide = "".join(chr(ord(one) + 0xFEE0) for one in number.lower())
    for typed in (number.lower(), number.replace("-", "–"), wide):
        assert number in staff.get(f"{reverse('orders')}?q={typed}").content.decode()
        assert staff.get(f"{reverse('search')}?q={typed}", follow=True).status_code == 200


def test_the_headers_search_says_how_many_more_there_are(shop):
    with tenant_active(shop.tenant):
        index_products([a_product(f"MANY-{n:03}", name="海鲜酱") for n in range(130)])
        staff = signed_in(a_membership(shop.seller, user=a_user(language="en")))
    page = staff.get(f"{reverse('search')}?q=MANY-00")
    assert "more" not in text_of(page)
    assert "At least 80 more" in text_of(staff.get(f"{reverse('search')}?q=海鲜酱"))
    header = staff.get(f"{reverse('search')}?q=MANY-01", headers={"HX-Request": "true"})
    assert "2 more: write more of the name." in text_of(header)


def test_a_list_of_dealers_to_order_for_is_not_cut_without_a_word(shop):
    with tenant_active(shop.tenant):
        index_parties([a_party(parent=shop.seller, name=f"恒丰{n}") for n in range(25)])
        staff = signed_in(a_membership(shop.seller, user=a_user(language="en")))
    assert "5 more dealers" in text_of(staff.get(f"{NEW}?q=恆豐"))


def test_the_keys_of_a_product_follow_its_name_and_its_sku(shop):
    with tenant_active(shop.tenant):
        Product.objects.bulk_create([Product(sku="Ｂ–1", name="嶺珠 生抽")])
        assert Product.objects.filter(sku_key="b-1", name_key="岭珠生抽").exists()
        Product.objects.filter(sku="Ｂ–1").update(name_key="", search="")
        reindex_products()
        assert Product.objects.filter(name_key="岭珠生抽", search__contains="生抽").exists()
        Party.objects.filter(id=shop.buyer.id).update(search="")
        reindex_parties()
        assert Party.objects.get(id=shop.buyer.id).search


# The files from real life


@pytest.mark.skipif(not CASES.is_dir(), reason="the files from real life lie beside the project")
@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("q45-paste-lines.txt", [("LZ-CE-25", 503, BOTTLE)]),
        ("q46-same-sku-two-spellings.txt", [("QX-1", 8, CASE)]),
    ],
)
def test_the_lines_of_real_chats_are_read(shop, name, lines):
    page = shop.send(action="paste", pasted=(CASES / name).read_text("utf-8"))
    assert page.context["problems"] == []
    assert shop.lines == lines


def test_a_pasted_name_with_a_bare_number_is_asked_for_as_in_the_add_field(shop):
    with tenant_active(shop.tenant):
        add_product(product=Product(sku="LZ-CE-20", name="鸡粉", base_unit="袋"), by=ME, at=AT)
    page = shop.send(action="paste", pasted="鸡粉 908\n鸡粉 3\nQX-1 2")
    assert "LZ-CE-25" in str(page.context["problems"])
    assert len(page.context["problems"]) == 1
    assert shop.lines == [("LZ-CE-20", 3, BOTTLE), ("QX-1", 2, CASE)]
