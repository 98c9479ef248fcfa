"""Operations on territories and on the grants to people, as object permissions of django-guardian."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import MANUFACTURER, Actor
from audit.operations.recording import record
from dealers.audit_actions import TerritoryAction
from dealers.models import (
    Membership,
    Region,
    Territory,
    TerritoryArea,
    TerritoryGroupObjectPermission,
    TerritoryUserObjectPermission,
)
from dealers.models.territory import MANAGE
from kernel.refusals import Refusal
from tenancy.context import joined_transaction


class BadTerritory(Refusal):
    code = "bad_territory"


class TerritoryExists(Refusal):
    code = "conflict"


def create_territory(*, code: str, name: str, regions: Iterable[str], by: Actor, at: datetime) -> Territory:
    """Create a territory of these region codes; a region includes its descendants.

    Raise BadTerritory or TerritoryExists.
    """
    by.must("people.edit")
    wanted = sorted(set(regions))
    if not code.strip() or not name.strip():
        raise BadTerritory(_("A territory has a code and a name."), field="name" if code.strip() else "code")
    missing = set(wanted) - set(Region.objects.filter(code__in=wanted).values_list("code", flat=True))
    if missing:
        raise BadTerritory(_("There is no region %(code)s.") % {"code": min(missing)}, field="regions")
    with joined_transaction():
        try:
            with transaction.atomic():
                territory = Territory.objects.create(code=code.strip(), name=name.strip())
        except IntegrityError as error:
            raise TerritoryExists(
                _("There is a territory %(code)s already.") % {"code": code}, field="code"
            ) from error
        TerritoryArea.objects.bulk_create(
            [TerritoryArea(territory=territory, region_id=one) for one in wanted]
        )
        record(TerritoryAction.DRAW, territory, by=by, at=at, regions=wanted)
    return territory


def grant_territory(*, territory: Territory, to: User | Group, by: Actor, at: datetime) -> None:
    """Grant a territory to one of the manufacturer's people or to a group. Raise BadTerritory."""
    by.must("people.edit")
    permission = _manage()
    with joined_transaction():
        if isinstance(to, User):
            if not Membership.objects.filter(user=to, party_kind=MANUFACTURER, is_active=True).exists():
                raise BadTerritory(
                    _("%(user)s is not one of the manufacturer's people.") % {"user": to}, field="user"
                )
            TerritoryUserObjectPermission.objects.get_or_create(
                user=to, permission=permission, content_object=territory
            )
        else:
            TerritoryGroupObjectPermission.objects.get_or_create(
                group=to, permission=permission, content_object=territory
            )
        record(TerritoryAction.GRANT, territory, by=by, at=at, to=str(to))


def revoke_territory(*, territory: Territory, to: User | Group, by: Actor, at: datetime) -> None:
    """Revoke a grant; from the next request the user no longer sees the territory's parties."""
    by.must("people.edit")
    with joined_transaction():
        if isinstance(to, User):
            TerritoryUserObjectPermission.objects.filter(user=to, content_object=territory).delete()
        else:
            TerritoryGroupObjectPermission.objects.filter(group=to, content_object=territory).delete()
        record(TerritoryAction.REVOKE, territory, by=by, at=at, to=str(to))


def _manage() -> Permission:
    kind = ContentType.objects.get_for_model(Territory)
    return Permission.objects.get(content_type=kind, codename=MANAGE)
