"""Admin pages of contracts, and read-only pages of evidence and guarantee months."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.rights import actor_of
from alliance.models import Contract, ContractArea, Evidence, GuaranteeMonth, SpreadTerm
from alliance.operations.drafting import (
    NewArea,
    NewSpread,
    draft_contract,
    edit_contract,
    set_areas,
    set_spreads,
)
from alliance.operations.ending import end_contract
from alliance.operations.signing import reopen_contract, sign_contract, submit_contract
from approvals.models import Approval
from approvals.queries import waiting_message
from dealers.admin.territories import AreaForm
from kernel.refusals import Refusal
from ui.base_admin import TenantAdmin, TenantInline


class _Contracts:
    view_right, edit_right = "contract.view", "contract.edit"


class _WhileDraft(_Contracts, TenantInline):
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.state == "draft")

    has_add_permission = has_change_permission
    has_delete_permission = has_change_permission


class AreaInline(_WhileDraft):
    model = ContractArea
    form = AreaForm
    fields = ("category", "region", "channel", "place", "holds")
    readonly_fields = ("place", "holds")

    @admin.display(description=_("full name"))
    def place(self, row: ContractArea) -> str:
        return row.region.full_name if row.region_id else "—"


class SpreadInline(_WhileDraft):
    model = SpreadTerm
    fields = ("product", "clause", "guaranteed", "percent", "advised_resale")
    autocomplete_fields = ("product",)


@admin.register(Contract)
class ContractAdmin(_Contracts, TenantAdmin):
    list_display = ("code", "version", "dealer", "member", "starts_on", "until", "state")
    list_filter = ("state",)
    search_fields = ("code", "member__name", "member__code", "dealer__name", "dealer__code")
    ordering = ("-id",)
    autocomplete_fields = ("manufacturer", "dealer", "member")
    fields = (
        "code",
        "version",
        "state",
        "manufacturer",
        "dealer",
        "member",
        "starts_on",
        "until",
        "delivery_hours",
        "late_fee",
        "digest",
        "submitted_at",
        "activated_at",
    )
    inlines = (AreaInline, SpreadInline)
    actions: Any = ("submit", "reopen", "sign", "end")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fixed = ("state", "digest", "submitted_at", "activated_at")
        return (*fixed, "version") if obj is None else (*fixed, "version", "code")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"manufacturer": actor_of(request).party_id} | super().get_changeform_initial_data(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.state == "draft")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.state == "draft")

    def has_edit_permission(self, request: HttpRequest) -> bool:
        return super().has_change_permission(request)

    def has_sign_permission(self, request: HttpRequest) -> bool:
        return actor_of(request).may("contract.sign")

    def save_model(self, request: HttpRequest, obj: Contract, form: Any, change: bool) -> None:
        save = edit_contract if change else draft_contract
        save(contract=obj, by=actor_of(request), at=timezone.now())

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        rows = [row for row in formset.cleaned_data if row and not row.get("DELETE")]
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        arguments = {"contract_id": form.instance.pk, "by": actor_of(request), "at": timezone.now()}
        if formset.model is ContractArea:
            areas = [
                NewArea(row["category"].code, row["region"].code, getattr(row["channel"], "code", ""))
                for row in rows
            ]
            set_areas(areas=areas, **arguments)
            return
        names = ("clause", "guaranteed", "advised_resale", "percent")
        spreads = [NewSpread(row["product"].sku, *(row[name] for name in names)) for row in rows]
        set_spreads(spreads=spreads, **arguments)

    def _each(self, request: HttpRequest, rows: Any, verb: Callable[[Contract, dict[str, Any]], Any]) -> None:
        """Call an operation for each chosen contract. A refusal undoes its own contract only."""
        arguments = {"by": actor_of(request), "at": timezone.now()}
        for row in rows:
            try:
                with transaction.atomic():
                    now = verb(row, arguments)
            except Refusal as refusal:
                messages.error(request, f"{row}: {refusal.message}")
            else:
                if isinstance(now, Approval):
                    messages.warning(request, waiting_message(now))
                    continue
                signed = now.signatures.filter(digest=now.digest).count() if now.digest else 0
                signature_count = _("%(count)s of 3 have signed") % {"count": signed}
                waits = now.state == Contract.State.SUBMITTED
                state = now.get_state_display()
                messages.success(
                    request, f"{row}: {state} · {signature_count}" if waits else f"{row}: {state}"
                )

    @admin.action(description=_("Submit for signature"), permissions=["edit"])
    def submit(self, request: HttpRequest, rows: Any) -> None:
        self._each(request, rows, lambda row, arguments: submit_contract(contract_id=row.pk, **arguments))

    @admin.action(description=_("Return to draft"), permissions=["edit"])
    def reopen(self, request: HttpRequest, rows: Any) -> None:
        self._each(request, rows, lambda row, arguments: reopen_contract(contract_id=row.pk, **arguments))

    @admin.action(description=_("Sign for my party"), permissions=["sign"])
    def sign(self, request: HttpRequest, rows: Any) -> None:
        self._each(
            request,
            rows,
            lambda row, arguments: sign_contract(contract_id=row.pk, digest=row.digest, **arguments),
        )

    @admin.action(description=_("Terminate"), permissions=["edit"])
    def end(self, request: HttpRequest, rows: Any) -> None:
        reason = "ended in the master data"
        self._each(
            request, rows, lambda row, arguments: end_contract(contract_id=row.pk, reason=reason, **arguments)
        )


@admin.register(Evidence)
class EvidenceAdmin(TenantAdmin):
    view_right = "contract.view"
    list_display = ("contract", "kind", "on", "fulfilled", "owed", "source")
    list_filter = ("kind", "fulfilled")
    search_fields = ("contract__code", "source")
    ordering = ("-id",)


@admin.register(GuaranteeMonth)
class GuaranteeMonthAdmin(TenantAdmin):
    view_right = "contract.view"
    list_display = ("contract", "month", "kind", "measured", "broken", "owed", "booked")
    list_filter = ("kind", "month")
    search_fields = ("contract__code",)
    ordering = ("-month", "-id")
