"""Two people who edit one brand, category or tax class see each other's change."""

import re

import pytest
from django.urls import reverse

from catalogue.models import Brand, Category, CategoryAttribute, TaxClass
from tests.scene import Scene, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(acme):
    found = Scene(acme)
    with found.inside():
        found.brand = Brand.objects.create(name="Old")
        found.category = Category.objects.create(code="SAUCE", name="Sauce")
        CategoryAttribute.objects.create(category=found.category, name="Shelf life", kind="text", position=0)
        found.tax = TaxClass.objects.create(code="T13", name="13")
    return found


def version_of(page):
    return re.findall(r'name="version" value="([^"]*)"', page.content.decode())[0]


def edit(scene, url, data, version):
    return scene.director.post(url, data | {"version": version})


def test_a_brand_is_saved_over_the_version_that_was_displayed(scene):
    url = reverse("brand", args=[scene.brand.id])
    version = version_of(scene.director.get(url))
    with scene.inside():
        Brand.objects.filter(id=scene.brand.id).update(name="Theirs")
    page = edit(scene, url, {"name": "Mine"}, version)
    assert "Someone else changed this meanwhile" in text_of(page)
    assert "Theirs" in text_of(page)
    with scene.inside():
        assert Brand.objects.get(id=scene.brand.id).name == "Theirs"
    assert edit(scene, url, {"name": "Mine"}, version_of(page)).status_code == 302
    with scene.inside():
        assert Brand.objects.get(id=scene.brand.id).name == "Mine"


def test_a_changed_attribute_is_a_conflict_of_its_category_and_what_was_typed_stays(scene):
    url = reverse("category", args=[scene.category.id])
    version = version_of(scene.director.get(url))
    with scene.inside():
        CategoryAttribute.objects.filter(category=scene.category).update(unit="months")
    typed = {
        "code": "SAUCE",
        "name": "Sauces",
        "attribute_name": ["Typed here"],
        "attribute_kind": ["text"],
        "attribute_unit": [""],
        "attribute_choices": [""],
    }
    page = edit(scene, url, typed, version)
    assert "Someone else changed this meanwhile" in text_of(page)
    assert "Typed here" in page.content.decode()
    with scene.inside():
        assert CategoryAttribute.objects.get(category=scene.category).name == "Shelf life"


def test_a_tax_class_too(scene):
    url = reverse("tax-class", args=[scene.tax.id])
    version = version_of(scene.director.get(url))
    with scene.inside():
        TaxClass.objects.filter(id=scene.tax.id).update(name="13 %")
    page = edit(scene, url, {"code": "T13", "name": "mine"}, version)
    assert "Someone else changed this meanwhile" in text_of(page)


def test_a_refused_name_leaves_the_form_on_its_version(scene):
    with scene.inside():
        Brand.objects.create(name="Taken")
    url = reverse("brand", args=[scene.brand.id])
    version = version_of(scene.director.get(url))
    page = edit(scene, url, {"name": "Taken"}, version)
    assert (page.status_code, version_of(page)) == (422, version)


def test_a_new_brand_needs_no_version(scene):
    assert scene.director.post(reverse("brand-new"), {"name": "New"}).status_code == 302
