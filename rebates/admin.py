"""The admin of rebate programs; settlements and statements are read-only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.rights import actor_of
from approvals.models import Approval
from approvals.queries import outcome, waiting_message
from kernel.cases import InvalidCase
from kernel.refusals import Refusal
from rebates.domain.tiers_case import read_program
from rebates.models import Program, ProgramProduct, Settlement, Statement
from rebates.operations.programs import activate_program, end_program
from rebates.operations.settlement_requests import request_due
from rebates.queries.totals import sees_every_buyer
from ui.base_admin import TenantAdmin, TenantForm, TenantInline, examples

TIERS = (
    (
        _("by amount: a rate of 0.015 from 100,000"),
        '[{"from": "0", "rate": "0"}, {"from": "100000", "rate": "0.015"}]',
    ),
    (_("by quantity: 0.50 a unit from 1,000"), '[{"from": 0, "rate": "0"}, {"from": 1000, "rate": "0.50"}]'),
)


class ProgramForm(TenantForm):
    """Show an error of the tiers once, with its key, in the user's language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "tiers" in self.fields:
            self.fields["tiers"].help_text = examples(TIERS)
            if self.instance.tiers is None:
                self.initial["tiers"] = [{"from": "0", "rate": "0"}]

    def clean_tiers(self) -> Any:
        tiers = self.cleaned_data["tiers"]
        try:
            read_program({"method": Program.Method.RETROACTIVE, "tiers": tiers}, "")
        except InvalidCase as wrong:
            raise ValidationError(f"{wrong.field}: {wrong.message}") from wrong
        return tiers

    def _update_errors(self, errors: Any) -> None:
        """Drop the model's error on tiers that `clean_tiers` has refused already."""
        if "tiers" in self.errors and hasattr(errors, "error_dict"):
            errors.error_dict.pop("tiers", None)
        super()._update_errors(errors)  # type: ignore[misc]  # django-stubs lacks it


class ProductInline(TenantInline):
    view_right, edit_right = "rebate.view", "rebate.edit"
    model = ProgramProduct
    fields = ("product",)
    autocomplete_fields = ("product",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.state == "draft")

    has_add_permission = has_change_permission
    has_delete_permission = has_change_permission


@admin.register(Program)
class ProgramAdmin(TenantAdmin):
    """A program is edited only while it is a draft; its periods are settled by the activated rule."""

    view_right, edit_right = "rebate.view", "rebate.edit"
    form = ProgramForm
    autocomplete_fields = ("seller",)
    list_display = (
        "code",
        "name",
        "seller",
        "method",
        "measure",
        "audience_kind",
        "audience_value",
        "starts_on",
        "until",
        "settled_every",
        "state",
    )
    list_filter = ("state", "method", "measure")
    search_fields = ("code", "name")
    ordering = ("code",)
    inlines = (ProductInline,)
    readonly_fields = ("state",)
    actions = ("settle_due", "activate", "end")  # type: ignore[assignment]  # django-stubs lacks it

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"seller": actor_of(request).party_id} | super().get_changeform_initial_data(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.state == "draft")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.state == "draft")

    def has_settle_permission(self, request: HttpRequest) -> bool:
        actor = getattr(request, "actor", None)
        return actor is not None and actor.may("rebate.settle")

    @admin.action(description=_("Settle the due periods"), permissions=["settle"])
    def settle_due(self, request: HttpRequest, chosen: Any) -> None:
        actor = actor_of(request)
        ready = [program for program in chosen if program.state != Program.State.DRAFT]
        try:
            with transaction.atomic():
                found = request_due(by=actor, at=timezone.now(), programs=ready)
        except Refusal as refusal:
            messages.error(request, refusal.message)
            return
        jobs = [one for one in found if not isinstance(one, Approval)]
        for one in found:
            if isinstance(one, Approval):
                messages.warning(request, waiting_message(one))
        message = ngettext("%(count)s job was started.", "%(count)s jobs were started.", len(jobs))
        messages.success(request, message % {"count": len(jobs)})

    @admin.action(description=_("Activate"), permissions=["change"])
    def activate(self, request: HttpRequest, chosen: Any) -> None:
        self._each(request, chosen, activate_program, _("active"))

    @admin.action(description=_("Terminate"), permissions=["change"])
    def end(self, request: HttpRequest, chosen: Any) -> None:
        self._each(request, chosen, end_program, _("ended"))

    def _each(self, request: HttpRequest, chosen: Any, verb: Callable[..., Any], done: Any) -> None:
        for program in chosen:
            try:
                with transaction.atomic():
                    result = verb(program_id=program.pk, by=actor_of(request), at=timezone.now())
            except Refusal as refusal:
                messages.error(request, f"{program}: {refusal.message}")
            else:
                messages.success(request, f"{program}: {outcome(str(done))(result)}")


@admin.register(Settlement)
class SettlementAdmin(TenantAdmin):
    view_right = "rebate.view"
    column_rights = dict.fromkeys(("parties", "due", "job"), sees_every_buyer)
    list_display = ("program", "starts_on", "until", "settled_at", "parties", "due", "job")
    list_filter = ("starts_on",)
    search_fields = ("program__code",)
    ordering = ("-starts_on", "-id")


@admin.register(Statement)
class StatementAdmin(TenantAdmin):
    view_right = "rebate.view"
    list_display = ("settlement", "party", "base", "cumulative", "earned", "due")
    list_select_related = ("settlement__program", "party")
    search_fields = ("party__code", "settlement__program__code")
    ordering = ("-id",)
