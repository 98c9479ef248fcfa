"""Registration of rooms: declarations in a room's `apps.py`, collected by the code that uses them.

A room is a Django app whose config is a `RoomConfig`. A function that needs models is registered by its
dotted path and imported at its first call, because `apps.py` is read before the models.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.module_loading import import_string

STAFF, DEALER, MEMBER = "staff", "dealer", "member"
Label = str | Promise


@dataclass(frozen=True, slots=True)
class NavigationGroup:
    """One icon of the staff's rail or one tab of a dealer, with the pages of its entries.

    It leads to the first of its entries that the user may open.
    """

    code: str
    label: Label
    icon: str
    order: int


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """A page in the navigation of one door: in a group of the staff's rail, in a group of a dealer's tabs
    or a tab of its own, or a member's bottom tab.

    `door` is STAFF, DEALER or MEMBER. `page` is the name of a URL, which may have a query
    ("orders?side=sold"). The entry is visible to users who hold `right` ("" means everyone) and, if
    `roles` is not empty, have one of these roles.
    """

    label: Label
    page: str
    door: str
    order: int
    right: str = ""
    group: str = ""
    icon: str = ""
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of job.

    Its figures are visible to the person who requested the job and to the manufacturer's staff who hold
    `figures_right` and are not limited to territories. `result_url` is the dotted path of a function of
    the job that returns the URL of its result. A personal kind works for one person; other users see the
    job only with the right to run jobs.
    A kind with a `tenant_message` makes the data of a demonstration: until its job is done, each page of
    the tenant displays the message, with its places %(done)s and %(total)s, above a progress bar, and the
    hourly, daily and monthly rounds leave the tenant out.
    """

    kind: str
    label: Label
    figures_right: str = "job.run"
    result_url: str = ""
    is_personal: bool = False
    tenant_message: Label = ""


@dataclass(frozen=True, slots=True)
class NotificationGroup:
    """Topics that share one choice of channels; `by_mail` is the default for mail."""

    code: str
    label: Label
    icon: str
    order: int
    by_mail: bool = False


@dataclass(frozen=True, slots=True)
class NotificationTopic:
    """A kind of notification.

    `title` and `body` are messages of the catalogue (marked by gettext_noop) with %(name)s placeholders.
    They are stored untranslated and translated for the reader.
    """

    code: str
    group: str
    title: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class SearchNoun:
    """A noun that the header's search finds.

    `find` is the dotted path of `find(actor, text, limit) -> list[ui.queries.search.SearchResult]`;
    `page` is the name of the URL that takes a result's id; `reindex`, a dotted path, writes all search
    tokens of the active tenant again.
    """

    label: Label
    icon: str
    right: str
    page: str
    find: str
    order: int
    reindex: str = ""


@dataclass(frozen=True, slots=True)
class Right:
    """A right and the roles that hold it: of the manufacturer's staff, of dealers and of members."""

    code: str
    staff: tuple[str, ...] = ()
    dealer: tuple[str, ...] = ()
    member: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ApprovalKind:
    """A kind of change that needs the approval of a second person.

    Those who hold `right` approve it. `apply` is the dotted path of `function(values, *, by, at)`, which
    makes the change as the person who requested it; `basis` that of `function(values)`, which locks what
    changes and returns what the change is based on, as JSON: if it is different when the change is
    approved, the approval is refused. `page` is the noun of the target's page, as in
    `accounts.queries.message_links.link_to`.
    With `has_amount` the tenant may set an amount up to which one person suffices, `above` at first.
    A tenant cannot switch off a kind that `is_fixed`.
    """

    code: str
    label: Label
    right: str
    order: int
    apply: str = ""
    basis: str = ""
    page: str = ""
    has_amount: bool = False
    above: Decimal | None = None
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class PriceListCheck:
    """A check of the dry run of a price list.

    `check` is the dotted path of `function(impact) -> CheckResult`, with the `PriceImpact` and the
    `CheckResult` of pricing; `sentence` that of `function(facts) -> str`, which says a finding in the
    reader's language. Checks run in their order, each as a step of the job.
    """

    code: str
    label: Label
    order: int
    check: str
    sentence: str
    icon: str = "list-check"


@dataclass(frozen=True, slots=True)
class ScheduledCall:
    """A call in an hourly, daily or monthly round: the dotted path of `function(*, by, at)`.

    It is called for each open tenant, or once in the round if `is_per_tenant` is false.
    """

    function: str
    every: Collection[str] = ("daily",)
    is_per_tenant: bool = True


class RoomConfig(AppConfig):
    """An app that registers its part of the pages and rounds that several rooms share.

    Lists (`ui.web.lists`) and their exports register by their definition. Celery finds `tasks.py`.
    `web/urls.py` and `api/urls.py` are included if they exist.
    """

    default = False  # an `apps.py` imports this class too; Django takes the config with `default = True`

    navigation_groups: tuple[NavigationGroup, ...] = ()
    navigation: tuple[NavigationEntry, ...] = ()
    job_kinds: tuple[JobKind, ...] = ()
    notification_groups: tuple[NotificationGroup, ...] = ()
    notification_topics: tuple[NotificationTopic, ...] = ()
    search_nouns: tuple[SearchNoun, ...] = ()
    audit_actions: tuple[type[TextChoices], ...] = ()
    approval_kinds: tuple[ApprovalKind, ...] = ()
    rights: tuple[Right, ...] = ()
    tenant_wide_models: tuple[str, ...] = ()
    schedule: tuple[ScheduledCall, ...] = ()
    open_order_queries: tuple[str, ...] = ()
    open_matters_queries: tuple[str, ...] = ()
    price_list_checks: tuple[PriceListCheck, ...] = ()

    def __init_subclass__(cls) -> None:
        cls.default = True


@cache
def rooms() -> tuple[RoomConfig, ...]:
    """Return the installed rooms in the order of INSTALLED_APPS, the lowest first."""
    return tuple(config for config in apps.get_app_configs() if isinstance(config, RoomConfig))


@cache
def registered(name: str) -> tuple[Any, ...]:
    """Return the items of all rooms under an attribute of `RoomConfig`, sorted by `order` if present."""
    found = [item for room in rooms() for item in getattr(room, name)]
    return tuple(sorted(found, key=lambda item: getattr(item, "order", 0)))


@cache
def job_kinds() -> dict[str, JobKind]:
    """Return the registered job kinds by their code."""
    return {kind.kind: kind for kind in registered("job_kinds")}


@cache
def tenant_wide_models() -> frozenset[str]:
    """Return the models (`app.model`) whose rows are the same for everyone who may see the model at all."""
    return frozenset(registered("tenant_wide_models"))


@cache
def approval_kinds() -> dict[str, ApprovalKind]:
    """Return the registered kinds of changes that need approval by their code, in their order."""
    return {kind.code: kind for kind in registered("approval_kinds")}


@cache
def price_list_checks() -> dict[str, PriceListCheck]:
    """Return the registered checks of price lists by their code, in their order."""
    return {check.code: check for check in registered("price_list_checks")}


def modules_of_rooms(path: str) -> list[str]:
    """Return `<room>.<path>` for every room that has this module: `modules_of_rooms("web.urls")`."""
    file = Path(*path.split(".")).with_suffix(".py")
    return [f"{room.name}.{path}" for room in rooms() if Path(room.path, file).is_file()]


def resolve(path: str) -> Callable[..., Any]:
    """Return the function that a registration names."""
    function: Callable[..., Any] = import_string(path)
    return function
