"""Create tri-party contracts with exclusive regions, spread and service, in every state."""

from __future__ import annotations

from collections import Counter
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange, NumericRange

from alliance.models import Contract, ContractArea, Signature, SpreadTerm
from alliance.operations.signing import digest_of, text_of
from catalogue.models import Category
from dealers.models import Membership, Party, Region
from demo.operations.price_lists import Entry, portfolio, write_lists
from demo.operations.prices import CONTRACT, advised_resale, contract_price, member_price
from demo.operations.scenario import Plan, Ware, World, moment, month_start, read_world
from kernel.money import unit_price
from pricing.models import PriceList

DRAFTS, SUBMITTED, ENDED = 0.04, 0.06, 0.06
PROMISED = 6
OWN_PRICES_EVERY = 5
HOURS = (24, 48, 48, 72)
LATE_FEES = ("20", "50", "100")
GUARANTEED_SHARE = Decimal("0.9")
GENEROUS_SHARE = Decimal("1.2")
State = Contract.State


def make_contracts(plan: Plan) -> str:
    world = read_world()
    contracts, areas, spreads = _drafts(plan, world)
    Contract.objects.bulk_create(contracts)
    ContractArea.objects.bulk_create(areas)
    SpreadTerm.objects.bulk_create(spreads)
    stored = Contract.objects.select_related("manufacturer", "dealer", "member")
    contracts = list(stored.order_by("code"))
    states = _states(plan, len(contracts))
    signing = Membership.objects.filter(role__in=("director", "owner"))
    signers = dict(signing.values_list("party_id", "user_id"))
    signatures = []
    for contract, state in zip(contracts, states, strict=True):
        signatures += _move_on(plan, contract, state, signers)
    Contract.objects.bulk_update(
        contracts, ["state", "text", "digest", "submitted_at", "activated_at", "until"], batch_size=100
    )
    Signature.objects.bulk_create(signatures)
    active = [contract.id for contract, state in zip(contracts, states, strict=True) if state == State.ACTIVE]
    ContractArea.objects.filter(contract__in=active).update(holds=True)
    _own_prices(world, [contract for contract in contracts if contract.state == State.ACTIVE])
    count = Counter(states)
    return "、".join(f"{state.label} {count[state]}" for state in State if count[state])


def _drafts(plan: Plan, world: World) -> tuple[list[Contract], list[ContractArea], list[SpreadTerm]]:
    chance = plan.chance("contracts")
    people = Party.objects.in_bulk()
    maker = people[world.maker.id]
    categories = list(Category.objects.order_by("code"))
    regions = Region.objects.in_bulk([one.region for one in world.members if one.region])
    wanted = round(plan.scale.contracts * (1 + DRAFTS + SUBMITTED))
    contracts, areas, spreads = [], [], []
    taken: Counter[str | None] = Counter()
    for number, member in enumerate(world.members[:wanted], 1):
        starts_on = month_start(plan.day, -chance.randint(2, 15))
        months = 13 if starts_on < plan.first_day + timedelta(days=60) else 24
        contract = Contract(
            code=f"HT-{number:04}",
            manufacturer=maker,
            member=people[member.id],
            dealer=people[member.parent_id],
            starts_on=starts_on,
            until=max(month_start(starts_on, months), month_start(plan.day, 1)),
            delivery_hours=chance.choice(HOURS),
            late_fee=Decimal(chance.choice(LATE_FEES)),
        )
        contracts.append(contract)
        region = regions[member.region or ""]
        at = taken[region.code]
        taken[region.code] += 2
        areas += [
            ContractArea(
                contract=contract,
                category=category,
                region=region,
                area=NumericRange(region.start, region.end),
                term=DateRange(contract.starts_on, contract.until),
            )
            for category in categories[at : at + 2]
        ]
        for clause, ware in enumerate(chance.sample(world.wares[:24], PROMISED), 1):
            spreads.append(_promise(contract, clause, ware, generous=chance.random() < 0.06))
    return contracts, areas, spreads


def _promise(contract: Contract, clause: int, ware: Ware, *, generous: bool) -> SpreadTerm:
    """Guarantee nine tenths of the actual spread; a generous term exceeds it, so that it is broken."""
    advised = advised_resale(ware)
    spread = (advised - member_price(ware)) * (GENEROUS_SHARE if generous else GUARANTEED_SHARE)
    return SpreadTerm(
        contract=contract,
        product_id=ware.id,
        clause=f"5.{clause}",
        guaranteed=unit_price(spread),
        advised_resale=advised,
    )


def _states(plan: Plan, count: int) -> list[State]:
    drafts, submitted = round(plan.scale.contracts * DRAFTS), round(plan.scale.contracts * SUBMITTED)
    ended = round(plan.scale.contracts * ENDED)
    signed = count - drafts - submitted - ended
    return (
        [State.ACTIVE] * signed
        + [State.ENDED] * ended
        + [State.SUBMITTED] * submitted
        + [State.DRAFT] * drafts
    )


def _move_on(plan: Plan, contract: Contract, state: State, signers: dict[UUID, Any]) -> list[Signature]:
    """Freeze the contract's text and return the signatures that its state requires.

    `signers` are the people who sign, by party.
    """
    if state == State.DRAFT:
        return []
    signed_on = contract.starts_on - timedelta(days=12)
    if state == State.SUBMITTED:
        signed_on = plan.day - timedelta(days=6)
    contract.text = text_of(contract)
    contract.digest = digest_of(contract.text)
    contract.submitted_at = moment(signed_on, time(10))
    contract.state = state
    parties = [contract.manufacturer_id, contract.dealer_id, contract.member_id]
    if state == State.SUBMITTED:
        parties = parties[: int(contract.code[-1]) % 3]
    else:
        contract.activated_at = moment(signed_on + timedelta(days=len(parties)), time(15))
    return [
        Signature(
            contract=contract,
            party_id=party,
            user_id=signers.get(party),
            digest=contract.digest,
            at=moment(signed_on + timedelta(days=place), time(15)),
        )
        for place, party in enumerate(parties, 1)
    ]


def _own_prices(world: World, contracts: list[Contract]) -> None:
    """Create a price list from the dealer for every fifth contract."""
    lists, entries = [], list[Entry]()
    portfolios = {dealer.id: portfolio(world, dealer) for dealer in world.dealers}
    for contract in contracts[::OWN_PRICES_EVERY]:
        made = PriceList(
            seller_id=contract.dealer_id,
            code=f"{CONTRACT}-{contract.code}",
            name=f"{contract.code} 合同价",
            audience_kind="contract",
            audience_value=contract.code,
            state=PriceList.State.PUBLISHED,
            starts_on=contract.starts_on,
            until=contract.until,
        )
        lists.append(made)
        entries += [(made.id, ware.id, contract_price(ware), 0) for ware in portfolios[contract.dealer_id]]
    write_lists(lists, entries)


def has_own_prices(codes: list[str]) -> set[str]:
    """Return the codes of the contracts that have their own price list."""
    lists = PriceList.objects.filter(audience_kind="contract", audience_value__in=codes)
    return set(lists.values_list("audience_value", flat=True))


def in_force(contract: Contract, on: date) -> bool:
    return bool(contract.starts_on <= on < contract.until)
