"""When two spellings name the same bank voucher."""

import pytest

from ledger.domain.vouchers import voucher_key


@pytest.mark.parametrize(
    "typed",
    [
        "BANK-1",
        "bank-1",
        " Bank 1 ",
        "ＢＡＮＫ１",
        "BANK\u200b-1",
        "bank–1",
        "BANK_1",
        "b.a.n.k/1",
        "BANK\u00a01",
    ],
)
def test_a_spelling_makes_no_other_voucher(typed):
    assert voucher_key(typed) == "bank1"


@pytest.mark.parametrize(
    ("typed", "key"), [("回单 20261130", "回单20261130"), ("01", "01"), ("①", "1"), (" - ", "")]
)
def test_letters_and_digits_count(typed, key):
    assert voucher_key(typed) == key


def test_two_numbers_are_two_vouchers():
    assert len({voucher_key(one) for one in ("BANK-1", "BANK-10", "BANK-01", "BANK")}) == 4
