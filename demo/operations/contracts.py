"""Create tri-party contracts with exclusive regions, spread and service, in every state."""

from __future__ import annotations

from collections import Counter
from datetime import date, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange, NumericRange

from accounts.rights import Actor
from alliance.models import Contract, ContractArea, Signature, SpreadTerm
from alliance.models.contract import all_channels
from alliance.operations.contract_text import digest_of, text_of
from alliance.operations.drafting import index_contracts
from alliance.operations.signing import sign_contract, submit_contract
from alliance.operations.versions import draft_next_version
from catalogue.models import Category
from dealers.models import Membership, Party, Region
from demo.operations.contract_lives import end_contract_of_demo
from demo.operations.contract_terms import add_terms, make_template, set_own_fields
from demo.operations.price_lists import Entry, portfolio, write_lists
from demo.operations.prices import CONTRACT, advised_resale, contract_price, member_price
from demo.operations.scenario import ONE_CLICK_PARTIES, Plan, Ware, World, moment, month_start, read_world
from kernel.money import unit_price
from pricing.models import PriceList

DRAFTS, SUBMITTED, ENDED = 0.04, 0.06, 0.06
PROMISED = 6
OWN_PRICES_EVERY = 5
HOURS = (24, 48, 48, 72)
LATE_FEES = ("20", "50", "100")
DEPOSIT, DEPOSIT_EVERY = Decimal(5000), 5
GUARANTEED_SHARE = Decimal("0.9")
GENEROUS_SHARE = Decimal("1.2")
State = Contract.State


def make_contracts(plan: Plan) -> str:
    world = read_world()
    wanted = round(plan.scale.contracts * (1 + DRAFTS + SUBMITTED))
    states = _states(plan, min(wanted, len(world.members)))
    contracts, areas, spreads = _drafts(plan, world, states)
    Contract.objects.bulk_create(contracts)
    ContractArea.objects.bulk_create(areas)
    SpreadTerm.objects.bulk_create(spreads)
    stored = Contract.objects.select_related("manufacturer", "dealer", "member")
    contracts = list(stored.order_by("code"))
    add_terms(contracts, world, spreads=PROMISED)
    make_template(contracts[0], plan)
    index_contracts(contracts)
    signing = Membership.objects.filter(role__in=("director", "owner"))
    signers = dict(signing.values_list("party_id", "user_id"))
    signatures = []
    for contract, state in zip(contracts, states, strict=True):
        signatures += _move_on(plan, contract, state, signers)
    Contract.objects.bulk_update(
        contracts,
        [
            "state",
            "text",
            "digest",
            "proposed_text",
            "submitted_at",
            "activated_at",
            "until",
            "ended_on",
            "end_reason",
            "end_note",
            "ended_by_role",
            "end_notice_on",
        ],
        batch_size=100,
    )
    Signature.objects.bulk_create(signatures)
    active = [contract.id for contract, state in zip(contracts, states, strict=True) if state == State.ACTIVE]
    ContractArea.objects.filter(contract__in=active).update(holds=True)
    _own_prices(world, [contract for contract in contracts if contract.state == State.ACTIVE])
    count = Counter(states)
    return "、".join(f"{state.label} {count[state]}" for state in State if count[state])


def _drafts(
    plan: Plan, world: World, states: list[State]
) -> tuple[list[Contract], list[ContractArea], list[SpreadTerm]]:
    chance = plan.chance("contracts")
    people = Party.objects.in_bulk()
    maker = people[world.maker.id]
    categories = list(Category.objects.order_by("code"))
    regions = Region.objects.in_bulk([one.region for one in world.members if one.region])
    contracts, areas, spreads = [], [], []
    taken: Counter[str | None] = Counter()
    for number, (member, state) in enumerate(zip(world.members, states, strict=False), 1):
        is_one_click = number <= ONE_CLICK_PARTIES
        starts_on, until = _term(plan, chance, state, is_one_click=is_one_click)
        contract = Contract(
            code=f"HT-{number:04}",
            manufacturer=maker,
            member=people[member.id],
            dealer=people[member.parent_id],
            starts_on=starts_on,
            until=until,
            delivery_hours=HOURS[-1] if is_one_click else chance.choice(HOURS),
            late_fee=Decimal(chance.choice(LATE_FEES)),
            security_deposit=DEPOSIT if number % DEPOSIT_EVERY == 1 else Decimal(0),
        )
        set_own_fields(contract)
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
                channels=all_channels(),
                term=DateRange(contract.starts_on, contract.until),
            )
            for category in categories[at : at + 2]
        ]
        for clause, ware in enumerate(chance.sample(world.wares[:24], PROMISED), 1):
            generous = chance.random() < 0.06 or (is_one_click and clause == 1)
            spreads.append(_promise(contract, clause, ware, generous=generous))
    return contracts, areas, spreads


def _term(plan: Plan, chance: Random, state: State, *, is_one_click: bool) -> tuple[date, date]:
    """Return the first day and the day after the term: of what is not signed yet, in the future.

    Those of the members that people act for hold since before the first day, and end soon.
    """
    if state in (State.SUBMITTED, State.DRAFT):
        starts_on = month_start(plan.day, chance.randint(1, 3))
        return starts_on, month_start(starts_on, 24)
    if is_one_click:
        return month_start(plan.day, -14), month_start(plan.day, 2)
    starts_on = month_start(plan.day, -chance.randint(2, 15))
    months = 13 if starts_on < plan.first_day + timedelta(days=60) else 24
    return starts_on, max(month_start(starts_on, months), month_start(plan.day, 1))


def _promise(contract: Contract, clause: int, ware: Ware, *, generous: bool) -> SpreadTerm:
    """Guarantee nine tenths of the actual spread; a generous term exceeds it, so that it is broken."""
    advised = advised_resale(ware)
    spread = (advised - member_price(ware)) * (GENEROUS_SHARE if generous else GUARANTEED_SHARE)
    return SpreadTerm(
        contract=contract,
        product_id=ware.id,
        clause=f"3.{clause}",
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
    number = int(contract.code[-4:])
    if state == State.ENDED and number % 4 == 0:
        end_contract_of_demo(plan, contract, number)
    contract.text = text_of(contract)
    contract.digest = digest_of(contract.text)
    contract.proposed_text = contract.text
    if state == State.ENDED and number % 4:
        end_contract_of_demo(plan, contract, number)
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


def renew_contracts(plan: Plan) -> int:
    """Submit the next version of the one-click members' contracts; return their number.

    The manufacturer has signed each; of the second also the dealer, so that each party finds one to sign.
    """
    world = read_world()
    one_click = Contract.objects.filter(member__in=[one.id for one in world.members[:ONE_CLICK_PARTIES]])
    for number, old in enumerate(one_click.filter(state=State.ACTIVE).order_by("code")):
        made = draft_next_version(
            contract_id=old.id,
            starts_on=old.until,
            until=month_start(old.until, 24),
            by=plan.by,
            at=plan.now,
        )
        made = submit_contract(contract_id=made.id, by=plan.by, at=plan.now)
        for party in (made.manufacturer_id, made.dealer_id)[: number + 1]:
            sign_contract(contract_id=made.id, digest=made.digest, by=_signatory(party), at=plan.now)
    return one_click.filter(state=State.SUBMITTED).count()


def _signatory(party_id: UUID) -> Actor:
    signing = Membership.objects.filter(party_id=party_id, role__in=("director", "owner"))
    found = signing.select_related("user").order_by("id")[0]
    return Actor(party_id, found.party_kind, found.role, found.user_id, str(found.user))


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
        entries += [
            (made.id, ware.id, contract_price(ware), 0, advised_resale(ware))
            for ware in portfolios[contract.dealer_id]
        ]
    write_lists(lists, entries)


def has_own_prices(codes: list[str]) -> set[str]:
    """Return the codes of the contracts that have their own price list."""
    lists = PriceList.objects.filter(audience_kind="contract", audience_value__in=codes)
    return set(lists.values_list("audience_value", flat=True))


def in_force(contract: Contract, on: date) -> bool:
    return bool(contract.starts_on <= on < contract.until)
