"""Every address of the site, and how to fill its parameters: taken from the URL configuration.

A route whose parameter's noun cannot be told from its name or its path is unknown, and an
unknown route fails the build.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID, uuid4

from django.contrib import admin
from django.urls import URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from accounts.models import Delivery, Device, Letter, Message
from alliance.models import (
    Application,
    ApplicationDocument,
    Authorisation,
    Breach,
    ChannelPlan,
    Contract,
    ContractTemplate,
    Duty,
    Kpi,
    PlanObjective,
    PlanTarget,
    Responsibility,
)
from approvals.models import Approval
from assortment.models import Idea, Trial
from catalogue.models import (
    Barcode,
    Brand,
    Category,
    Portfolio,
    Product,
    ProductPicture,
    TaxClass,
    Unit,
    UnitName,
)
from dealers.models import Channel, Invitation, Membership, Party, Tag, Territory, Tier, TierMonth
from integrations.models import ApiKey
from jobs.models import Job
from ledger.models import Book, Journal, TemporaryCredit
from ordering.models import Cart, DeliverySlip, Order, OrderLine, Return, ReturnRequest, Shipment, Stock
from pricing.models import Limit, PriceList, Scheme
from rebates.models import PriceDropClaim, PriceDropDocument, Program, Settlement, Statement
from tenancy.models import TenantModel

VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")
NOUNS: dict[str, type[TenantModel]] = {
    "api_key": ApiKey,
    "application": Application,
    "application_document": ApplicationDocument,
    "approval": Approval,
    "authorisation": Authorisation,
    "barcode": Barcode,
    "breach": Breach,
    "book": Book,
    "brand": Brand,
    "buyer": Party,
    "category": Category,
    "channel": Channel,
    "contract": Contract,
    "with": Contract,
    "duty": Duty,
    "dutie": Duty,
    "kpi": Kpi,
    "objective": PlanObjective,
    "plan": ChannelPlan,
    "responsibility": Responsibility,
    "target": PlanTarget,
    "template": ContractTemplate,
    "dealer": Party,
    "invitation": Invitation,
    "job": Job,
    "journal": Journal,
    "cart": Cart,
    "return_request": ReturnRequest,
    "manufacturer": Party,
    "member": Party,
    "message": Message,
    "membership": Membership,
    "order": Order,
    "order_line": OrderLine,
    "outlet": Party,
    "parent": Party,
    "party": Party,
    "price_list": PriceList,
    "price_drop_claim": PriceDropClaim,
    "price_drop_document": PriceDropDocument,
    "letter": Letter,
    "limit": Limit,
    "product": Product,
    "portfolio": Portfolio,
    "picture": ProductPicture,
    "tax_class": TaxClass,
    "trial": Trial,
    "idea": Idea,
    "program": Program,
    "return": Return,
    "scheme": Scheme,
    "scorecard": TierMonth,
    "seller": Party,
    "settlement": Settlement,
    "shipment": Shipment,
    "statement": Statement,
    "stock": Stock,
    "supplier": Party,
    "tag": Tag,
    "territory": Territory,
    "tier": Tier,
    "unit": Unit,
    "temporary_credit": TemporaryCredit,
    "unitname": UnitName,
    "key": ApiKey,
    "before": Tier,
    "deliverie": Shipment,
    "delivery_slip": DeliverySlip,
    "slip": DeliverySlip,
    "delivery": Delivery,
}
WORDS: dict[str, list[str]] = {
    "kind": ["quote"],
    "url": ["nothing"],
    "app_label": ["catalogue"],
    "content_type_id": ["1"],
    "token": ["nothing"],
    "code": ["0" * 64, "nothing"],
    "provider": ["click"],
    "tenant_id": [str(uuid4())],
    "slug": ["nobody"],
    "size": ["small"],
    "position": ["1"],
}
ACTION_OF_PATH = {"approvals": "approve", "orders": "confirm", "price-lists": "publish", "schemes": "publish"}
PUBLIC = {
    "healthz",
    "readyz",
    "sign-in",
    "api-schema",
    "api-docs",
    "language",
    "demo-sign-in",
    "admin:login",
    "admin:jsi18n",
    "admin:logout",
    "sign-out",
    "invitation-link",
    "apply",
    "apply-received",
    "apply-answer",
    "verify-authorisation",
    "sign-in-by-code",
    "sign-in-code",
    "presale-worker",
    "presale-offline",
    "kit",
    "contract-verify",
    "signature-callback",
}


class UnknownRoute(AssertionError):
    pass


@dataclass(frozen=True)
class Route:
    pattern: str
    name: str
    view: Any
    parameters: tuple[str, ...]

    def __str__(self) -> str:
        return self.name or self.pattern

    @property
    def is_api(self) -> bool:
        return self.pattern.startswith("api/v1/")

    @property
    def is_public(self) -> bool:
        return self.name in PUBLIC

    def noun(self, parameter: str) -> type[TenantModel] | None:
        """The model that a parameter names; None for a word."""
        if parameter in WORDS or parameter == "action":
            return None
        if parameter == "device_id":
            return cast(type[TenantModel], Device)
        named = NOUNS.get(parameter.removesuffix("_id"))
        if named is None and parameter in {"pk", "id", "object_id"}:
            named = self._noun_of_path()
        if named is None:
            raise UnknownRoute(f"{self.pattern}: teach tests/isolation/routes.py what {parameter} names.")
        return named

    def _word(self, parameter: str) -> str:
        """A word that the view knows: one that it does not would be refused before anybody is asked."""
        if parameter in WORDS:
            return WORDS[parameter][0]
        before = self.pattern.split("/")[0]
        if before not in ACTION_OF_PATH:
            raise UnknownRoute(f"{self.pattern}: teach tests/isolation/routes.py a {parameter} of {before}.")
        return ACTION_OF_PATH[before]

    def _noun_of_path(self) -> type[TenantModel] | None:
        parts = self.pattern.split("/")
        if parts[0] == "admin":
            for model in admin.site._registry:
                if parts[1:3] == [model._meta.app_label, model._meta.model_name]:
                    return cast(type[TenantModel], model)
            return TenantModel if parts[1] == "r" else None
        before = [part for part in self.pattern.split("<")[0].split("/") if part]
        return singular(before[-1]) if before else None

    def filled(self, choose: Callable[[type[TenantModel]], UUID | None]) -> str:
        """The address with ids that `choose` answers for each noun."""

        def value(match: re.Match[str]) -> str:
            parameter = match[1]
            noun = self.noun(parameter)
            if noun is None:
                return self._word(parameter)
            return str((None if noun is TenantModel else choose(noun)) or uuid4())

        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", value, self.pattern)


def singular(word: str) -> type[TenantModel] | None:
    """The noun of a path's plural: orders, parties, price-lists."""
    word = word.replace("-", "_")
    for ending, put in (("ies", "y"), ("es", ""), ("s", ""), ("", "")):
        if word.endswith(ending) and (found := NOUNS.get(word[: len(word) - len(ending)] + put)):
            return found
    return None


def every_route() -> list[Route]:
    return list(_walk(get_resolver(), "", ""))


def _walk(resolver: URLResolver, prefix: str, space: str) -> Iterator[Route]:
    for one in resolver.url_patterns:
        here = prefix + _text(one.pattern)
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from _walk(one, here, inner)
        else:
            parameters = tuple(re.findall(r"<(?:\w+:)?(\w+)>", here))
            name = f"{space}{one.name}" if one.name else ""
            yield Route(here, name, one.callback, parameters)


def _text(pattern: Any) -> str:
    """A regular expression's named groups as if they were path parameters."""
    if isinstance(pattern, RoutePattern):
        return str(pattern)
    text = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", str(pattern))
    return text.strip("^$").replace("\\Z", "")
