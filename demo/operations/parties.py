"""Create channels, tiers, tags and the parties: the maker, dealers, members and outlets."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from stdnum.cn import uscc

from dealers.models import Channel, Party, PartyTag, Region, Tag, Tier
from dealers.operations.parties import index_parties, party_search
from demo.operations.names import (
    CHANNELS,
    ENGLISH,
    FIRST,
    GIVEN,
    MAKER,
    NICK,
    PROVINCES,
    SECOND,
    SHOPS,
    STREETS,
    SURNAMES,
    TAGS,
    TIERS,
    TRADES,
)
from demo.operations.scenario import NotPrepared, Plan

BATCH = 1000
LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def make_partners(plan: Plan) -> str:
    chance, scale = plan.lasting("partners"), plan.scale
    channels = {code: Channel(code=code, name=name, name_en=ENGLISH[name]) for code, name in CHANNELS.items()}
    Channel.objects.bulk_create(channels.values())
    tiers = {
        code: Tier(code=code, name=name, name_en=ENGLISH[name], from_score=Decimal(at))
        for code, (name, at) in TIERS.items()
    }
    Tier.objects.bulk_create(tiers.values())
    tags = [Tag(code=code, name=name, name_en=ENGLISH[name]) for code, name in TAGS.items()]
    Tag.objects.bulk_create(tags)
    cities = _cities(scale.dealers)
    home = (
        Region.objects.get(code="440605")
        if Region.objects.filter(code="440605").exists()
        else cities[0][1][0]
    )
    maker = _party(
        chance,
        Party.Kind.MANUFACTURER,
        "M",
        f"{MAKER}股份有限公司",
        home,
        tracks_stock=True,
        confirms_itself=False,
    )
    dealers, members = [], []
    for number in range(scale.dealers):
        city, counties = cities[number % len(cities)]
        name = f"{city.name.removesuffix('市')}{_word(chance)}{chance.choice(TRADES)}有限公司"
        tier = tiers[chance.choices(list(TIERS), (5, 3, 2))[0]]
        dealers.append(
            _party(
                chance,
                Party.Kind.DEALER,
                f"D{number + 1:03}",
                name,
                chance.choice(counties),
                parent=maker,
                channel=channels[chance.choice(["PF", "PF", "CY", "SC"])],
                tier=tier,
                tracks_stock=number % 3 == 0,
                joined_on=plan.first_day - timedelta(days=chance.randint(30, 2500)),
            )
        )
    counties_of = {dealer.id: cities[at % len(cities)][1] for at, dealer in enumerate(dealers)}
    for number in range(scale.members):
        dealer = dealers[number % len(dealers)]
        county = counties_of[dealer.id][number // len(dealers) % len(counties_of[dealer.id])]
        name = f"{county.name}{_word(chance)}{chance.choice(('商行', '粮油批发部', '经营部', '配送中心'))}"
        tier = tiers[chance.choices(list(TIERS), (6, 3, 1))[0]]
        members.append(
            _party(
                chance,
                Party.Kind.MEMBER,
                f"A{number + 1:04}",
                name,
                county,
                parent=dealer,
                tier=tier,
                channel=channels[chance.choice(list(CHANNELS))],
                confirms_itself=True,
                joined_on=plan.first_day - timedelta(days=chance.randint(0, 1500)),
            )
        )
    for rows in ([maker], dealers, members):
        Party.objects.bulk_create(rows, batch_size=BATCH)
        index_parties(rows, fresh=True)
    PartyTag.objects.bulk_create(
        PartyTag(party=party, tag=tag)
        for party in [*dealers, *members]
        for tag in chance.sample(tags, chance.choice((0, 1, 1, 2)))
    )
    return f"{len(dealers)} 家经销商、{len(members)} 家联盟商"


def make_outlets(plan: Plan) -> str:
    """The outlets of the dealers and members: most of the parties, and nobody signs in to them."""
    chance = plan.lasting("outlets")
    channels = {channel.code: channel for channel in Channel.objects.all()}
    suppliers = Party.objects.select_related("region").order_by("code")
    dealers = list(suppliers.filter(kind=Party.Kind.DEALER))
    members = list(suppliers.filter(kind=Party.Kind.MEMBER))
    outlets = []
    for number in range(plan.scale.outlets):
        supplier = members[number % len(members)] if number % 6 else dealers[number // 6 % len(dealers)]
        channel = chance.choices(list(CHANNELS), (5, 2, 4, 1))[0]
        name = f"{chance.choice(NICK)}{chance.choice(SURNAMES)}记{chance.choice(SHOPS[channel])}"
        outlets.append(
            _party(
                chance,
                Party.Kind.OUTLET,
                f"T{number + 1:05}",
                name,
                _region_of(supplier),
                parent=supplier,
                channel=channels[channel],
                is_active=number % 97 != 0,
            )
        )
    Party.objects.bulk_create(outlets, batch_size=BATCH)
    index_parties(outlets, fresh=True)
    return f"{len(outlets)} 家终端"


def _cities(count: int) -> list[tuple[Region, list[Region]]]:
    """Return cities with their counties, the home province and the larger cities first."""
    counties: dict[str, list[Region]] = defaultdict(list)
    regions = {one.code: one for one in Region.objects.filter(code__regex=f"^({'|'.join(PROVINCES)})")}
    for code, region in sorted(regions.items()):
        if len(code) == 6:
            counties[code[:4]].append(region)
    cities = sorted(counties, key=lambda code: (PROVINCES.index(code[:2]), -len(counties[code]), code))
    if not cities:
        raise NotPrepared("The regions are missing: run load_regions first.")
    return [(regions[code], counties[code]) for code in cities if len(counties[code]) > 2][: max(count, 1)]


def _region_of(party: Party) -> Region:
    assert party.region is not None
    return party.region


def _party(chance: random.Random, kind: str, code: str, name: str, region: Region, **values: object) -> Party:
    person = chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, chance.choice((1, 2))))
    party = Party(
        kind=kind,
        code=code,
        name=name,
        region=region,
        contact=person,
        address=f"{region.full_name}{chance.choice(STREETS)}{chance.randint(1, 399)}号",
        uscc="" if kind == Party.Kind.OUTLET else _uscc(chance, region),
        **values,
    )
    party.search = party_search(party)
    return party


def _uscc(chance: random.Random, region: Region) -> str:
    digits = f"91{region.code.ljust(6, '0')}M{''.join(chance.choices(LETTERS, k=8))}"
    return str(digits + uscc.calc_check_digit(digits))


def _word(chance: random.Random) -> str:
    return chance.choice(FIRST) + chance.choice(SECOND)
