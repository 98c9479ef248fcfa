"""The database refuses each change to the terms of a signed contract, in every table of terms."""

import pytest
from django.db import DatabaseError, connection, transaction

from alliance.models import (
    Clause,
    Contract,
    ContractArea,
    ContractPortfolio,
    GuaranteeShare,
    GuaranteeTerm,
    Kpi,
    Responsibility,
    SpreadTerm,
    WordingReview,
)
from alliance.operations.new_terms import NewSpread
from catalogue.models import Portfolio
from dealers.models import Channel
from tenancy.models import new_id
from tests.alliance.operations.test_terms import everything
from tests.alliance.world import HUIZHOU, NOW
from tests.factories import a_party, a_product
from tests.people import a_user

pytestmark = pytest.mark.django_db
TABLES = (
    ContractArea,
    SpreadTerm,
    GuaranteeTerm,
    GuaranteeShare,
    Responsibility,
    Kpi,
    ContractPortfolio,
    Clause,
    WordingReview,
)
SIGNED = ("submitted", "active", "ended")
NAMES = [model.__name__ for model in TABLES]


@pytest.fixture
def contracts(world):
    """Two drafts that have a row in every table of terms."""
    Channel.objects.create(code="food", name="餐饮")
    for code in ("small", "large"):
        Portfolio.objects.create(code=code, name=code)
    product = a_product("SOY")
    made = []
    for number, region in enumerate((HUIZHOU, "4401")):
        one = world.draft(
            ("soy", region),
            code=f"C-{number}",
            spreads=[NewSpread(product.sku, "", 8, 60)],
            terms=everything(),
            member=a_party("member", parent=world.dealer),
        )
        WordingReview.objects.create(
            contract=one, number="9.1", digest="0" * 64, reason="x", person="x", user=a_user(), at=NOW
        )
        made.append(one)
    return made


def run(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def move_to(contract, state):
    for step in SIGNED[: SIGNED.index(state) + 1]:
        ended = {"ended_on": contract.until, "end_reason": "term_over"} if step == "ended" else {}
        Contract.objects.filter(id=contract.id).update(state=step, **ended)


@pytest.mark.parametrize("state", SIGNED)
@pytest.mark.parametrize("model", TABLES, ids=NAMES)
def test_rows_are_neither_added_nor_changed_nor_removed(contracts, model, state):
    signed, draft = contracts
    table, copy = model._meta.db_table, new_id()
    row = model.objects.filter(contract=signed).first()
    move_to(signed, state)
    move = "UPDATE {0} SET contract_id = %s WHERE id = %s"
    for statement, values in (
        (
            "INSERT INTO {0} SELECT (jsonb_populate_record(one, jsonb_build_object('id', %s::text))).*"
            " FROM {0} one WHERE id = %s",
            (str(copy), row.id),
        ),
        ("DELETE FROM {0} WHERE id = %s", (row.id,)),
        (move, (draft.id, row.id)),
        (move, (signed.id, model.objects.filter(contract=draft).first().id)),
    ):
        with pytest.raises(DatabaseError, match="never edited"):
            run(statement.format(table), *values)


@pytest.mark.parametrize("model", TABLES, ids=NAMES)
def test_a_drafts_rows_are_added_and_removed(contracts, model):
    row = model.objects.filter(contract=contracts[0]).first()
    assert run(f"DELETE FROM {model._meta.db_table} WHERE id = %s", row.id) == 1
    row.save(force_insert=True)


def test_every_table_of_terms_is_guarded():
    """A table that refers to a contract and is copied with it has the trigger."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgfoid = 'refuse_signed_term'::regproc"
            " AND (tgtype & 4) = 4"
        )
        guarded = {table for (table,) in cursor.fetchall()}
    assert guarded == {model._meta.db_table for model in TABLES}
