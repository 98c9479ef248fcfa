"""Tables as people make them, uploaded or pasted on the page of the quick order, and what is ordered of them.

LZ-CE-25 and LZ-CE-35 are sold by the bucket (桶) and the case (箱, 4 buckets); ONE-1 and ONE-2 have one unit.
"""

import io
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import gettext

from catalogue.models import Barcode, Unit
from ordering.models import Cart
from ordering.queries.quick_order.drafts import cart_lines
from tenancy.context import tenant_active
from tests.ordering.trade import a_trade
from tests.people import a_membership, signed_in

pytestmark = pytest.mark.django_db
PRICE = reverse("order-new-price")
GOODS = {
    "LZ-CE-25": ("岭珠蚝油2.5kg", "6901234567892"),
    "LZ-CE-35": ("岭珠蚝油3.5kg", "6909999999999"),
    "ONE-1": ("鸡粉 一号", ""),
    "ONE-2": ("鸡粉 二号", ""),
}


@pytest.fixture
def purchaser(acme):
    with tenant_active(acme):
        trade = a_trade(dict.fromkeys(GOODS, "60.00"), on_hand=1_000_000)
        for product in trade.products:
            product.name, code = GOODS[product.sku]
            product.base_unit = "桶"
            product.save()
            if code:
                Unit.objects.create(product=product, name="箱", factor=4)
                Barcode.objects.create(product=product, code=code)
        return signed_in(a_membership(trade.buyer))


def xlsx(rows):
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    for line, row in enumerate(rows):
        for place, cell in enumerate(row):
            sheet.write(line, place, cell)
    book.close()
    return SimpleUploadedFile("order.xlsx", file.getvalue())


def csv(text, encoding="utf-8"):
    return SimpleUploadedFile("order.csv", text.encode(encoding))


def upload(client, file):
    return client.post(PRICE, {"action": "paste", "file": file}, follow=True)


def paste(client, text):
    return client.post(PRICE, {"action": "paste", "pasted": text}, follow=True)


def ordered(acme):
    with tenant_active(acme):
        cart = Cart.objects.first()
        return {line.sku: (line.qty, line.unit) for line in cart_lines(cart)} if cart else {}


CASES_20, TWO = {"LZ-CE-25": (20, "箱")}, {"LZ-CE-25": (20, "箱"), "LZ-CE-35": (10, "箱")}
ONE_20 = {"ONE-1": (20, "")}
TABLES: dict[str, tuple[list[list[Any]], dict[str, tuple[int, str]]]] = {
    "a unit column after the quantity": ([["商品编码", "数量", "单位"], ["LZ-CE-25", 20, "箱"]], CASES_20),
    "a unit column before the quantity": ([["商品编码", "单位", "数量"], ["LZ-CE-25", "箱", 20]], CASES_20),
    "a unit column far from the quantity": (
        [["单位", "规格", "商品编码", "品名", "数量"], ["箱", "1x4", "LZ-CE-25", "蚝油", 20]],
        CASES_20,
    ),
    "a unit in round brackets": ([["编码", "数量（箱）"], ["LZ-CE-25", 20]], CASES_20),
    "a unit in square brackets": ([["编码", "数量[箱]"], ["LZ-CE-25", 20]], CASES_20),
    "a unit in black brackets": ([["编码", "数量【箱】"], ["LZ-CE-25", 20]], CASES_20),
    "a unit after a slash": ([["编码", "数量/箱"], ["LZ-CE-25", 20]], CASES_20),
    "a unit with its word": ([["编码", "数量(单位:箱)"], ["LZ-CE-25", 20]], CASES_20),
    "a unit on a second line of the heading": ([["编码", "订货数量\n(箱)"], ["LZ-CE-25", 20]], CASES_20),
    "a unit that is the heading": ([["商品编码", "箱"], ["LZ-CE-25", 20]], CASES_20),
    "cases to order": ([["编码", "订货箱数"], ["LZ-CE-25", 20]], CASES_20),
    "cases and loose ones": ([["编码", "箱数", "散数"], ["LZ-CE-25", 5, 3]], {"LZ-CE-25": (23, "")}),
    "cases and buckets": ([["编码", "箱数", "桶数"], ["LZ-CE-25", 5, 3]], {"LZ-CE-25": (23, "")}),
    "cases without loose ones": ([["编码", "箱数", "散数"], ["LZ-CE-25", 5, ""]], {"LZ-CE-25": (5, "箱")}),
    "loose ones alone": ([["编码", "箱数", "散数"], ["LZ-CE-25", "", 3]], {"LZ-CE-25": (3, "")}),
    "a quantity with its unit": ([["品名", "数量"], ["岭珠蚝油2.5kg", "20箱"]], CASES_20),
    "a quantity with two units": ([["编码", "数量"], ["LZ-CE-25", "5箱3桶"]], {"LZ-CE-25": (23, "")}),
    "a quantity in Chinese numerals": ([["编码", "数量"], ["LZ-CE-25", "二十箱"]], CASES_20),
    "a quantity of full width": ([["编码", "数量"], ["LZ-CE-25", "２０箱"]], CASES_20),
    "a quantity with thousands": ([["编码", "数量"], ["ONE-1", "1,200"]], {"ONE-1": (1200, "")}),
    "a whole quantity with places": ([["编码", "数量"], ["ONE-1", "20.00"]], ONE_20),
    "a quantity with a sign of times": ([["编码", "数量"], ["ONE-1", "×20"]], ONE_20),
    "a unit with the quantity beside another column": (
        [["编码", "数量", "单位"], ["LZ-CE-25", "20箱", "桶"]],
        CASES_20,
    ),
    "English headings": ([["Item Code", "Order Qty", "UOM"], ["LZ-CE-25", 20, "箱"]], CASES_20),
    "English headings with signs": ([["*SKU:", "Qty."], ["ONE-1", 20]], ONE_20),
    "English headings with lines below": ([["product_name", "order_quantity"], ["鸡粉 一号", 20]], ONE_20),
    "traditional characters": ([["商品編碼", "單位", "數量"], ["LZ-CE-25", "箱", 20]], CASES_20),
    "a barcode": ([["条码", "数量(箱)"], ["6901234567892", 20]], CASES_20),
    "a barcode as a number": ([["条形码", "单位", "数量"], [6901234567892, "箱", 20]], CASES_20),
    "a barcode where the code is blank": (
        [["货号", "商品条码", "数量(箱)"], ["", "6901234567892", 20], ["LZ-CE-35", "", 10]],
        TWO,
    ),
    "a serial number that is called a number": (
        [["编号", "商品编码", "数量(箱)"], [1, "LZ-CE-25", 20], [2, "LZ-CE-35", 10]],
        TWO,
    ),
    "serial number, price and amount": (
        [["序号", "货号", "品名", "数量(箱)", "单价(元/箱)", "金额"], [1, "LZ-CE-25", "蚝油", 20, 240, 4800]],
        CASES_20,
    ),
    "stock, minimum and pack size": (
        [["货号", "库存数量", "起订数量", "装箱数", "订货数量(箱)"], ["LZ-CE-25", 900, 5, 4, 20]],
        CASES_20,
    ),
    "a remark that is a number": ([["货号", "数量(箱)", "备注"], ["LZ-CE-25", 20, 3]], CASES_20),
    "a date of delivery": ([["货号", "到货日期", "数量(箱)"], ["LZ-CE-25", "2026-07-01", 20]], CASES_20),
    "headings in two rows": (
        [["商品编码", "品名", "订货数量", ""], ["", "", "箱", "桶"], ["LZ-CE-25", "蚝油", 5, 3]],
        {"LZ-CE-25": (23, "")},
    ),
    "headings under titles": (
        [
            ["岭珠食品订货单"],
            ["客户", "佳谷商贸", "日期", "2026-06-01"],
            [],
            ["商品编码", "数量(箱)"],
            ["LZ-CE-25", 20],
        ],
        CASES_20,
    ),
    "totals below": ([["商品编码", "数量(箱)"], ["LZ-CE-25", 20], ["合计:", 20], ["总计", 20]], CASES_20),
    "twice the same product": ([["商品编码", "数量(箱)"], ["LZ-CE-25", 15], ["LZ-CE-25", 5]], CASES_20),
    "twenty columns before the quantity": (
        [["商品编码", *[f"备注{n}" for n in range(20)], "数量(箱)"], ["LZ-CE-25", *[7] * 20, 20]],
        CASES_20,
    ),
    "no headings, one column of numbers": ([["LZ-CE-25", "20", "箱"], ["LZ-CE-35", "10", "箱"]], TWO),
}


@pytest.mark.parametrize("name", TABLES)
def test_an_uploaded_table_is_read_by_its_headings(acme, purchaser, name):
    rows, expected = TABLES[name]
    page = upload(purchaser, xlsx(rows))
    assert page.status_code == 200
    assert (ordered(acme), page.context["problems"], page.context["question"]) == (expected, [], None)


@pytest.mark.parametrize(
    "name", [name for name, (rows, _found) in TABLES.items() if all(rows) and "" not in rows[0]]
)
def test_a_pasted_table_is_read_by_its_headings(acme, purchaser, name):
    rows, expected = TABLES[name]
    width = max(map(len, rows))
    cells = [[str(cell).replace("\n", " ") for cell in [*row, *[""] * (width - len(row))]] for row in rows]
    paste(purchaser, "\n".join("\t".join(row) for row in cells))
    assert ordered(acme) == expected


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("商品编码,数量(箱)\nLZ-CE-25,20\n", "utf-8"),
        ("\ufeff商品编码,数量(箱)\r\nLZ-CE-25,20\r\n", "utf-8"),
        ("商品编码;数量(箱)\nLZ-CE-25;20\n", "utf-8"),
        ("商品编码\t数量(箱)\nLZ-CE-25\t20\n", "utf-8"),
        ("商品编码,数量(箱)\nLZ-CE-25,20\n", "gb18030"),
        ('商品编码,单价,"数量(箱)"\nLZ-CE-25,"1,200.00",20\n', "gb18030"),
        ("订货单\n\n商品编码,品名,数量（箱）\nLZ-CE-25,蚝油,20\n", "utf-8"),
    ],
)
def test_a_csv_file_is_read_by_its_headings(acme, purchaser, text, encoding):
    upload(purchaser, csv(text, encoding))
    assert ordered(acme) == CASES_20


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("1,5", "the quantity has more than one meaning: write 1,200 or 15"),
        ("1,2,3", "the quantity has more than one meaning: write 1,200 or 15"),
        ("1e3", "the quantity has more than one meaning: write 1,200 or 15"),
        (1.5, "the quantity is no whole number"),
        (-3, "the quantity is not above zero"),
        ("很多", "the quantity is no whole number"),
        (10**12, "the quantity is too large"),
        ("20托", "it is not sold in this unit; there is %(found)s"),
    ],
)
def test_a_quantity_that_cannot_be_read_is_named_by_its_row(acme, purchaser, cell, reason):
    page = upload(purchaser, xlsx([["订货单"], ["商品编码", "数量"], ["LZ-CE-25", cell], ["ONE-1", 20]]))
    (problem,) = page.context["problems"]
    words = gettext(reason).partition("%")[0]
    assert (problem["number"], problem["reason"].startswith(words)) == (3, True), problem["reason"]
    assert ordered(acme) == ONE_20


def test_blank_and_zero_quantities_are_counted_in_one_line(acme, purchaser):
    rows = [["商品编码", "数量(箱)"], ["LZ-CE-25", 20], ["LZ-CE-35", ""], ["ONE-1", 0], ["ONE-2", "0箱"]]
    page = upload(purchaser, xlsx(rows))
    assert "3 行没有数量" in page.content.decode()
    assert (ordered(acme), page.context["problems"]) == (CASES_20, [])


UNCLEAR = {
    "two columns of numbers": [["LZ-CE-25", 240, 20], ["LZ-CE-35", 250, 10]],
    "a price with places": [["LZ-CE-25", "239.50", 20], ["LZ-CE-35", "面议", 10]],
    "a size before the quantity": [["LZ-CE-25", "2.5kg", 20], ["LZ-CE-35", "3.5kg", 10]],
    "headings of another trade": [["东西", "钱", "几个"], ["LZ-CE-25", 240, 20], ["LZ-CE-35", 250, 10]],
    "two columns of quantities": [["货号", "数量", "订货数量"], ["LZ-CE-25", 240, 20], ["LZ-CE-35", 250, 10]],
    "a count beside a quantity": [["货号", "件数", "数量"], ["LZ-CE-25", 240, 20], ["LZ-CE-35", 250, 10]],
}


@pytest.mark.parametrize("name", UNCLEAR)
def test_a_person_is_asked_which_column_is_which_and_goes_on_with_the_same_upload(acme, purchaser, name):
    page = upload(purchaser, xlsx([[*row, "箱"] for row in UNCLEAR[name]]))
    question = page.context["question"]
    assert ordered(acme) == {}, "nothing is guessed"
    assert question["columns"][0].values[0] == "LZ-CE-25"
    assert "20" in page.content.decode()
    answer = {"column-0": "sku", "column-2": "quantity", "column-3": "unit"}
    sent = {"action": "columns", "table": question["table"], "headings_at": question["headings_at"]}
    page = purchaser.post(PRICE, sent | answer, follow=True)
    assert (ordered(acme), page.context["problems"], page.context["question"]) == (TWO, [], None)


def test_a_serial_number_without_headings_is_asked_about(acme, purchaser):
    page = upload(purchaser, xlsx([[1, "LZ-CE-25", 20], [2, "LZ-CE-35", 10]]))
    assert page.context["question"] is not None
    assert ordered(acme) == {}


def test_a_pasted_table_is_asked_about_too(acme, purchaser):
    page = paste(purchaser, "LZ-CE-25\t240\t20\nLZ-CE-35\t250\t10")
    question = page.context["question"]
    sent = {"action": "columns", "table": question["table"], "headings_at": question["headings_at"]}
    purchaser.post(PRICE, sent | {"column-0": "sku", "column-2": "quantity", "column-1": ""})
    assert set(ordered(acme)) == {"LZ-CE-25", "LZ-CE-35"}


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"column-0": "sku"},
        {"column-2": "quantity"},
        {"column-0": "sku", "column-1": "quantity", "column-2": "quantity"},
        {"column-0": "sku", "column-1": "sku", "column-2": "quantity"},
        {"column-0": "nonsense", "column-2": "quantity"},
    ],
)
def test_an_answer_without_product_or_quantity_is_asked_again(acme, purchaser, answer):
    question = upload(purchaser, xlsx([["LZ-CE-25", 240, 20]])).context["question"]
    sent = {"action": "columns", "table": question["table"], "headings_at": question["headings_at"]}
    page = purchaser.post(PRICE, sent | answer, follow=True)
    assert page.context["question"]["error"]
    assert page.context["question"]["table"] == question["table"]
    assert ordered(acme) == {}


def test_a_question_stays_while_the_draft_is_changed_and_goes_when_it_is_left_out(acme, purchaser):
    question = upload(purchaser, xlsx([["LZ-CE-25", 240, 20]])).context["question"]
    kept = {"table": question["table"], "headings_at": question["headings_at"], "column-2": "quantity"}
    page = purchaser.post(PRICE, kept | {"action": "price"}, headers={"HX-Request": "true"})
    assert [column.chosen for column in page.context["question"]["columns"]] == ["", "", "quantity"]
    page = purchaser.post(PRICE, kept | {"action": "leave"}, headers={"HX-Request": "true"})
    assert page.context["question"] is None


def test_a_draft_is_not_placed_while_a_table_waits(acme, purchaser):
    question = upload(purchaser, xlsx([["LZ-CE-25", 240, 20]])).context["question"]
    page = purchaser.post(reverse("order-new-place"), {"action": "place", "table": question["table"]})
    assert page.status_code == 422
    assert page.context["question"] is not None


def test_a_computed_quantity_is_confirmed_after_the_question_too(acme, purchaser):
    question = upload(purchaser, xlsx([["LZ-CE-25", 240, "=10*2"], ["ONE-1", 250, 20]])).context["question"]
    sent = {"action": "columns", "table": question["table"], "headings_at": question["headings_at"]}
    page = purchaser.post(PRICE, sent | {"column-0": "sku", "column-2": "quantity"}, follow=True)
    assert ordered(acme) == ONE_20
    assert [problem["number"] for problem in page.context["problems"]] == [1]
