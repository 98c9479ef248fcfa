"""Refuse regions that no longer exist on the first day of a contract."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from alliance.models import Contract
from alliance.queries.region_changes import dead_regions
from kernel.refusals import Refusal


class RegionGone(Refusal):
    """A region has been merged, split or renumbered; `became` are the codes that it became."""

    code = "region_gone"


def check_regions_exist(codes: Mapping[str, str], *, day: date) -> None:
    """Raise RegionGone for the first of the codes that no longer exists on a day; the values are fields."""
    gone = dead_regions(set(codes), day=day)
    for code, field in codes.items():
        if code in gone:
            message = _("The region %(old)s no longer exists: it became %(new)s.")
            became = list(gone[code])
            raise RegionGone(message % {"old": code, "new": ", ".join(became)}, field=field, became=became)


def check_regions_of(contract: Contract) -> None:
    """Raise RegionGone if a region of a draft no longer exists on its first day."""
    codes = contract.areas.order_by("region_id").values_list("region_id", flat=True)
    check_regions_exist(dict.fromkeys(codes, "areas"), day=contract.starts_on)
