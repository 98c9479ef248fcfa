"""A manufacturer and a dealer, and the contracts that they make with members."""

from datetime import UTC, date, datetime
from decimal import Decimal

from alliance.models import Contract
from alliance.operations.drafting import (
    NewArea,
    draft_contract,
)
from alliance.operations.new_terms import NO_TERMS
from alliance.operations.signing import (
    sign_contract,
    submit_contract,
)
from tests.factories import a_category, a_manufacturer, a_party, an_actor

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
HUIZHOU, HUICHENG, GUANGZHOU = "4413", "441302", "4401"


class World:
    """A manufacturer, a dealer and as many members as a test wants, with their people."""

    def __init__(self):
        self.maker = a_manufacturer()
        self.dealer = a_party("dealer", parent=self.maker)
        self.director = an_actor(self.maker)
        a_category("soy")
        a_category("oyster")

    def member(self):
        return a_party("member", parent=self.dealer, region_id=HUICHENG)

    def draft(self, *areas, member=None, code="C-1", spreads=(), terms=NO_TERMS, **values):
        contract = Contract(
            **{
                "code": code,
                "manufacturer": self.maker,
                "dealer": self.dealer,
                "member": member or self.member(),
                "starts_on": date(2026, 1, 1),
                "until": date(2027, 1, 1),
                "delivery_hours": 24,
                "late_fee": Decimal("50.00"),
            }
            | values
        )
        return draft_contract(
            contract=contract,
            areas=[NewArea(*area) for area in areas],
            spreads=spreads,
            terms=terms,
            by=self.director,
            at=NOW,
        )

    def submit(self, *areas, **values):
        return submit_contract(contract_id=self.draft(*areas, **values).id, by=self.director, at=NOW)

    def sign(self, contract, *parties):
        for party in parties or (contract.manufacturer, contract.dealer, contract.member):
            done = sign_contract(contract_id=contract.id, digest=contract.digest, by=an_actor(party), at=NOW)
        return done

    def active(self, *areas, **values):
        return self.sign(self.submit(*areas, **values))
