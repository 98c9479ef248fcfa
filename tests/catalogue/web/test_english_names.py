"""The tenant's own nouns have English names of their own, which every door says to an English reader."""

import pytest
from django.utils.translation import override

from catalogue.models import Brand, Category, UnitName
from catalogue.queries import forget_unit_names
from dealers.models import Channel, Tier
from tenancy.context import tenant_active
from tests.api_client import ApiClient
from tests.factories import a_manufacturer, a_party, a_product
from tests.people import a_member_of, a_user, signed_in
from ui.models import local_name
from ui.web.local_names import unit_name

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def read_again(acme):
    """The process remembers the names of units beyond the test that stored them."""
    with tenant_active(acme):
        forget_unit_names()
    yield
    with tenant_active(acme):
        forget_unit_names()


@pytest.fixture
def maker(acme):
    with tenant_active(acme):
        maker = a_manufacturer()
        channel = Channel.objects.create(code="CY", name="餐饮", name_en="Food service")
        tier = Tier.objects.create(code="core", name="核心", name_en="Core", from_score=80)
        a_party(parent=maker, code="D1", channel=channel, tier=tier)
        soy = Category.objects.create(code="SY", name="酱油", name_en="Soy sauce")
        a_product("SOY", category=soy, brand=Brand.objects.create(name="岭珠"), base_unit="提桶")
        UnitName.objects.create(name="提桶", name_en="drum", plural_en="drums")
        return maker


def test_a_blank_english_name_leaves_the_stored_one(acme, maker):
    with tenant_active(acme):
        brand, tier = Brand.objects.get(), Tier.objects.get()
        with override("en"):
            assert (str(brand), str(tier), local_name(None)) == ("岭珠", "Core", "")
        with override("zh-hans"):
            assert (str(brand), str(tier)) == ("岭珠", "核心")


def test_the_tenants_own_units_come_before_the_usual_words(acme, maker):
    with tenant_active(acme), override("en"):
        assert [unit_name("提桶"), unit_name("提桶", 2), unit_name("瓶", 2)] == ["drum", "drums", "bottles"]
        UnitName.objects.create(name="瓶", name_en="flask")
        assert unit_name("瓶", 2) == "bottles"  # read once a minute
        forget_unit_names()
        assert unit_name("瓶", 2) == "flask"


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("Soy sauce", "drum", "岭珠")), ("zh-hans", ("酱油", "提桶", "岭珠"))]
)
def test_the_list_of_products_is_in_the_language_of_the_reader(acme, maker, language, words):
    page = signed_in(a_member_of(acme, user=a_user(language=language))).get("/products").content.decode()
    assert all(word in page for word in words)


def test_the_api_has_the_names_in_the_language_asked_for(acme, maker):
    client = ApiClient(acme, maker, "director")
    (product,) = client.get("products").json()["results"]
    assert (product["category"], product["category_name"], product["brand_name"]) == ("SY", "酱油", "岭珠")
    assert product["base_unit_name"] == "提桶"
    party = next(one for one in client.get("parties").json()["results"] if one["code"] == "D1")
    assert (party["tier_name"], party["channel_name"]) == ("核心", "餐饮")


def test_the_admin_edits_the_names_of_units(acme, maker):
    director = signed_in(a_member_of(acme))
    answer = director.post(
        "/admin/catalogue/unitname/add/", {"name": "托", "name_en": "pallet", "plural_en": ""}
    )
    assert answer.status_code == 302
    with tenant_active(acme), override("en"):
        assert unit_name("托", 3) == "pallet"
