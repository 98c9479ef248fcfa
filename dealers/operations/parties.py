"""Operations that add and edit parties, and that index them for the search."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import islice

import phonenumbers
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from stdnum.cn import uscc
from stdnum.exceptions import InvalidLength, ValidationError

from accounts.rights import DEALER, MANUFACTURER, MEMBER, OUTLET, Actor
from audit.operations.recording import record
from dealers.audit_actions import PartyAction
from dealers.models import Membership, Party, Region
from dealers.models.party import TERRITORY_ROLES
from dealers.models.territory import regions_of
from kernel.refusals import Refusal
from kernel.search import search_key, search_tokens
from tenancy.context import joined_transaction
from ui.operations import search_index

SUPPLIERS = {MANUFACTURER: (), DEALER: (MANUFACTURER,), MEMBER: (DEALER,), OUTLET: (DEALER, MEMBER)}
MAX_CHARACTERS = {"code": 40, "name": 200, "contact": 60, "address": 300}
USCC_LENGTH = 18


class BadParty(Refusal):
    code = "bad_party"


class PartyExists(Refusal):
    code = "conflict"


class OutsideTerritory(Refusal):
    code = "not_allowed"


def add_party(*, party: Party, by: Actor, at: datetime) -> Party:
    """Check, normalize and save a new party.

    The phone becomes E.164 (+8675…), the credit code upper case. Raise BadParty with the field at
    fault, PartyExists for a code in use, or OutsideTerritory for a region that is not granted.
    """
    by.must("party.edit")
    _check(party, by)
    with joined_transaction():
        _save(party, new=True)
        index_parties([party])
        record(PartyAction.ADD, party, by=by, at=at, code=party.code, kind=party.kind)
    return party


def edit_party(*, party: Party, by: Actor, at: datetime) -> Party:
    """Save the changed fields of a party; its kind cannot change. Raise as add_party does."""
    by.must("party.edit")
    before = Party.objects.visible_to(by).filter(id=party.id).first()
    if before is None:
        raise OutsideTerritory(_("This party is outside your territory."))
    if before.kind != party.kind:
        raise BadParty(_("A party keeps its kind; end this one and add another."), field="kind")
    _check(party, by)
    with joined_transaction():
        _save(party, new=False)
        index_parties([party])
        if before.name != party.name:
            Membership.objects.filter(party=party).update(party_name=party.name)
        record(PartyAction.EDIT, party, by=by, at=at, code=party.code)
    return party


def party_search(party: Party) -> str:
    """Return the text of the `search` column; bulk loads fill the column with it."""
    length = Party._meta.get_field("search").max_length or 0
    return search_key(
        names=[party.name, party.contact], codes=[party.code, party.phone, party.uscc], length=length
    )


def index_parties(parties: Iterable[Party], *, fresh: bool = False) -> None:
    """Write the search tokens of parties; bulk loads call it for the rows that they wrote."""
    rows = (
        (
            one.id,
            search_tokens(
                names=[one.name],
                codes=[one.code, one.phone.removeprefix("+86"), one.uscc, one.contact],
            ),
        )
        for one in parties
    )
    search_index.index("party", rows, fresh=fresh)


def reindex_parties() -> None:
    """Rewrite the search words and tokens of all parties of the active tenant."""
    rows = iter(Party.objects.iterator(chunk_size=2000))
    while parties := list(islice(rows, 2000)):
        for one in parties:
            one.search = party_search(one)
        Party.objects.bulk_update(parties, ["search"])
        index_parties(parties)


def checked_phone(typed: str, field: str = "phone") -> str:
    """Return a Chinese or international number in E.164; "" for "". Raise BadParty."""
    if not typed.strip():
        return ""
    try:
        number = phonenumbers.parse(typed, "CN")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise BadParty(_("“%(typed)s” is no phone number.") % {"typed": typed}, field=field)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def checked_uscc(typed: str) -> str:
    """Return a unified social credit code in upper case; "" for "". Raise BadParty for an invalid one."""
    code = typed.strip().upper()
    if not code:
        return ""
    try:
        return str(uscc.validate(code))
    except InvalidLength:
        message = _("A credit code has %(wanted)d characters; this has %(found)d.")
        words = message % {"wanted": USCC_LENGTH, "found": len(code)}
    except ValidationError:
        words = _("The check digit or a character of this credit code is wrong.")
    raise BadParty(words, field="uscc")


def _check(party: Party, by: Actor) -> None:
    for field, max_characters in MAX_CHARACTERS.items():
        value = getattr(party, field).strip()
        setattr(party, field, value)
        if (
            len(value) > max_characters
            or not value.isprintable()
            or (not value and field in ("code", "name"))
        ):
            raise BadParty(
                _("This needs 1 to %(longest)d characters.") % {"longest": max_characters}, field=field
            )
    if party.kind not in Party.Kind.values:
        raise BadParty(_("There is no kind “%(kind)s”.") % {"kind": party.kind}, field="kind")
    party.uscc = checked_uscc(party.uscc)
    party.phone = checked_phone(party.phone)
    _check_region(party, by)
    _check_supplier(party)
    party.search = party_search(party)


def _check_region(party: Party, by: Actor) -> None:
    if by.role in TERRITORY_ROLES and by.party_kind == MANUFACTURER:
        if not regions_of(by.user_id).filter(code=party.region_id).exists():
            raise OutsideTerritory(_("This region is outside your territory."), field="region")
    elif party.region_id is not None and not Region.objects.filter(code=party.region_id).exists():
        raise BadParty(_("There is no region %(code)s.") % {"code": party.region_id}, field="region")


def _check_supplier(party: Party) -> None:
    wanted = SUPPLIERS[party.kind]
    supplier = Party.objects.filter(id=party.parent_id).first() if party.parent_id else None
    if party.parent_id and supplier is None:
        raise BadParty(_("There is no such supplier."), field="parent")
    if supplier is not None and supplier.kind not in wanted:
        raise BadParty(
            _("A %(kind)s is not supplied by a %(supplier)s.")
            % {"kind": party.get_kind_display(), "supplier": supplier.get_kind_display()},
            field="parent",
        )


def _save(party: Party, *, new: bool) -> None:
    try:
        with transaction.atomic():
            party.save(force_insert=new, force_update=not new)
    except IntegrityError as error:
        if "party_one_manufacturer" in str(error):
            raise PartyExists(_("The tenant has its manufacturer already."), field="kind") from error
        raise PartyExists(
            _("There is a party with the code %(code)s already.") % {"code": party.code}, field="code"
        ) from error
