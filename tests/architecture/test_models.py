import pytest
from django.apps import apps
from django.db import connections, models
from django.test.utils import isolate_apps

from catalogue.models import Product
from tenancy.models import TenantForeignKey, TenantModel
from tests.architecture import models as rules

RULES = [
    one
    for name, one in vars(rules).items()
    if callable(one) and name[:1].islower() and getattr(one, "__module__", "") == rules.__name__
]


def _checked(rule, all_models):
    if rule is not rules.every_key_is_composite_in_the_database:
        return rule(all_models)
    with connections["default"].cursor() as cursor:
        return rule(all_models, cursor)


@pytest.mark.django_db
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_no_model_breaks_the_rule(rule):
    assert _checked(rule, apps.get_models(include_auto_created=True)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@isolate_apps("catalogue")
def test_the_rule_finds_a_planted_model(rule, monkeypatch):
    class Global(models.Model):
        mine = models.ForeignKey(Product, models.CASCADE, related_name="+")

        class Meta:
            app_label = "catalogue"

    class Planted(TenantModel):
        plain = models.ForeignKey(Product, models.CASCADE, related_name="+")
        emptied = TenantForeignKey(Product, models.SET_NULL, null=True, related_name="+")
        cascading = TenantForeignKey(Product, models.CASCADE, related_name="+")
        many = models.ManyToManyField(Product, related_name="+")
        code = models.CharField(unique=True)
        everything = models.Manager()

        class Meta(TenantModel.Meta):
            app_label = "catalogue"

    monkeypatch.setattr(rules, "APPEND_ONLY", {Planted._meta.db_table})
    assert _checked(rule, [Global, Planted])
