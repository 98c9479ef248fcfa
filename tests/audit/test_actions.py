"""The words of the trail: each action has its own label in both languages."""

import re
from collections import Counter
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db.models import TextChoices
from django.utils import translation

from accounts.rights import the_system
from audit import registry
from audit.models import AuditEntry
from audit.operations.recording import UnregisteredAction, record
from audit.queries import trail
from audit.registry import action_label, registered_actions
from catalogue.audit_actions import ProductAction
from catalogue.models import Product
from tenancy.rooms import registered
from tests.factories import a_product
from tests.ordering.trade import AT, LATER

CHINESE = re.compile("[\u4e00-\u9fff]")


class Stray(TextChoices):
    ADD = "stray.add", "added"


class Twice(TextChoices):
    ADD = "product.add", "added again"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_action_has_a_label_of_its_own_in_both_languages(language):
    with translation.override(language):
        labels = {action: action_label(action) for action in registered_actions()}
    assert len(labels) > 50
    assert [label for label, times in Counter(labels.values()).items() if times > 1] == []
    is_chinese = {action: bool(CHINESE.search(label)) for action, label in labels.items()}
    assert set(is_chinese.values()) == {language == "zh-hans"}


def test_the_trades_own_words_are_used():
    with translation.override("zh-hans"):
        words = [action_label(f"order.{verb}") for verb in ("place", "confirm", "approve", "ship", "deliver")]
    assert words == ["下单", "确认订单", "价格审批通过", "发货", "签收"]


def test_stored_values_name_a_noun_and_a_verb():
    assert [action for action in registered_actions() if not re.fullmatch(r"[a-z_]+\.[a-z_]+", action)] == []


def test_two_rooms_cannot_register_the_same_action(monkeypatch):
    config = apps.get_app_config("dealers")
    monkeypatch.setattr(config, "audit_actions", (*config.audit_actions, Twice))
    monkeypatch.setattr(registry, "registered", registered.__wrapped__)
    with pytest.raises(ImproperlyConfigured, match=r"product\.add"):
        registered_actions.__wrapped__()


@pytest.mark.django_db
def test_an_action_that_no_room_registered_is_refused(in_acme):
    with pytest.raises(UnregisteredAction):
        record(Stray.ADD, a_product(), by=the_system(), at=AT)
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db
def test_the_trail_of_a_row_is_read_by_the_row_or_by_its_key(in_acme, django_assert_num_queries):
    soy, oyster = a_product(), a_product()
    record(ProductAction.EDIT, soy, by=the_system("import"), at=LATER, sku="SOY")
    record(ProductAction.ADD, (Product, soy.id), by=the_system("import"), at=AT)
    record(ProductAction.ADD, oyster, by=the_system("import"), at=AT)
    with django_assert_num_queries(1):
        entries = list(trail(soy))
    assert [(one.action, one.target, one.actor) for one in entries] == [
        ("product.add", "catalogue.product", "import"),
        ("product.edit", "catalogue.product", "import"),
    ]
    assert entries[1].facts == {"sku": "SOY"}
    assert list(trail((Product, soy.id))) == entries
    with django_assert_num_queries(1):
        assert len(trail(soy, oyster)) == 3
    assert not trail((Product, uuid4())).exists()
