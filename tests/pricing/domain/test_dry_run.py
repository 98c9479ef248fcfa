"""The rules of a dry run: changes by quantity, the ladder, shadowed rows."""

from datetime import date
from decimal import Decimal as D

from pricing.domain.audience import Audience, Buyer
from pricing.domain.base_price import PriceBook, PriceEntry, PriceList
from pricing.domain.dry_run.changes import PriceChange, price_changes
from pricing.domain.dry_run.findings import CheckResult, Finding
from pricing.domain.dry_run.ladder import Inversion, inversions, worsened
from pricing.domain.dry_run.shadowing import Shadow, shadowed_by, shadows

DAY = date(2026, 6, 1)
DEALER = Buyer("D1", level="dealer", tier="core")
LEVEL = Audience("level", "dealer")


def a_list(code, *entries, audience=LEVEL):
    return PriceList(
        code, audience, [PriceEntry("SOY", D(price), per, least) for price, per, least in entries]
    )


def book(*lists):
    return PriceBook(lists, DEALER, DAY)


def changed(old, new, *, before=None, after=None):
    return list(
        price_changes(
            book(*old),
            book(*new),
            ["SOY"],
            draft=new[-1],
            advice_before=before or {},
            advice_after=after or {},
        )
    )


def test_a_change_holds_for_a_range_of_quantities():
    old, new = a_list("A", ("10", 1, 0), ("9", 1, 100)), a_list("A", ("11", 1, 0), ("9", 1, 50))
    first, second = changed([old], [new])
    assert (first.from_qty, first.until_qty, first.difference, first.percent) == (1, 50, D(1), D("10.0"))
    assert (second.from_qty, second.until_qty, second.percent) == (50, 100, D("-10.0"))
    assert second.new.is_drafts
    assert not second.old.is_drafts


def test_the_same_price_by_the_case_is_no_change():
    assert changed([a_list("A", ("10", 1, 0))], [a_list("B", ("240", 24, 0))]) == []


def test_a_first_and_a_last_price_have_no_percentage():
    priced, nothing = a_list("A", ("10", 3, 0)), a_list("A")
    (added,) = changed([nothing], [priced])
    assert (added.old, added.percent, added.difference) == (None, None, 0)
    assert added.new.each == D("3.3333")
    (dropped,) = changed([priced], [nothing])
    assert (dropped.new, dropped.percent) == (None, None)
    (free,) = changed([a_list("A", ("0", 1, 0))], [priced])
    assert free.percent is None


def test_a_change_of_advice_alone_counts():
    old, new = a_list("A", ("10", 2, 0)), a_list("A", ("10", 2, 0))
    (found,) = changed([old], [new], before={("A", "SOY", 0): D(14)}, after={("A", "SOY", 0): D(13)})
    assert (found.old.advised_each, found.new.advised_each, found.difference) == (7, D("6.5"), 0)
    assert changed([old], [new]) == []
    assert PriceChange("SOY", 1, None, None, new=None).percent is None
    (gone,) = changed([old], [new], before={("A", "SOY", 0): D(14)})
    assert gone.new.advised_each is None


def test_a_step_that_is_cheaper_than_the_one_before_is_inverted():
    ladder = {"factory": D(78), "dealer": D("97.20"), "member": D("96.80"), "outlet": D(108)}
    found = inversions(ladder)
    assert found == (Inversion("dealer", "member", D("0.40")),)
    assert inversions({"dealer": D(5), "outlet": D(4)}) == (Inversion("dealer", "outlet", D(1)),)
    assert inversions({"dealer": D(5), "member": D(5)}) == ()
    assert inversions({}) == ()
    assert worsened((), found)
    assert not worsened(found, found)
    assert worsened((Inversion("dealer", "member", D("0.39")),), found)


def test_a_row_is_shadowed_by_what_takes_precedence_for_its_buyers():
    draft = a_list("DRAFT", ("10", 1, 0), ("8", 1, 100))
    tier = a_list("TIER", ("9", 1, 50), audience=Audience("tier", "core"))
    other = Buyer("D2", level="dealer")
    ours, theirs = book(draft, tier), PriceBook([draft, tier], other, DAY)
    assert shadowed_by(ours, draft.entries[0], draft) is None
    assert shadowed_by(ours, draft.entries[1], draft) == "TIER"
    assert shadowed_by(book(), draft.entries[1], draft) is None
    assert shadows([(ours, 3), (theirs, 4)], draft) == [Shadow("SOY", 100, 3, 7, ("TIER",))]
    (total,) = shadows([(ours, 3), (ours, 2)], draft)
    assert total.is_total
    assert total.buyers == 5


def test_a_result_counts_its_findings_unless_it_lists_only_some():
    result = CheckResult([Finding({}), Finding({}, is_breaking=True)])
    assert (result.total, result.breaking) == (2, 1)
    assert CheckResult(count=7).total == 7
