"""The printed contract: its number, numbered clauses, and the names of those who signed."""

import pytest
from django.urls import reverse
from django.utils import timezone

from alliance.models import Signature
from alliance.operations.contract_text import digest_of, text_of
from tests.factories import a_contract, a_party
from tests.people import a_user
from tests.scene import Scene
from tests.scene import text_of as words_of

pytestmark = pytest.mark.django_db


def test_the_text_has_a_number_numbered_clauses_and_signatories(acme):
    scene = Scene(acme)
    with scene.inside():
        dealer = scene.trade.buyer
        contract = a_contract(dealer, a_party("member", parent=dealer), code="HT-7", state="draft")
        contract.text = text_of(contract)
        contract.digest, contract.state = digest_of(contract.text), "submitted"
        contract.save()
        person = a_user(first_name="陈鼎文")
        Signature.objects.create(
            contract=contract, party=dealer, user=person, digest=contract.digest, at=timezone.now()
        )
    words = words_of(scene.director.get(reverse("contract-text", args=[contract.id])))
    assert "Contract No. HT-7-1" in words
    for number in ("1.1", "1.2", "1.3", "1.4", "5.1", "6."):
        assert f"{number} " in words
    assert f"Signatory {person}" in words
    assert words.count("not signed yet") == 2
