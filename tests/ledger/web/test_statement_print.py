"""The printed statement of account: letterhead, whom it is for, its number, room for the seals, no form."""

import re
from pathlib import Path

import pytest
from django.urls import reverse

from ledger.operations.books import open_book
from tests.scene import Scene, text_of

pytestmark = pytest.mark.django_db


def test_a_statement_is_printed_with_letterhead_and_seals(acme):
    scene = Scene(acme)
    with scene.inside():
        seller, buyer = scene.trade.seller, scene.trade.buyer
        seller.address, seller.uscc = "佛山市文昌路 316 号", "91440605MEHH2BEM47"
        seller.save()
        book = open_book(seller_id=seller.id, buyer_id=buyer.id)
    page = scene.as_("finance").get(reverse("book", args=[book]), {"until": "2026-11-30"})
    content = page.content.decode()
    letterhead = content[content.index("tp-letterhead") :]
    assert seller.address in letterhead
    assert seller.uscc in letterhead
    assert "F-D1-20261130" in letterhead
    seals = content[content.index("tp-seals") :]
    assert (seller.name in seals, buyer.name in seals, "Seal" in text_of(page)) == (True, True, True)
    with_payment_form = content[content.index("tp-side") :]
    assert "tp-no-print" in content[content.index("tp-side") - 20 : content.index("tp-side") + 40]
    assert 'id="payment"' in with_payment_form


def test_forms_are_not_printed():
    rules = Path("static/kit.css").read_text("utf-8")
    printed = rules[rules.index("@media print") :]
    assert re.search(r"main form, main header form \{ display: none !important; \}", printed)
