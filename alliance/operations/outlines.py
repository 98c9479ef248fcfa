"""Operations on the outlines of regions that a tenant uploads for its map."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.utils.translation import gettext as _

from accounts.rights import Actor
from alliance.audit_actions import RegionMapAction
from alliance.domain.outline import MAX_BYTES, BadOutline, is_approval_number, read_outline
from alliance.models import RegionOutline
from audit.operations.recording import record
from kernel.refusals import Refusal
from tenancy.context import joined_transaction


class OutlineRefused(Refusal):
    code = "file"


def upload_outline(
    *, content: bytes, source: str, approval_number: str, by: Actor, at: datetime
) -> RegionOutline:
    """Store the outlines of a GeoJSON file; they replace the earlier ones. Raise OutlineRefused.

    The source and the map approval number (审图号) are shown under every map that is drawn of them.
    """
    by.must("region_map.edit")
    if not source.strip() or len(source) > 200:
        raise OutlineRefused(_("Name the source of the map, in at most 200 characters."), field="source")
    if not is_approval_number(approval_number):
        message = _("A map approval number looks like GS(2024)0650号.")
        raise OutlineRefused(message, field="approval_number")
    try:
        outline = read_outline(content)
    except BadOutline as error:
        raise OutlineRefused(_reason(error), field="file") from error
    facts = {
        "source": source.strip(),
        "approval_number": approval_number.strip(),
        "geojson": outline.geojson,
        "regions": len(outline.codes),
        "size": len(content),
        "sha256": sha256(content).hexdigest(),
        "uploaded_at": at,
        "uploaded_by": by.label[:150],
    }
    with joined_transaction():
        stored = RegionOutline.objects.select_for_update().first()
        if stored is None:
            stored = RegionOutline.objects.create(**facts)
        else:
            for name, value in facts.items():
                setattr(stored, name, value)
            stored.save(update_fields=list(facts))
        entry = {
            "source": stored.source,
            "approval_number": stored.approval_number,
            "sha256": stored.sha256,
        }
        record(RegionMapAction.UPLOAD, stored, by=by, at=at, **entry)
    return stored


def remove_outline(*, by: Actor, at: datetime) -> bool:
    """Remove the outlines, so that the map is drawn by tiles; return whether there were any."""
    by.must("region_map.edit")
    with joined_transaction():
        stored = RegionOutline.objects.select_for_update().first()
        if stored is None:
            return False
        record(RegionMapAction.REMOVE, stored, by=by, at=at, sha256=stored.sha256)
        stored.delete()
    return True


def _reason(error: BadOutline) -> str:
    feature = {"number": error.feature}
    reasons = {
        "size": _("A map has at most %(most)s MB, and is not empty.") % {"most": MAX_BYTES // 1024 // 1024},
        "depth": _("The file is nested too deeply for a map."),
        "no_json": _("The file is no GeoJSON: it cannot be read as JSON."),
        "no_collection": _("The file is no GeoJSON: it must be a FeatureCollection."),
        "features": _("The map has no region, or too many."),
        "positions": _("The outlines are too detailed: simplify them first."),
        "no_codes": _("No region of the map has a code."),
        "geometry": _("Region %(number)s of the map has no area.") % feature,
        "code": _("Region %(number)s of the map has no code in adcode, code or gb.") % feature,
        "coordinates": _("Region %(number)s of the map has a point that is no place on earth.") % feature,
    }
    return str(reasons[error.reason])
