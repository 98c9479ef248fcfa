"""An edited spreadsheet of a price list: compare it with the list in a job, then take it over in one go.

The job reads the file, checks its rows in chunks and compares the entries with those of the list. One wrong
row refuses the upload. A draft gets the entries; of a published list the next version is drafted with them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.rights import Actor
from audit.operations.recording import record
from dealers.queries.job_requesters import requester_of
from jobs.models import Job
from jobs.operations.files import open_file, write_file
from jobs.operations.jobs import Step, job_step, request_job
from kernel.refusals import Refusal
from kernel.spreadsheets import Limits, plain_row
from kernel.spreadsheets.headings import join_heading_rows
from kernel.spreadsheets.table import MIB
from pricing.audit_actions import PriceListAction
from pricing.domain.list_entries import ListEntry, differences
from pricing.domain.price_table import PriceRow, read_table
from pricing.models import PriceEntry, PriceList
from pricing.operations.entries import (
    errors_between,
    product_ids,
    refuse_errors,
    stored_entries,
    write_entries,
)
from pricing.operations.list_copies import new_version
from pricing.operations.price_lists import locked_list
from pricing.operations.price_rows import checked_rows
from pricing.operations.upload_files import UploadError, UploadFolder, error_book
from tenancy.context import active_tenant_id, joined_transaction
from tenancy.models import Tenant, new_id
from ui.web.uploads import UploadRefused, rows_of

COMPARE, APPLY = "pricing.compare_upload", "pricing.apply_upload"
CHUNK = 5000
LIMITS = Limits(
    max_file_bytes=30 * MIB,
    max_unpacked_bytes=300 * MIB,
    max_rows=200_000,
    max_columns=60,
    max_cells=3_000_000,
    max_grid_cells=6_000_000,
)
KINDS = ("added", "changed", "removed")


class ListChanged(Refusal):
    code = "conflict"


class UploadNotReady(Refusal):
    code = "wrong_state"


def request_comparison(*, price_list: PriceList, content: bytes, params: dict[str, Any], by: Actor) -> Job:
    """Store an uploaded file and request the job that compares it with an own list.

    `params` are the membership, role and language of the person, as of an export. Raise NotAllowed.
    """
    locked_list(price_list.id, by=by)
    name = f"price-upload-{new_id()}"
    write_file(name, content)
    given = {**params, "price_list": str(price_list.id), "file": name, "right": "price.edit"}
    return request_job(COMPARE, given, by=by.user_id)


@job_step(COMPARE)
def compare(job: Job) -> Step:
    """Run one step: read the file, check the next rows, or compare all of them with the list.

    The result is `upload` with what `state` has to tell: refused with a `reason`, wrong with the number of
    `wrong` cells, or ready with the numbers of differences.
    """
    with _as_requester(job):
        requester_of(job).must("price.edit")
        if not job.cursor:
            return _read_file(job)
        if job.cursor["next"] < job.cursor["chunks"]:
            return _check_chunk(job)
        return _compare(job)


def _as_requester(job: Job) -> AbstractContextManager[Any]:
    """Activate the language of the job's person and the tenant's time zone."""
    zone = Tenant.objects.values_list("timezone", flat=True).get(id=active_tenant_id())
    stack = ExitStack()
    stack.enter_context(translation.override(job.params.get("language") or None))
    stack.enter_context(timezone.override(zone))
    return stack


def _read_file(job: Job) -> Step:
    file = open_file(job.params["file"])
    if file is None:
        return _refused(_("This file is no longer stored; upload it again."))
    try:
        with file:
            rows = rows_of(file.read(), LIMITS)
    except UploadRefused as refusal:
        return _refused(refusal.message)
    table = read_table([plain_row(row) for row in join_heading_rows(rows)])
    if table.question is not None:
        reason = _(
            "The columns are not certain. Keep the headings of the export: SKU, price, per, from quantity."
        )
        return _refused(reason)
    if not table.rows:
        return _refused(_("The file has no prices."))
    files, total = UploadFolder(job.id), len(table.rows)
    chunks = range(0, total, CHUNK)
    for place, start in enumerate(chunks):
        files.write(f"rows-{place}", table.rows[start : start + CHUNK])
    return Step(done=0, total=total, cursor={"next": 0, "chunks": len(chunks), "blank": table.blank})


def _refused(reason: str) -> Step:
    return Step(done=0, message=reason, result={"upload": {"state": "refused", "reason": reason}})


def _check_chunk(job: Job) -> Step:
    files, place = UploadFolder(job.id), job.cursor["next"]
    rows = [PriceRow(*values) for values in files.read(f"rows-{place}")]
    checked = checked_rows(rows)
    files.write(
        f"entries-{place}",
        ((row.number, *entry) for row, entry in zip(rows, checked.read, strict=True) if entry is not None),
    )
    files.write(f"errors-{place}", _errors_of(checked.errors, [row.number for row in rows]))
    cursor = {**job.cursor, "next": place + 1}
    return Step(done=min(job.done + CHUNK, job.total or 0), cursor=cursor)


def _errors_of(errors: Iterable[dict[str, str]], numbers: list[int]) -> list[UploadError]:
    """Return errors with paths like entries[3].price at the rows of the sheet."""
    found = []
    for error in errors:
        place, _bracket, name = error["field"].removeprefix("entries[").partition("].")
        found.append(UploadError(numbers[int(place)], name, error["message"]))
    return found


def _compare(job: Job) -> Step:
    files, chunks = UploadFolder(job.id), range(job.cursor["chunks"])
    numbered = [row for place in chunks for row in files.entries(f"entries-{place}")]
    errors = [UploadError(*row) for place in chunks for row in files.read(f"errors-{place}")]
    entries = [entry for _number, entry in numbered]
    errors += _errors_of(errors_between(entries), [number for number, _entry in numbered])
    total = job.total or 0
    if errors:
        errors.sort()
        files.write("errors", errors)
        name = f"price-errors-{job.id}.xlsx"
        write_file(name, error_book(errors))
        facts = {"state": "wrong", "wrong": len(errors), "rows": len({error.number for error in errors})}
        return Step(done=total, result={"upload": facts, "failed_file": name})
    stored = _stored_of(job.params["price_list"])
    found = differences(stored, entries)
    files.write("entries", numbered_rows(numbered))
    files.write("differences", ((one.kind, one.old, one.new, one.change) for one in found))
    counts = {kind: sum(one.kind == kind for one in found) for kind in KINDS}
    facts = {"state": "ready", **counts, "rows": len(entries), "basis": fingerprint_of(stored)}
    return Step(done=total, result={"upload": {**facts, "blank": job.cursor["blank"]}})


def numbered_rows(numbered: Iterable[tuple[int, ListEntry]]) -> Iterable[tuple[Any, ...]]:
    """Return rows of numbers and values, as UploadFolder.entries reads them."""
    return ((number, *entry) for number, entry in numbered)


def _stored_of(price_list_id: UUID | str) -> list[ListEntry]:
    return stored_entries(PriceEntry.objects.filter(price_list=price_list_id))


def fingerprint_of(entries: Iterable[ListEntry]) -> str:
    """Return a hash of the entries of a list, in their order."""
    lines = (f"{e.sku}\t{e.price}\t{e.per}\t{e.min_qty}\t{e.advised_resale}\n" for e in entries)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def apply_upload(*, comparison: Job, by: Actor, at: datetime) -> PriceList:
    """Give the compared entries to the draft, or to the next version of a list that was published.

    Return the draft. Raise UploadNotReady, ListChanged if the list has other entries than those compared,
    and what `new_version` raises.
    """
    facts, files = comparison.result.get("upload", {}), UploadFolder(comparison.id)
    if facts.get("state") != "ready" or not files.exists("entries"):
        raise UploadNotReady(_("This upload cannot be taken over; upload the file again."))
    entries = [entry for _number, entry in files.entries("entries")]
    with joined_transaction():
        found = locked_list(UUID(comparison.params["price_list"]), by=by)
        if fingerprint_of(_stored_of(found.id)) != facts["basis"]:
            message = _("The list has been changed since the file was compared; upload it again.")
            raise ListChanged(message, field="file")
        draft = found
        if found.state != PriceList.State.DRAFT:
            draft = new_version(price_list_id=found.id, by=by, at=at)
        products = product_ids({entry.sku for entry in entries})
        refuse_errors(errors_between(entries))
        write_entries(draft.id, entries, products)
        record(PriceListAction.UPLOAD, draft, by=by, at=at, code=draft.code, entries=len(entries))
    return draft


def request_application(*, comparison: Job, by: Actor) -> Job:
    """Request the job that takes a large upload over; requested twice, it is one job."""
    params = {**comparison.params, "comparison": str(comparison.id)}
    return request_job(APPLY, params, period=str(comparison.id), by=by.user_id)


@job_step(APPLY)
def apply(job: Job) -> Step:
    """Take an upload over, in one step: all of it or nothing."""
    with _as_requester(job):
        by = requester_of(job)
        comparison = Job.objects.get(id=job.params["comparison"])
        total = int(comparison.result["upload"]["rows"])
        try:
            with transaction.atomic():
                draft = apply_upload(comparison=comparison, by=by, at=timezone.now())
        except Refusal as refusal:
            return Step(done=0, total=total, message=refusal.message, result={"upload": {"state": "refused"}})
        facts = {"state": "applied", "price_list": str(draft.id)}
        return Step(done=total, total=total, result={"upload": facts})
