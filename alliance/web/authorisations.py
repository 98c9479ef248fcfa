"""The list and the page of authorisations, their certificate, issue and revocation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

import django_filters
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from alliance.domain.authorisations import REMIND_DAYS
from alliance.models import Authorisation
from alliance.operations.authorising import issue_authorisation, revoke_authorisation
from alliance.operations.certificates import certificate_pdf
from alliance.queries.recruitment import regions_named
from alliance.queries.verification import EXPIRED, EXPIRING, REVOKED, UPCOMING, VALID, displayed_state
from alliance.web.recruitment_labels import AUTHORISATION, authorisation_badge
from approvals.queries import outcome, pending_for
from catalogue.models import Category
from dealers.models import Party
from dealers.queries.parties import parties_like
from kernel.refusals import Refusal
from kernel.spelling import folded
from ui.web.joined_lists import join_list
from ui.web.list_view import list_view
from ui.web.lists import Column, Empty, ListPage, Tab
from ui.web.shortcuts import get_visible_or_404
from ui.web.submit_once import once
from ui.web.typed_input import DayField

MAX_NAMES = 3
STATES = tuple((state, label) for state, (label, _mood, _icon) in AUTHORISATION.items())


class AuthorisationFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=STATES, method="in_state", label=gettext_lazy("state"))

    class Meta:
        model = Authorisation
        fields: ClassVar[list[str]] = []

    def in_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        today = timezone.localdate()
        wanted = {
            REVOKED: Q(revoked_at__isnull=False),
            EXPIRED: Q(revoked_at__isnull=True, until__lte=today),
            UPCOMING: Q(revoked_at__isnull=True, until__gt=today, starts_on__gt=today),
            VALID: Q(revoked_at__isnull=True, until__gt=today, starts_on__lte=today),
            EXPIRING: Q(
                revoked_at__isnull=True,
                until__gt=today,
                until__lte=today + timedelta(days=max(REMIND_DAYS)),
                starts_on__lte=today,
            ),
        }
        return rows.filter(wanted[value])


class Authorisations(ListPage):
    """The authorisations that the actor may see, the newest first."""

    name = "authorisations"
    title = gettext_lazy("Authorisations")
    filters = AuthorisationFilter
    search_hint = gettext_lazy("number, name or code of the party")
    tabs = (
        Tab(gettext_lazy("All")),
        Tab(gettext_lazy("Valid"), "state=valid"),
        Tab(gettext_lazy("Expires soon"), "state=expiring"),
        Tab(gettext_lazy("Expired"), "state=expired"),
        Tab(gettext_lazy("Revoked"), "state=revoked"),
    )
    columns = (
        Column("number", gettext_lazy("Number"), kind="name", sort="number"),
        Column("party", gettext_lazy("Partner"), "party__name", under="party__code"),
        Column("places", gettext_lazy("Regions")),
        Column("goods", gettext_lazy("Categories"), phone="hidden"),
        Column("starts_on", gettext_lazy("From"), kind="day", sort="starts_on", phone="hidden"),
        Column("last_day", gettext_lazy("Valid through"), kind="day", sort="until"),
        Column("badge", gettext_lazy("State"), kind="state"),
    )
    order = "-issued_at"

    @property
    def empty(self) -> Empty:  # type: ignore[override]  # with a link for those who issue
        """Return the empty state; a user who may issue gets a link to the form."""
        title = gettext_lazy("No authorisation yet")
        if self.actor.may("authorisation.issue"):
            text = gettext_lazy("Issue a partner's certificate with its regions, categories and term.")
            return Empty(title, text, "certificate", "authorisation-new", gettext_lazy("Issue one"))
        return Empty(title, gettext_lazy("The manufacturer issues it; you are notified."), "certificate")

    def rows(self) -> QuerySet[Any]:
        found: QuerySet[Any] = Authorisation.objects.visible_to(self.actor).select_related("party")
        return found

    def search(self, rows: QuerySet[Any], typed: str) -> QuerySet[Any]:
        parties = parties_like(Party.objects.all(), typed)
        return rows.filter(Q(number__istartswith=folded(typed)) | Q(party__in=parties))

    def enrich(self, rows: list[Any]) -> None:
        today = timezone.localdate()
        for row in rows:
            row.badge = authorisation_badge(displayed_state(row, today))
            row.last_day = row.until - timedelta(days=1)
            row.places, row.goods = _names(row.regions), _names(row.categories)

    def href(self, row: Any) -> str:
        return reverse("authorisation", args=[row.id])

    def more(self) -> dict[str, Any]:
        return {"may_issue": self.actor.may("authorisation.issue")}


def _names(rows: list[dict[str, str]]) -> str:
    message = join_list(one["name"] for one in rows[:MAX_NAMES])
    more = len(rows) - MAX_NAMES
    return message if more <= 0 else _("%(names)s and %(more)s more") % {"names": message, "more": more}


authorisations = entering("authorisation.view")(
    list_view(Authorisations, template="alliance/authorisations.html")
)


class AuthorisationForm(forms.Form):
    party = forms.CharField(
        label=gettext_lazy("Partner"), max_length=40, help_text=gettext_lazy("code of a dealer or member")
    )
    regions = forms.CharField(
        label=gettext_lazy("Regions"),
        max_length=2000,
        help_text=gettext_lazy("one a row: full name or code"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Categories"), widget=forms.CheckboxSelectMultiple
    )
    starts_on = DayField(label=gettext_lazy("From"))
    last_day = DayField(label=gettext_lazy("Valid through"))

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        rows = Category.objects.order_by("code").values_list("code", "name")
        self.fields["categories"].choices = list(rows)  # type: ignore[attr-defined]  # a choice field

    def clean_party(self) -> Party:
        """Return the party of the code, of those that the actor may see."""
        code = self.cleaned_data["party"].strip()
        found: Party | None = Party.objects.visible_to(self.actor).filter(code=code).first()
        if found is None:
            raise ValidationError(_("There is no party with the code %(code)s.") % {"code": code})
        return found

    def clean_regions(self) -> list[str]:
        """Return the codes of the regions, one a row; a name with several regions is refused."""
        codes = []
        for line in self.cleaned_data["regions"].splitlines():
            if not line.strip():
                continue
            found = regions_named(line)
            if len(found) != 1:
                message = _("“%(typed)s” is not one region: give its code or its full name.")
                raise ValidationError(message % {"typed": line.strip()[:40]})
            codes.append(found[0].code)
        return codes


@entering("authorisation.issue")
@once
def new(request: ActorRequest) -> HttpResponse:
    """Display the form of a new authorisation; issue it on POST."""
    today = timezone.localdate()
    initial = {
        "party": request.GET.get("party", "")[:40],
        "starts_on": today,
        "last_day": today + timedelta(days=364),
    }
    form = AuthorisationForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            with transaction.atomic():
                made = issue_authorisation(
                    party_id=typed["party"].id,
                    regions=typed["regions"],
                    categories=typed["categories"],
                    starts_on=typed["starts_on"],
                    until=typed["last_day"] + timedelta(days=1),
                    by=request.actor,
                    at=timezone.now(),
                )
        except Refusal as refusal:
            name = refusal.field.partition("[")[0]
            field = "last_day" if name == "until" else name
            form.add_error(field if field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("Authorisation %(number)s is issued.") % {"number": made.number})
            return redirect("authorisation", authorisation_id=made.id)
    return render(
        request, "alliance/authorisation_new.html", {"form": form}, status=422 if form.errors else 200
    )


@entering("authorisation.view")
@require_GET
def authorisation(request: ActorRequest, authorisation_id: UUID) -> HttpResponse:
    """Display an authorisation."""
    return _page(request, _visible(request, authorisation_id))


@entering("authorisation.view")
@require_GET
def certificate(request: ActorRequest, authorisation_id: UUID) -> HttpResponse:
    """Return the certificate as PDF."""
    found = _visible(request, authorisation_id)
    content = certificate_pdf(found, issuer=request.tenant.name, address=_verification_url(request, found))
    headers = {
        "Content-Disposition": content_disposition_header(False, f"{found.number}.pdf") or "inline",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@entering("authorisation.issue")
@once
def revoke(request: ActorRequest, authorisation_id: UUID) -> HttpResponse:
    """Ask for the reason, then revoke the authorisation or ask a second person for it."""
    found = _visible(request, authorisation_id)
    wrong = ""
    if request.method == "POST":
        try:
            with transaction.atomic():
                done = revoke_authorisation(
                    authorisation_id=found.id,
                    reason=request.POST.get("reason", ""),
                    by=request.actor,
                    at=timezone.now(),
                )
        except Refusal as refusal:
            wrong = refusal.message
        else:
            messages.success(request, outcome(_("The authorisation is revoked."))(done))
            return redirect("authorisation", authorisation_id=found.id)
    page = {
        "authorisation": found,
        "badge": _badge(found),
        "wrong": wrong,
        "may_revoke": found.revoked_at is None,
    }
    return render(request, "alliance/authorisation_revoke.html", page, status=409 if wrong else 200)


def _page(request: ActorRequest, found: Authorisation) -> HttpResponse:
    is_revocable = request.actor.may("authorisation.issue") and found.revoked_at is None
    page = {
        "authorisation": found,
        "badge": _badge(found),
        "waiting": pending_for(found, request.actor),
        "places": [one["name"] for one in found.regions],
        "goods": [one["name"] for one in found.categories],
        "address": _verification_url(request, found),
        "may_revoke": is_revocable,
    }
    return render(request, "alliance/authorisation.html", page)


def _visible(request: ActorRequest, authorisation_id: UUID) -> Authorisation:
    rows = Authorisation.objects.select_related("party")
    found: Authorisation = get_visible_or_404(rows, request.actor, id=authorisation_id)
    return found


def _badge(found: Authorisation) -> Any:
    return authorisation_badge(displayed_state(found, timezone.localdate()))


def _verification_url(request: ActorRequest, found: Authorisation) -> str:
    return request.build_absolute_uri(reverse("verify-authorisation", args=[found.code]))
