"""What the page of a dry run displays: the first findings of each kind, the largest winners and losers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from catalogue.models import Product
from dealers.models import Party
from jobs.models import Job
from jobs.operations.jobs import UNFINISHED
from pricing.models import DryRun, DryRunFinding, PriceList
from pricing.queries.dry_run.runs import digest_of, is_current, latest_run
from pricing.queries.dry_run.sentences import STEPS, broken_sentence
from tenancy.queries import day_of_tenant
from tenancy.rooms import price_list_checks, resolve

ROWS, SIDES = 6, 5


@dataclass(frozen=True, slots=True)
class Bar:
    """A replayed party or product: its name, the change in money, and the width of its bar in hundredths."""

    name: str
    more: Decimal
    percent: Decimal | None
    width: int


@dataclass(frozen=True, slots=True)
class RunState:
    """The last dry run of a list: whether it is running, finished, and of the draft as it is now."""

    run: DryRun | None
    job: Job | None
    is_current: bool

    @property
    def is_running(self) -> bool:
        return self.job is not None and self.job.state in UNFINISHED

    @property
    def is_finished(self) -> bool:
        return self.run is not None and self.run.finished_at is not None

    @property
    def has_failed(self) -> bool:
        return self.run is not None and not self.is_finished and not self.is_running


def run_state(price_list: PriceList, at: Any) -> RunState:
    """Return the state of the list's last dry run. Three statements."""
    run = latest_run(price_list)
    if run is None:
        return RunState(None, None, is_current=False)
    job = None if run.finished_at else Job.objects.filter(id=run.job_id).first()
    if price_list.state != PriceList.State.DRAFT:
        return RunState(run, job, is_current=run.published_at is not None)
    return RunState(run, job, is_current(run, digest_of(price_list), day_of_tenant(at)))


def first_findings(run: DryRun) -> dict[str, list[DryRunFinding]]:
    """Return the first findings of each kind, each with its `sentence`; two statements."""
    rows = list(
        DryRunFinding.objects.filter(dry_run=run, position__lt=ROWS)
        .select_related("product", "party")
        .order_by("kind", "position")
    )
    dealers = {one.facts["dealer_id"] for one in rows if one.kind == "spread"}
    names = dict(Party.objects.filter(id__in=dealers).values_list("id", "name")) if dealers else {}
    found: dict[str, list[DryRunFinding]] = {}
    for one in rows:
        one.sentence = sentence_of(one)
        if one.kind == "spread":
            one.dealer = names.get(UUID(one.facts["dealer_id"]), "")
            one.bar = _spread_bar(one.facts)
        elif one.kind == "ladder":
            one.steps = _steps(one.facts)
        found.setdefault(one.kind, []).append(one)
    return found


def sentence_of(finding: DryRunFinding) -> str:
    """Return the finding in words, by the check that made it; "" if the check is gone."""
    check = price_list_checks().get(finding.kind)
    return str(resolve(check.sentence)(finding.facts)) if check else ""


def replayed_parties(run: DryRun) -> tuple[list[Bar], list[Bar]]:
    """Return the buyers who would have paid the most more, and who the most less; two statements."""
    rows = DryRunFinding.objects.filter(dry_run=run, kind="replay").select_related("party")
    more = list(rows.filter(amount__gt=0).order_by("-amount")[:SIDES])
    less = list(rows.filter(amount__lt=0).order_by("amount")[:SIDES])
    largest = max((abs(one.amount) for one in (*more, *less)), default=Decimal(1))
    return tuple(  # type: ignore[return-value]  # two lists
        [_bar(str(one.party.name), one.amount, one.facts["percent"], largest) for one in side]
        for side in (more, less)
    )


def replayed_products(run: DryRun) -> list[Bar]:
    """Return the products of which last year's orders would have cost the most more or less."""
    figures = run.figures.get("replay", {})
    rows = [*figures.get("dearer", ()), *figures.get("cheaper", ())]
    names = dict(Product.objects.filter(id__in=[one["product_id"] for one in rows]).values_list("id", "name"))
    largest = max((abs(Decimal(one["more"])) for one in rows), default=Decimal(1))
    return [
        _bar(names.get(UUID(one["product_id"]), ""), Decimal(one["more"]), one["percent"], largest)
        for one in rows
    ]


def figures_of(run: DryRun) -> dict[str, dict[str, Any]]:
    """Return the figures of every check; those of a check that did not run are 0."""
    nothing = {"count": 0, "contracts": 0, "lines": 0, "total": 0}
    return {code: nothing | run.figures.get(code, {}) for code in price_list_checks()}


def money_of(run: DryRun, kind: str, name: str) -> Decimal:
    """Return a figure of a check that is money; 0 where it has none."""
    return Decimal(run.figures.get(kind, {}).get(name) or 0)


def page_of_job(job: Job) -> str:
    """Return the URL of the result of a dry run's job; "" if the run is gone."""
    list_id = DryRun.objects.filter(job_id=job.id).values_list("price_list_id", flat=True).first()
    return reverse("dry-run", args=[list_id]) if list_id else ""


def _bar(name: str, more: Decimal, percent: str | None, largest: Decimal) -> Bar:
    width = max(2, int(abs(more) * 100 / (largest or 1)))
    return Bar(name, more, None if percent is None else Decimal(percent), width)


def _spread_bar(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the widths of the spread before and after, and the place of the guarantee, in hundredths."""
    spread, guaranteed = Decimal(facts["spread"]), Decimal(facts["guaranteed"])
    before = spread if facts["before"] is None else Decimal(facts["before"])
    scale = max(spread, guaranteed, before, Decimal("0.01"))
    widths = {"before": before, "after": spread, "guaranteed": guaranteed}
    return {name: max(0, int(value * 96 / scale)) for name, value in widths.items()}


def _steps(facts: dict[str, Any]) -> Iterable[dict[str, Any]]:
    inverted = {one["step"] for one in facts["inversions"]} | {one["before"] for one in facts["inversions"]}
    return [
        {"label": STEPS[step], "price": Decimal(price), "is_inverted": step in inverted}
        for step, price in ((step, facts["steps"].get(step)) for step in STEPS)
        if price is not None
    ]


def verdict(run: DryRun) -> tuple[str, str, str]:
    """Return the mood, the headline and the sentence of a finished dry run."""
    spreads, steps = run.figures.get("spread", {}), run.figures.get("ladder", {})
    contracts, inverted = spreads.get("contracts", 0), steps.get("steps", 0)
    sentence = broken_sentence(contracts, inverted)
    if run.breaking:
        return "bad", _("Not to be published like this"), sentence
    if contracts or inverted:
        return "warn", _("Advice: look at this before you publish"), sentence
    if run.figures.get("change", {}).get("sharp"):
        return "warn", _("A price changes by half or more"), _("Check it for a slip of the pen.")
    return "good", _("No promise is broken"), _("All guaranteed spreads and steps of the ladder hold.")
