"""The export of the products is an order form: filled with quantities it is uploaded as an order."""

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts.models import User
from catalogue.models import Barcode, Unit
from jobs.models import Job
from jobs.operations.jobs import run_job
from ordering.models import Cart
from ordering.queries.quick_order.drafts import cart_lines
from tenancy.context import tenant_active
from tests.ordering.trade import a_trade
from tests.people import a_membership, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def var_dir(tmp_path):
    with override_settings(VAR_DIR=tmp_path):
        yield


@pytest.fixture
def client(acme):
    with tenant_active(acme):
        trade = a_trade({"-A1": "60.00", "B2": "60.00", "C3": "60.00"}, on_hand=1000)
        _dash, cased, _plain = sorted(trade.products, key=lambda product: product.sku)
        for name, factor in (("盘", 40), ("箱", 4)):
            Unit.objects.create(product=cased, name=name, factor=factor)
        Barcode.objects.create(product=cased, code="6901234567892", unit=Unit.objects.get(name="箱"))
        Barcode.objects.create(product=cased, code="6909999999999")
        return signed_in(a_membership(trade.buyer))


def exported(acme, client, language, query=""):
    with tenant_active(acme):
        User.objects.update(language=language)
    client.post(f"{reverse('products')}?{query}", {"action": "export"})
    with tenant_active(acme):
        job = Job.objects.get(kind="export")
    run_job(tenant_id=acme.id, job_id=job.id)
    content = client.get(f"/jobs/{job.id}/file").getvalue()
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def uploaded(client, rows):
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    for line, row in enumerate(rows):
        sheet.write_row(line, 0, row)
    book.close()
    sent = {"action": "paste", "file": SimpleUploadedFile("form.xlsx", file.getvalue())}
    return client.post(reverse("order-new-price"), sent, follow=True)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("query", ["", "cols=name,base_unit,category,stage,tax_rate"])
def test_the_export_is_filled_with_quantities_and_uploaded_as_an_order(acme, client, language, query):
    rows = exported(acme, client, language, query)
    headings, *goods = rows
    assert len(headings) == len(set(headings))
    assert [(row[0], row[1], row[-2], row[-1]) for row in goods] == [
        ("'-A1", "", "瓶", ""),
        ("B2", "6909999999999", "箱", ""),
        ("C3", "", "瓶", ""),
    ]
    goods[0][-1], goods[1][-1] = 7, 20
    page = uploaded(client, rows)
    assert (page.context["problems"], page.context["question"]) == ([], None)
    with tenant_active(acme):
        lines = {line.sku: (line.qty, line.unit) for line in cart_lines(Cart.objects.get())}
    assert lines == {"-A1": (7, ""), "B2": (20, "箱")}
    assert ("1 行没有数量" if language == "zh-hans" else "1 row without a quantity") in page.content.decode()
