"""The pages of products, portfolios, trials and ideas, as the director and a dealer use them."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from assortment.models import ChannelPortfolio, Idea, Trial
from catalogue.models import (
    Barcode,
    Brand,
    Category,
    CategoryAttribute,
    Portfolio,
    Product,
    ProductAttribute,
    ProductPicture,
    TaxClass,
)
from tenancy.context import active_tenant_id, enter_tenant, has_active_tenant
from tests.catalogue.test_pictures import drawn
from tests.factories import a_category, a_channel, a_manufacturer, a_party, a_product
from tests.people import a_membership, signed_in

pytestmark = pytest.mark.django_db


class Desk:
    """A signed-in browser; after each request the tenant is entered again, to read its rows."""

    def __init__(self, party):
        self.client, self.tenant_id = signed_in(a_membership(party)), active_tenant_id()

    def get(self, *given):
        return self._read(self.client.get(*given))

    def post(self, *given, **more):
        return self._read(self.client.post(*given, **more))

    def _read(self, response):
        if not has_active_tenant():
            enter_tenant(self.tenant_id)
        return response


@pytest.fixture
def director(in_acme):
    return Desk(a_manufacturer())


@pytest.fixture
def dealer(director):
    return Desk(a_party(code="D1"))


def test_a_product_is_written_shown_and_moved(director):
    category = a_category()
    form = {
        "sku": "N1",
        "name": "新生抽",
        "stage": "active",
        "category": str(category.id),
        "base_unit": "瓶",
        "tax_rate": "１３%",
        "units": "箱 １２",
        "barcodes": "16901234567899 箱",
    }
    assert director.post("/products/new", form | {"barcodes": "6901234567890"}).status_code == 422
    assert director.post("/products/new", form | {"tax_rate": "13"}).status_code == 422
    made = director.post("/products/new", form)
    product = Product.objects.get()
    assert made["Location"] == f"/products/{product.id}"
    assert Barcode.objects.get().unit.factor == 12
    attribute = CategoryAttribute.objects.create(category=category, name="保质期", kind="number")
    del form["stage"]
    edited = director.post(f"/products/{product.id}/edit", form | {f"attribute-{attribute.id}": "540"})
    assert edited.status_code == 302
    assert ProductAttribute.objects.get().value == "540"
    moved = director.post(f"/products/{product.id}/stage", {"stage": "ending", "reason": "换新"}, follow=True)
    assert "换新" in moved.content.decode()
    assert Product.objects.get().stage == "ending"
    for page in (f"/products/{product.id}/edit", "/products/new", "/products"):
        assert director.get(page).status_code == 200


def test_a_planned_product_lists_what_it_overlaps(director):
    category = a_category()
    a_product("S1", name="金标生抽500ml", category=category)
    planned = a_product("N1", name="金标生抽500ml 新", category=category, stage="development")
    assert "S1" in director.get(f"/products/{planned.id}").content.decode()


def test_a_product_in_development_is_hidden_from_partners(dealer):
    planned = a_product("N1", stage="development")
    assert dealer.get(f"/products/{planned.id}").status_code == 404
    assert "N1" not in dealer.get("/products").content.decode()


def test_a_picture_is_uploaded_and_served_with_its_type(director, dealer):
    product = a_product()
    file = SimpleUploadedFile("a.exe", drawn())
    assert director.post(f"/products/{product.id}/pictures", {"file": file}).status_code == 302
    picture = ProductPicture.objects.get()
    sent = dealer.get(f"/product-pictures/{picture.id}/small")
    assert (sent["Content-Type"], sent["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert dealer.get(f"/product-pictures/{picture.id}/huge").status_code == 404
    assert f"{picture.id}/small" in dealer.get("/products").content.decode()
    assert dealer.post(f"/products/{product.id}/pictures", {"file": file}).status_code == 403
    director.post(f"/products/{product.id}/pictures/remove", {"picture": str(picture.id)})
    assert not ProductPicture.objects.exists()
    bad = SimpleUploadedFile("a.png", b"<svg onload=alert(1)>")
    director.post(f"/products/{product.id}/pictures", {"file": bad})
    assert not ProductPicture.objects.exists()


def test_a_portfolio_is_made_filled_and_emptied(director, dealer):
    a_product("A-1")
    a_product("A-2")
    a_channel("hotel")
    form = {"code": "H", "name": "餐饮", "channels": ["hotel"], "until": "2027-12-31"}
    director.post("/portfolios/new", form)
    portfolio = Portfolio.objects.get()
    assert f"{portfolio.until}" == "2028-01-01"
    assert ChannelPortfolio.objects.get().channel.code == "hotel"
    table = SimpleUploadedFile("p.csv", "商品编码,名称\nA-2,x\n".encode())
    sent = {"products": "A-1\nnothing", "file": table}
    page = director.post(f"/portfolios/{portfolio.id}/add", sent, follow=True).content.decode()
    assert "nothing" in page
    assert portfolio.products.count() == 2
    director.post(f"/portfolios/{portfolio.id}/remove", {"sku": ["A-1"]})
    assert portfolio.products.count() == 1
    assert director.get("/portfolios").status_code == 200
    assert dealer.get("/portfolios").status_code == 403


def test_a_trial_runs_from_its_form_to_its_verdict(director, dealer):
    a_product("N1", stage="development")
    today = timezone.localdate()
    form = {
        "sku": "N1",
        "purpose": "卖得动吗",
        "starts_on": f"{today}",
        "until": f"{today + timedelta(days=30)}",
        "parties": "D1 ２4",
    }
    assert director.post("/trials/new", form | {"parties": "D1 lots"}).status_code == 422
    assert director.post("/trials/new", form | {"parties": "nobody"}).status_code == 422
    director.post("/trials/new", form)
    trial = Trial.objects.get()
    scores = {"quality": "5", "packaging": "4", "price": "3", "demand": "4"}
    here = f"/trials/{trial.id}"
    assert dealer.get(here).status_code == 200
    dealer.post(f"{here}/answer", scores | {"quality": "9"})
    assert trial.parties.get().answered_at is None
    dealer.post(f"{here}/answer", scores | {"comment": "好卖"})
    assert "好卖" in director.get(here).content.decode()
    other = Desk(a_party(code="D2"))
    assert other.get(here).status_code == 404
    last = f"{today + timedelta(days=60)}"
    director.post(f"{here}/decide", {"verdict": "extend", "reason": "慢", "until": last})
    director.post(f"{here}/decide", {"verdict": "launch", "reason": "卖得动"})
    assert Product.objects.get().stage == "active"
    for client in (director, dealer):
        assert client.get(here).status_code == client.get("/trials").status_code == 200


def test_an_idea_is_submitted_voted_for_and_answered(director, dealer):
    dealer.post("/ideas/new", {"title": "小瓶", "text": "外卖"})
    idea = Idea.objects.get()
    other = Desk(a_party("member"))
    other.post(f"/ideas/{idea.id}/vote", {"vote": "yes"})
    assert idea.votes.count() == 2
    assert dealer.get(f"/ideas/{idea.id}").status_code == dealer.get("/ideas").status_code == 200
    answer = {"state": "taken_up", "answer": "开发", "sku": "N2", "name": "小瓶"}
    made = director.post(f"/ideas/{idea.id}/answer", answer)
    assert made["Location"] == f"/products/{Product.objects.get().id}"
    assert other.get(f"/ideas/{idea.id}").status_code == 200


def test_master_data_is_written_on_its_pages(director):
    director.post("/master-data/brands/new", {"name": "岭珠"})
    attributes = {
        "attribute_name": ["包装", ""],
        "attribute_kind": ["choice", "text"],
        "attribute_unit": ["", ""],
        "attribute_choices": ["瓶、袋", ""],
    }
    director.post("/master-data/categories/new", {"code": "soy", "name": "酱油"} | attributes)
    director.post("/master-data/tax-classes/new", {"code": "food", "name": "食品"})
    taxed = TaxClass.objects.get()
    director.post(
        f"/master-data/tax-classes/{taxed.id}/rates", {"starts_on": f"{timezone.localdate()}", "rate": "9%"}
    )
    assert f"{taxed.rates.get().rate}" == "0.0900"
    assert CategoryAttribute.objects.get().options == ["瓶", "袋"]
    pages = (
        "/master-data",
        f"/master-data/brands/{Brand.objects.get().id}",
        f"/master-data/categories/{Category.objects.get().id}",
        f"/master-data/tax-classes/{taxed.id}",
    )
    assert [director.get(page).status_code for page in pages] == [200] * 4
    assert director.post("/master-data/brands/new", {"name": "岭珠"}).status_code == 422
