"""Save brands, categories with their attributes, and tax classes with the history of their rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.rights import Actor
from audit.operations.recording import record
from catalogue.audit_actions import MasterDataAction
from catalogue.models import Brand, Category, CategoryAttribute, Product, TaxClass, TaxRate
from kernel.refusals import Refusal
from tenancy.context import joined_transaction

MAX_ATTRIBUTES = 30


class BadMasterData(Refusal):
    code = "bad_master_data"


class MasterDataExists(Refusal):
    code = "conflict"


@dataclass(frozen=True, slots=True)
class AttributeTerms:
    """The definition of an attribute: `choices` are the values of a choice."""

    name: str
    kind: str
    unit: str = ""
    choices: Sequence[str] = ()

    @property
    def options(self) -> Sequence[str]:
        return self.choices


def save_brand(*, brand: Brand, by: Actor, at: datetime) -> Brand:
    """Create or change a brand. Raises BadMasterData, MasterDataExists."""
    by.must("catalogue.edit")
    brand.name = _checked(brand.name, "name", 100)
    with joined_transaction():
        _save(brand, "name")
        record(MasterDataAction.SAVE_BRAND, brand, by=by, at=at, name=brand.name)
    return brand


def save_category(
    *, category: Category, attributes: Sequence[AttributeTerms] | None = None, by: Actor, at: datetime
) -> Category:
    """Create or change a category; `attributes` replace its own, and values stay by an attribute's name.

    A category is never below itself.

    Raises BadMasterData, MasterDataExists.
    """
    by.must("catalogue.edit")
    category.code, category.name = _checked(category.code, "code", 40), _checked(category.name, "name", 100)
    with joined_transaction():
        _check_parent(category)
        _save(category, "code")
        if attributes is not None:
            _set_attributes(category, attributes)
        record(MasterDataAction.SAVE_CATEGORY, category, by=by, at=at, code=category.code)
    return category


def _check_parent(category: Category) -> None:
    """Raise BadMasterData if the parent is the category itself or lies below it; serialises such changes."""
    if category.parent_id is None:
        return
    parents = dict(Category.objects.select_for_update().order_by("id").values_list("id", "parent_id"))
    above: UUID | None = category.parent_id
    if above not in parents:
        raise BadMasterData(_("There is no such category."), field="parent")
    while above is not None:
        if above == category.id:
            raise BadMasterData(_("A category cannot lie below itself."), field="parent")
        above = parents.get(above)


def _set_attributes(category: Category, attributes: Sequence[AttributeTerms]) -> None:
    if len(attributes) > MAX_ATTRIBUTES:
        message = _("A category has at most %(most)s attributes.") % {"most": MAX_ATTRIBUTES}
        raise BadMasterData(message, field="attributes")
    held = {one.name: one for one in CategoryAttribute.objects.filter(category=category)}
    names: set[str] = set()
    for position, terms in enumerate(attributes):
        name = _checked(terms.name, "attributes", 60)
        choices = [one.strip() for one in terms.choices if one.strip()]
        if name in names:
            message = _("The attribute “%(name)s” is defined twice.") % {"name": name}
            raise BadMasterData(message, field="attributes")
        if terms.kind not in CategoryAttribute.Kind.values:
            raise BadMasterData(_("There is no such kind of attribute."), field="attributes")
        if terms.kind == CategoryAttribute.Kind.CHOICE and not choices:
            message = _("The attribute “%(name)s” needs its choices.") % {"name": name}
            raise BadMasterData(message, field="attributes")
        names.add(name)
        row = held.get(name) or CategoryAttribute(category=category, name=name)
        row.kind, row.unit, row.position = terms.kind, terms.unit.strip()[:20], position
        row.choices = "\n".join(choices)
        if len(row.choices) > 500:
            raise BadMasterData(_("These are too many choices."), field="attributes")
        row.save()
    CategoryAttribute.objects.filter(category=category).exclude(name__in=names).delete()


def save_tax_class(*, tax_class: TaxClass, by: Actor, at: datetime) -> TaxClass:
    """Create or change a tax class. Raises BadMasterData, MasterDataExists."""
    by.must("catalogue.edit")
    tax_class.code, tax_class.name = (
        _checked(tax_class.code, "code", 40),
        _checked(tax_class.name, "name", 100),
    )
    with joined_transaction():
        _save(tax_class, "code")
        record(MasterDataAction.SAVE_TAX_CLASS, tax_class, by=by, at=at, code=tax_class.code)
    return tax_class


def set_tax_rate(*, tax_class_id: UUID, starts_on: date, rate: Decimal, by: Actor, at: datetime) -> TaxRate:
    """Set the rate of a tax class from a day on; the rates of past days are history and never change.

    From that day the products of the class have the rate; orders keep the rate of their day. Raises
    BadMasterData with the field.
    """
    by.must("catalogue.edit")
    if not (rate.is_finite() and 0 <= rate < 1 and rate == round(rate, 4)):
        message = _("A tax rate is a fraction like 0.13, from 0 to below 1.")
        raise BadMasterData(message, field="rate")
    with joined_transaction():
        tax_class = TaxClass.objects.select_for_update().filter(id=tax_class_id).first()
        if tax_class is None:
            raise BadMasterData(_("There is no such tax class."), field="tax_class")
        today = timezone.localdate(at)
        if starts_on < today and TaxRate.objects.filter(tax_class=tax_class).exists():
            raise BadMasterData(_("A new rate starts today or later."), field="starts_on")
        row: TaxRate
        row, _made = TaxRate.objects.update_or_create(
            tax_class=tax_class, starts_on=starts_on, defaults={"rate": rate}
        )
        facts = {"code": tax_class.code, "starts_on": f"{starts_on}", "rate": f"{rate}"}
        record(MasterDataAction.SET_TAX_RATE, tax_class, by=by, at=at, **facts)
        apply_tax_rates(by=by, at=at)
    return row


def apply_tax_rates(*, by: Actor, at: datetime) -> int:
    """Give the products of each tax class the rate in force today; return how many changed. Runs daily."""
    day = timezone.localdate(at)
    rates = TaxRate.objects.filter(tax_class=OuterRef("tax_class"), starts_on__lte=day).order_by("-starts_on")
    rate = Subquery(rates.values("rate")[:1])
    outdated = Product.objects.annotate(due=rate).filter(due__isnull=False).exclude(tax_rate=models.F("due"))
    return int(outdated.update(tax_rate=rate))


def _save(row: models.Model, field: str) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        message = _("“%(value)s” exists already.") % {"value": getattr(row, field)}
        raise MasterDataExists(message, field=field) from error


def _checked(text: str, field: str, longest: int) -> str:
    text = text.strip()
    if not text or len(text) > longest or not text.isprintable():
        message = _("This needs 1 to %(longest)d characters.") % {"longest": longest}
        raise BadMasterData(message, field=field)
    return text
