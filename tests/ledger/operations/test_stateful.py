"""Any order of postings, receipts, reversals and repeats, on the real tables as the site's role.

Beside them runs a ledger of a few dictionaries; after each step the two must agree.
"""

from collections import defaultdict
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.rights import the_system
from ledger.models import Account, Journal, OpenItem
from ledger.operations.books import open_books
from ledger.operations.held_money import HELD, MOVEMENTS, OverBalance, move_held_money, use_prepayment
from ledger.operations.posting import Posting, Unbalanced, post, post_many
from ledger.operations.receipts import Credit, credit_many, receive_payment
from ledger.operations.reversal import REVERSIBLE, NotReversible, reverse
from ledger.operations.verification import size, violations
from ledger.queries import balances_of, statements_of_account
from tests.factories import a_manufacturer, a_party

AT = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
ME = the_system()
BOOKS = 3
books = st.integers(0, BOOKS - 1)
cents = st.integers(1, 30_000) | st.sampled_from([1, 2, 50, 100])
money = cents.map(lambda count: Decimal(count).scaleb(-2))
ways = st.sampled_from(["post", "payment", "prepayment", "credit"])
movements = st.sampled_from(sorted(MOVEMENTS))
days = st.integers(0, 3).map(lambda n: date(2026, 6, 1) + timedelta(n))


class Model:
    """A book as dictionaries: balances by account, open items in the order in which they are settled."""

    def __init__(self):
        self.balances = defaultdict(Decimal, dict.fromkeys(Account.Kind.values, Decimal(0)))
        self.items = []
        self.posted = {}

    def post(self, source, lines, due=None):
        for kind, amount in lines:
            self.balances[kind] += amount
        self.posted[source] = lines
        owed = sum(amount for kind, amount in lines if kind == "receivable")
        if owed > 0:
            self.items.append({"source": source, "due": due, "left": owed})

    def credit(self, source, account, amount, first=""):
        rest = amount
        oldest = sorted(self.items, key=lambda item: item["due"])
        for item in sorted(oldest, key=lambda item: not (first and item["source"].startswith(first))):
            part = min(rest, item["left"])
            item["left"] -= part
            rest -= part
        self.post(source, [(account, amount), ("receivable", rest - amount), ("unapplied", -rest)])

    def reverse(self, source):
        lines = [(kind, -amount) for kind, amount in self.posted[source]]
        for item in self.items:
            if item["source"] == source:
                settled = sum(amount for kind, amount in lines if kind == "receivable") + item["left"]
                lines += [("receivable", -settled), ("unapplied", settled)]
                item["left"] = Decimal(0)
        self.post(f"back:{source}", lines, AT.date())


class LedgerMachine(RuleBasedStateMachine):
    journals = Bundle("journals")

    def __init__(self):
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        seller = a_manufacturer()
        made = open_books([(seller.id, a_party().id) for _ in range(BOOKS)])
        self.books = sorted(made.values())
        self.models = [Model() for _ in self.books]
        self.ids = {}
        self.numbers = iter(range(10**6))

    def source(self):
        return f"s:{next(self.numbers):04}"

    def note(self, source, posted):
        assert posted.is_new
        self.ids[source] = posted.journal_id
        return source

    @contextmanager
    def nothing_changes(self):
        before = size()
        with transaction.atomic():
            yield
        assert size() == before

    @initialize(target=journals)
    def nothing(self):
        return multiple()

    @rule(target=journals, book=books, net=money, tax=money, due=days)
    def sell(self, book, net, tax, due):
        lines = [("receivable", net + tax), ("sales", -net), ("tax", -tax)]
        source = self.source()
        posted = post(
            book_id=self.books[book], kind="adjustment", source=source, at=AT, lines=lines, due_on=due
        )
        self.models[book].post(source, lines, due)
        return self.note(source, posted)

    @rule(target=journals, batch=st.lists(st.tuples(books, money, days), min_size=1, max_size=6))
    def sell_many(self, batch):
        postings, again = [], []
        for book, amount, due in batch:
            lines = [("receivable", amount), ("sales", -amount)]
            source = self.source()
            postings.append(Posting(self.books[book], "sale", source, AT, lines, due_on=due))
            again.append(Posting(self.books[book], "sale", source, AT, lines * 2, due_on=due))
            self.models[book].post(source, lines, due)
        made = post_many([*postings, *again])
        return multiple(*(self.note(source, posted) for source, posted in made.items()))

    @rule(target=journals, book=books, amount=money)
    def order(self, book, amount):
        lines = [("committed", amount), ("commitment", -amount)]
        source = self.source()
        posted = post(book_id=self.books[book], kind="order", source=source, at=AT, lines=lines)
        self.models[book].post(source, lines)
        return self.note(source, posted)

    @rule(target=journals, book=books, amount=money)
    def receive(self, book, amount):
        source = self.source()
        posted = receive_payment(book_id=self.books[book], amount=amount, source=source, by=ME, at=AT)
        self.models[book].credit(source, "cash", amount)
        return self.note(source, posted)

    @rule(target=journals, book=books, amount=money, kind=movements)
    def move(self, book, amount, kind):
        """A prepayment or security deposit is received; no more is refunded or forfeited than is held."""
        source, model, movement = self.source(), self.models[book], MOVEMENTS[kind]
        given = {"book_id": self.books[book], "amount": amount, "by": ME, "at": AT, "memo": "clause 9"}
        if movement.debit in HELD and amount > -model.balances[movement.debit]:
            with self.nothing_changes(), pytest.raises(OverBalance), transaction.atomic():
                move_held_money(kind=kind, source=source, **given)
            return multiple()
        posted = move_held_money(kind=kind, source=source, **given)
        model.post(source, [(movement.debit, amount), (movement.credit, -amount)])
        return self.note(source, posted)

    @rule(target=journals, book=books, amount=money)
    def spend(self, book, amount):
        """A prepayment settles open items, no more than is prepaid and open."""
        source, model = self.source(), self.models[book]
        given = {"book_id": self.books[book], "amount": amount, "source": source, "by": ME, "at": AT}
        if amount > min(-model.balances["prepayment"], model.balances["receivable"]):
            with self.nothing_changes(), pytest.raises(OverBalance), transaction.atomic():
                use_prepayment(**given)
            return multiple()
        posted = use_prepayment(**given)
        model.credit(source, "prepayment", amount)
        return self.note(source, posted)

    @rule(target=journals, sale=journals, book=books, amounts=st.lists(money, min_size=1, max_size=3))
    def take_back(self, sale, book, amounts):
        credits, model = [], self.models[book]
        for amount in amounts:
            source = self.source()
            credits.append(
                Credit(self.books[book], "return", source, AT, [("sales", amount)], "", "", first=sale)
            )
            model.credit(source, "sales", amount, first=sale)
        made = credit_many(credits)
        return multiple(*(self.note(source, posted) for source, posted in made.items()))

    @rule(source=consumes(journals))
    def turn_back(self, source):
        (model,) = (model for model in self.models if source in model.posted)
        if Journal.objects.get(id=self.ids[source]).kind not in REVERSIBLE:
            with self.nothing_changes(), pytest.raises(NotReversible), transaction.atomic():
                reverse(journal_id=self.ids[source], by=ME, at=AT)
            return
        if any(kind in HELD and amount < model.balances[kind] for kind, amount in model.posted[source]):
            with self.nothing_changes(), pytest.raises(OverBalance), transaction.atomic():
                reverse(journal_id=self.ids[source], by=ME, at=AT)
            return
        done = reverse(journal_id=self.ids[source], by=ME, at=AT)
        model.reverse(source)
        self.note(f"back:{source}", done)
        with self.nothing_changes():
            again = reverse(journal_id=self.ids[source], by=ME, at=AT)
            with pytest.raises(NotReversible):
                reverse(journal_id=done.journal_id, by=ME, at=AT)
        assert (again.is_new, again.journal_id) == (False, done.journal_id)

    @rule(
        source=journals,
        book=books,
        amount=money,
        how=ways,
    )
    def repeat(self, source, book, amount, how):
        """Whatever comes with a source that is known, in whichever book, is not posted."""
        book_id = self.books[book]
        with self.nothing_changes():
            if how == "post":
                lines = [("receivable", amount), ("sales", -amount)]
                told = post(book_id=book_id, kind="sale", source=source, at=AT, lines=lines)
            elif how == "payment":
                told = receive_payment(book_id=book_id, amount=amount, source=source, by=ME, at=AT)
            elif how == "prepayment":
                told = use_prepayment(book_id=book_id, amount=amount, source=source, by=ME, at=AT)
            else:
                told = credit_many([Credit(book_id, "return", source, AT, [("sales", amount)])])[source]
        assert (told.is_new, told.journal_id) == (False, self.ids[source])

    @rule(book=books, good=money, bad=money)
    def refuse(self, book, good, bad):
        """One posting of a batch that does not balance, or lowers a receivable, and none is posted."""
        fine = [("receivable", good), ("sales", -good)]
        for wrong in ([("sales", bad)], [("receivable", -bad), ("sales", bad)]):
            batch = [Posting(self.books[book], "sale", self.source(), AT, lines) for lines in (fine, wrong)]
            with self.nothing_changes(), pytest.raises(Unbalanced):
                post_many(batch)

    @invariant()
    def the_ledger_holds(self):
        assert violations() == []
        assert size()[0] == len(self.ids)

    @invariant()
    def every_balance_is_as_expected(self):
        found = balances_of(self.books)
        for book, model in zip(self.books, self.models, strict=True):
            assert found[book] == model.balances
            assert model.balances["receivable"] == sum(item["left"] for item in model.items) >= 0
            assert sum(found[book].values()) == 0

    @invariant()
    def each_open_item_is_settled_as_far_as_expected(self):
        expected = {item["source"]: item["left"] for model in self.models for item in model.items}
        found = OpenItem.objects.values_list("journal_id", "amount", "settled")
        left = {journal: amount - settled for journal, amount, settled in found}
        assert left == {self.ids[source]: rest for source, rest in expected.items()}

    @precondition(lambda self: self.ids)
    @rule(book=books)
    def ask_for_the_account(self, book):
        found = statements_of_account(book_id=self.books[book], since=AT, until=AT + timedelta(1))
        balances = self.models[book].balances
        assert {one.opening for one in found.values()} == {0}
        assert found["owed"].closing == balances["receivable"] + balances["unapplied"]
        assert found["prepayment"].closing == -balances["prepayment"] >= 0
        assert found["security_deposit"].closing == -balances["security_deposit"] >= 0

    def teardown(self):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)


def test_whatever_is_posted_in_whatever_order_the_ledger_adds_up(in_acme):
    tried = settings(
        max_examples=50,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    run_state_machine_as_test(LedgerMachine, settings=tried)
