from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.utils import translation

from accounts.rights import Actor, NotAllowed, the_system
from ledger.models import Account, Book, Entry, Journal, OpenItem
from ledger.operations.books import open_book, open_books
from ledger.operations.posting import NoSuchBook, Posting, Unbalanced, post, post_many
from ledger.operations.receipts import Credit, InvalidAmount, credit_many, receive_payment
from ledger.operations.reversal import NotReversible, reverse
from ledger.operations.verification import violations
from ledger.queries import balances_of, statements_of_account
from tenancy.models import new_id
from tests.factories import a_manufacturer, a_party

AT = datetime(2026, 6, 1, 9, 30, 15, 123456, tzinfo=UTC)
SALE = [("receivable", Decimal("113.00")), ("sales", Decimal("-100.00")), ("tax", Decimal("-13.00"))]


@pytest.fixture
def book(in_acme):
    return open_book(seller_id=a_manufacturer().id, buyer_id=a_party().id)


def _sale(book, source, amount="113.00", due=date(2026, 7, 1), kind="sale"):
    value = Decimal(amount)
    return post(
        book_id=book,
        kind=kind,
        source=source,
        at=AT,
        due_on=due,
        lines=[("receivable", value), ("sales", -value)],
    )


def _balance(book, kind):
    return balances_of([book])[book][kind]


def test_a_book_has_an_account_of_every_kind(book):
    assert set(Account.objects.values_list("kind", flat=True)) == set(Account.Kind.values)


def test_opening_books_again_finds_them(in_acme):
    seller = a_manufacturer()
    pairs = [(seller.id, a_party().id) for _ in range(5)]
    first = open_books(pairs[:3])
    assert {pair: book for pair, book in open_books(pairs).items() if pair in first} == first
    assert (Book.objects.count(), Account.objects.count()) == (5, 5 * len(Account.Kind.values))


def test_a_posting_moves_the_balances_by_its_entries(book):
    post(book_id=book, kind="sale", source="s:1", at=AT, lines=SALE, due_on=date(2026, 7, 1))
    assert balances_of([book])[book]["receivable"] == Decimal("113.00")
    assert _balance(book, "sales") == Decimal("-100.00")
    item = OpenItem.objects.get()
    assert (item.due_on, item.amount, item.settled) == (date(2026, 7, 1), Decimal("113.00"), 0)


def test_a_source_posts_once(book):
    first = _sale(book, "s:1")
    again = _sale(book, "s:1", "999.00")
    assert (first.is_new, again.is_new) == (True, False)
    assert first.journal_id == again.journal_id
    assert _balance(book, "receivable") == Decimal("113.00")
    assert Journal.objects.count() == 1


def test_what_does_not_balance_is_refused(book):
    with pytest.raises(Unbalanced):
        post(book_id=book, kind="x", source="s", at=AT, lines=[("sales", Decimal(1)), ("tax", Decimal(1))])


def test_the_database_refuses_what_does_not_balance(book):
    posted = _sale(book, "s:1")
    account = Account.objects.get(kind="sales")
    with pytest.raises(DatabaseError, match="does not balance"), transaction.atomic():
        Entry.objects.create(journal_id=posted.journal_id, account=account, amount=Decimal(1))


def test_a_receivable_is_not_lowered_past_its_open_items(book):
    with pytest.raises(Unbalanced):
        _sale(book, "s:1", "-5.00")


def test_a_book_of_another_tenant_is_not_there(in_acme):
    with pytest.raises(NoSuchBook):
        _sale(new_id(), "s:1")


@pytest.mark.parametrize("change", ["UPDATE ledger_entry SET amount = 0", "DELETE FROM ledger_entry"])
@pytest.mark.parametrize("table", ["ledger_entry", "ledger_journal"])
def test_entries_are_never_edited(book, change, table):
    _sale(book, "s:1")
    sql = change.replace("ledger_entry", table).replace("amount = 0", "tenant_id = tenant_id")
    refused = pytest.raises(DatabaseError, match=r"permission denied|append-only")
    with connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute(sql)


def test_many_postings_take_three_statements(book, django_assert_num_queries):
    other = open_book(seller_id=a_manufacturer().id, buyer_id=a_party().id)
    postings = [
        Posting([book, other][i % 2], "sale", f"s:{i}", AT, SALE, due_on=date(2026, 7, 1)) for i in range(300)
    ]
    with django_assert_num_queries(3):
        made = post_many([*postings, postings[0]])
    assert len(made) == 300
    assert list(Journal.objects.filter(book=book).order_by("seq").values_list("seq", flat=True)) == list(
        range(1, 151)
    )
    assert _balance(book, "receivable") == 150 * Decimal("113.00")
    with django_assert_num_queries(2):
        assert not any(posted.is_new for posted in post_many(postings).values())
    assert violations() == []


def test_a_payment_settles_the_oldest_first_and_the_rest_waits(book):
    _sale(book, "late", "50.00", date(2026, 8, 1))
    _sale(book, "early", "30.00", date(2026, 7, 1))
    receive_payment(book_id=book, amount=Decimal("60.00"), source="p:1", by=the_system(), at=AT)
    assert dict(OpenItem.objects.values_list("source", "settled")) == {
        "early": Decimal("30.00"),
        "late": Decimal("30.00"),
    }
    receive_payment(book_id=book, amount=Decimal("25.00"), source="p:2", by=the_system(), at=AT)
    assert (_balance(book, "receivable"), _balance(book, "unapplied")) == (0, Decimal("-5.00"))
    receive_payment(book_id=book, amount=Decimal("25.00"), source="p:2", by=the_system(), at=AT)
    assert _balance(book, "cash") == Decimal("85.00")
    assert violations() == []


def test_a_credit_settles_its_own_item_first(book):
    _sale(book, "delivery:a", "50.00", date(2026, 7, 1))
    _sale(book, "delivery:b", "50.00", date(2026, 8, 1))
    credit_many([Credit(book, "return", "r:1", AT, [("sales", Decimal("20.00"))], first="delivery:b")])
    assert dict(OpenItem.objects.values_list("source", "settled"))["delivery:b"] == Decimal("20.00")


def test_many_credits_take_five_statements(book, django_assert_num_queries):
    _sale(book, "s", "50.00")
    credits = [Credit(book, "return", f"r:{i}", AT, [("sales", Decimal("0.30"))]) for i in range(200)]
    with django_assert_num_queries(5):
        credit_many(credits)
    assert (_balance(book, "receivable"), _balance(book, "unapplied")) == (0, Decimal("-10.00"))
    assert violations() == []


@pytest.mark.parametrize("amount", ["0", "-1", "0.001"])
def test_only_money_is_received(book, amount):
    with pytest.raises(InvalidAmount):
        receive_payment(book_id=book, amount=Decimal(amount), source="p", by=the_system(), at=AT)


def test_who_may_not_post_is_refused(book):
    buyer = Actor(party_id=Book.objects.get().buyer_id, party_kind="dealer", role="owner")
    with pytest.raises(NotAllowed):
        receive_payment(book_id=book, amount=Decimal(1), source="p", by=buyer, at=AT)


def test_a_reversal_takes_everything_back_once(book):
    fee = _sale(book, "s", "50.00", kind="adjustment")
    receive_payment(book_id=book, amount=Decimal("20.00"), source="p", by=the_system(), at=AT)
    first = reverse(journal_id=fee.journal_id, by=the_system(), at=AT)
    again = reverse(journal_id=fee.journal_id, by=the_system(), at=AT)
    assert (first.journal_id, again.is_new) == (again.journal_id, False)
    balances = balances_of([book])[book]
    assert (balances["receivable"], balances["sales"], balances["unapplied"]) == (0, 0, Decimal("-20.00"))
    assert violations() == []
    with pytest.raises(NotReversible):
        reverse(journal_id=first.journal_id, by=the_system(), at=AT)


@pytest.mark.parametrize(
    ("kind", "instead"),
    [
        ("sale", "record a return"),
        ("rebate", "next settlement"),
        ("guarantee", "measured again"),
        ("return", "deliver the goods again"),
        ("commitment", "cancel the order"),
        ("other", "not reversed"),
    ],
)
def test_what_follows_from_goods_or_a_settlement_is_not_reversed_but_corrected_there(book, kind, instead):
    posted = _sale(book, "s", kind=kind)
    in_english = translation.override("en")
    with in_english, pytest.raises(NotReversible, match=instead) as refused, transaction.atomic():
        reverse(journal_id=posted.journal_id, by=the_system(), at=AT)
    assert (refused.value.code, refused.value.field) == ("wrong_state", "journal")
    assert Journal.objects.count() == 1


def test_nobody_keeps_a_book_with_themselves(in_acme):
    party = a_party()
    with pytest.raises(IntegrityError, match="book_two_parties"), transaction.atomic():
        open_book(seller_id=party.id, buyer_id=party.id)


def test_a_payment_turned_back_leaves_the_debt_open(book):
    _sale(book, "s", "50.00")
    paid = receive_payment(book_id=book, amount=Decimal("60.00"), source="p", by=the_system(), at=AT)
    reverse(journal_id=paid.journal_id, by=the_system(), at=AT)
    assert (_balance(book, "receivable"), _balance(book, "unapplied")) == (Decimal("50.00"), 0)
    assert violations() == []


def test_a_payment_turned_back_at_night_is_due_on_the_tenants_day(book):
    _sale(book, "s", "50.00")
    paid = receive_payment(book_id=book, amount=Decimal("20.00"), source="p", by=the_system(), at=AT)
    reverse(journal_id=paid.journal_id, by=the_system(), at=AT.replace(hour=17))
    assert OpenItem.objects.get(amount=20).due_on == date(2026, 6, 2)


def test_a_statement_tells_what_was_owed_and_why(book):
    _sale(book, "s:1", "50.00")
    receive_payment(book_id=book, amount=Decimal("60.00"), source="p", by=the_system(), at=AT)
    statement = statements_of_account(book_id=book, since=AT, until=AT.replace(year=2027))["owed"]
    assert [line.balance for line in statement.lines] == [Decimal("50.00"), Decimal("-10.00")]
    next_year, after = AT.replace(year=2027), AT.replace(year=2028)
    later = statements_of_account(book_id=book, since=next_year, until=after)["owed"]
    assert (later.opening, later.closing, later.lines) == (Decimal("-10.00"), Decimal("-10.00"), ())


_TAMPER = {
    "a digest is that of its posting": "UPDATE ledger_journal SET memo = 'X' WHERE source = 's:2'",
    "debits equal credits": "UPDATE ledger_entry SET amount = amount + 0.01 WHERE amount > 0",
    "a balance is the fold of its entries": "UPDATE ledger_account SET balance = 7 WHERE kind = 'tax'",
    "open items add up to the receivable": "UPDATE ledger_openitem SET settled = 0.01",
    "the chain of a book is unbroken": "UPDATE ledger_journal SET seq = 9 WHERE source = 's:2'",
    "a book ends where its chain ends": "UPDATE ledger_book SET seq = seq - 1",
}


@pytest.mark.parametrize("invariant", _TAMPER)
def test_a_changed_byte_is_found(committed, invariant):
    from tenancy.context import tenant_active
    from tenancy.models import Tenant

    with tenant_active(Tenant.objects.get(slug="acme")):
        book = open_book(seller_id=a_manufacturer().id, buyer_id=a_party().id)
        for i in range(4):
            posted = post(
                book_id=book,
                kind="adjustment",
                source=f"s:{i}",
                at=AT,
                lines=SALE,
                memo="油：生抽|\n",
                posted_by="王",
            )
        reverse(journal_id=posted.journal_id, by=the_system(), at=AT)
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    assert "acme: 5 postings, 15 entries: all hold" in out.getvalue()
    _as_superuser(_TAMPER[invariant])
    out = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("verify_ledger", "--tenant", "acme", stdout=out)
    assert refused.value.returncode == 1
    assert invariant in out.getvalue()


def _as_superuser(sql):
    """Changes bytes behind the walls: the owner lifts trigger and row security."""
    tables = ("ledger_entry", "ledger_journal", "ledger_account", "ledger_openitem", "ledger_book")
    with connections["owner"].cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        cursor.execute(sql)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
