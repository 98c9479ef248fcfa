"""Warnings before signing, the PDF, the public check, the deposit, renewal and certified signatures."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from alliance.models import Contract, Signature, SigningRequest
from alliance.operations.drafting import edit_contract
from alliance.operations.printing import print_contract, verification_path
from alliance.operations.signing import reopen_contract, submit_contract
from ledger.operations.books import open_book
from ledger.operations.held_money import move_held_money
from tenancy.context import tenant_active
from tests.alliance.signature_provider import SECRET, WANTED
from tests.alliance.web.world import AT, TODAY, AllianceWorld, alliance_world
from tests.factories import a_party, an_actor
from tests.people import a_membership

pytestmark = pytest.mark.django_db
NOTHING_FOUND = "0" * 64


@pytest.fixture
def world() -> AllianceWorld:
    return alliance_world()


def page_of(world: AllianceWorld, person: Any, path: str) -> str:
    answer = world.client(person).get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def stranger_of(world: AllianceWorld) -> Any:
    with tenant_active(world.tenant):
        return a_membership(a_party("member", parent=world.dealer, name="别家批发部"))


def test_a_signer_is_warned_of_a_past_beginning_and_a_near_end(world: AllianceWorld) -> None:
    soon = world.submitted("C-SOON", until=TODAY + timedelta(days=20))
    page = page_of(world, world.member_owner, f"/contracts/{soon.id}/sign")
    assert page.count("tp-is-warn") == 2
    later = world.submitted("C-LATER", starts_on=TODAY, until=TODAY + timedelta(days=365))
    page = page_of(world, world.member_owner, f"/contracts/{later.id}/sign")
    assert "tp-is-warn" not in page


def test_a_signer_is_warned_of_what_differs_from_the_proposal(world: AllianceWorld) -> None:
    contract = world.submitted(starts_on=TODAY)
    with tenant_active(world.tenant):
        director = an_actor(world.maker)
        draft = reopen_contract(contract_id=contract.id, by=director, at=AT)
        draft.late_fee = Decimal("77.00")
        edit_contract(contract=draft, by=director, at=AT)
        submit_contract(contract_id=contract.id, by=director, at=AT)
    page = page_of(world, world.dealer_owner, f"/contracts/{contract.id}/sign")
    assert "tp-is-warn" in page
    assert "77" in page


def test_each_promise_names_its_clause_and_its_screen(world: AllianceWorld) -> None:
    contract = world.submitted(security_deposit=Decimal(5000))
    page = page_of(world, world.member_owner, f"/contracts/{contract.id}/sign")
    for kind in ("spread", "service"):
        assert f"/contracts/{contract.id}/evidence?kind={kind}" in page
    assert f"/contracts/{contract.id}/deposit" in page
    for promise in re.findall(r'<ul class="tp-promises">(.*?)</ul>', page, re.DOTALL):
        assert promise.count("<li>") <= promise.count("条款") + promise.count("/deposit")


def test_a_signature_keeps_when_and_from_where_it_came(world: AllianceWorld) -> None:
    contract = world.submitted()
    signing = {"digest": contract.digest, "read": "yes"}
    client = world.client(world.member_owner)
    client.post(f"/contracts/{contract.id}/sign", signing, HTTP_USER_AGENT="Phone " * 50)
    with tenant_active(world.tenant):
        (row,) = Signature.objects.all()
    assert (row.method, row.ip_address, len(row.agent)) == ("click", "127.0.0.1", 120)


def test_a_contract_signed_for_later_says_so_on_every_screen(world: AllianceWorld) -> None:
    first = TODAY + timedelta(days=30)
    contract = world.active(starts_on=first)
    words = f"{first.year}年{first.month}月{first.day}日", f"{first:%Y-%m-%d}", f"{first:%Y/%m/%d}"
    for path in (f"/contracts/{contract.id}", "/contracts"):
        page = page_of(world, world.member_owner, path)
        assert "已签" in page
        assert any(one in page for one in words) or f"{first.year}/{first.month}/{first.day}" in page


def test_the_pdf_is_in_the_language_of_its_reader(world: AllianceWorld) -> None:
    contract = world.active()
    client = world.client(world.member_owner)
    chinese = client.get(f"/contracts/{contract.id}/pdf")
    english = client.get(f"/contracts/{contract.id}/pdf?lang=en")
    for answer in (chinese, english):
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")
    assert 'filename="C-0412-v1.pdf"' in chinese["Content-Disposition"]
    assert chinese.content != english.content
    with tenant_active(world.tenant):
        loaded = Contract.objects.select_related("manufacturer", "dealer", "member").get(id=contract.id)
        again = print_contract(loaded, language="en", base_url="http://testserver/")
    assert again.content == english.content


def test_a_draft_is_printed_without_a_hash(world: AllianceWorld) -> None:
    draft = world.draft()
    answer = world.client(world.director).get(f"/contracts/{draft.id}/pdf")
    assert answer.content.startswith(b"%PDF-")


def test_nobody_else_opens_the_pdf_the_deposit_or_the_signing_page(world: AllianceWorld) -> None:
    contract = world.active(security_deposit=Decimal(5000))
    client = world.client(stranger_of(world))
    for page in ("", "/pdf", "/deposit", "/sign", "/text", "/evidence", "/compare"):
        assert client.get(f"/contracts/{contract.id}{page}").status_code == 404
    assert contract.code not in client.get("/contracts").content.decode()


def test_anybody_learns_whether_three_signed_and_nothing_else(world: AllianceWorld) -> None:
    contract = world.submitted()
    with tenant_active(world.tenant):
        path = verification_path(contract)
    visitors = (Client(), world.client(world.member_owner), world.client(stranger_of(world)))

    def pages() -> list[str]:
        answers = [visitor.get(path, HTTP_ACCEPT_LANGUAGE="en") for visitor in visitors]
        assert [one.status_code for one in answers] == [200] * 3
        return [one.content.decode() for one in answers]

    assert "Not signed by all three" in pages()[0]
    world.sign(contract, world.maker)
    assert "signature 1 of 3" in pages()[0]
    world.sign(contract, world.dealer, world.member)
    for page in pages():
        assert contract.digest[:32] in page
        body = page[page.index("<main") : page.index("</main")]
        for secret in (world.maker.name, world.dealer.name, world.member.name, contract.code, "6.5", "120"):
            assert secret not in body
    assert "Signed by all three" in pages()[0]


def test_an_unknown_code_is_not_found(world: AllianceWorld) -> None:
    contract = world.submitted()
    with tenant_active(world.tenant):
        path = verification_path(contract)
    for wrong in (
        f"/contracts/verify/{NOTHING_FOUND}",
        path[:-1],
        path[:-4] + "0000" if not path.endswith("0000") else path[:-4] + "1111",
        "/contracts/verify/x",
    ):
        assert Client().get(wrong).status_code == 404
    with tenant_active(world.tenant):
        reopen_contract(contract_id=contract.id, by=an_actor(world.maker), at=AT)
    assert Client().get(path).status_code == 404


def test_the_deposit_is_due_received_and_returned(world: AllianceWorld) -> None:
    contract = world.active(security_deposit=Decimal(5000))
    path = f"/contracts/{contract.id}/deposit"
    assert "5,000.00" in page_of(world, world.member_owner, path)
    with tenant_active(world.tenant):
        book = open_book(seller_id=world.dealer.id, buyer_id=world.member.id)
        move_held_money(
            kind="security_deposit",
            book_id=book,
            amount=Decimal(1200),
            source="v1",
            by=an_actor(world.dealer),
            at=AT,
            memo="回单 8812",
        )
    page = page_of(world, world.member_owner, path)
    assert "1,200.00" in page
    assert "3,800.00" in page
    assert "回单 8812" in page
    assert f"/books/{book}" in page_of(world, world.dealer_owner, path)
    assert "1,200.00" in page_of(world, world.director, f"/contracts/{contract.id}/end")


def test_the_end_page_lists_what_is_open_and_explains_the_notice(world: AllianceWorld) -> None:
    contract = world.active()
    page = page_of(world, world.director, f"/contracts/{contract.id}/end")
    assert "30" in page
    sent = {
        "reason": "区域重划",
        "kind": "reorganised",
        "ended_by": "manufacturer",
        "last_day": (TODAY + timedelta(days=1)).isoformat(),
    }
    wrong = world.client(world.director).post(f"/contracts/{contract.id}/end", sent | {"kind": "term_over"})
    assert wrong.status_code == 422
    late = sent | {"last_day": contract.until.isoformat()}
    assert world.client(world.director).post(f"/contracts/{contract.id}/end", late).status_code == 422


def test_the_renewal_is_prefilled_with_the_term_that_follows(world: AllianceWorld) -> None:
    contract = world.active(until=TODAY + timedelta(days=60))
    page = page_of(world, world.director, f"/contracts/{contract.id}")
    path = f"/contracts/{contract.id}/revise?renew=1"
    assert path in page
    form = page_of(world, world.director, path)
    assert f'value="{contract.until.isoformat()}"' in form
    sent = {
        "starts_on": contract.until.isoformat(),
        "last_day": (contract.until + timedelta(days=200)).isoformat(),
    }
    assert world.client(world.director).post(path, sent).status_code == 302
    with tenant_active(world.tenant):
        made = Contract.objects.get(code=contract.code, version=2)
    assert (made.state, made.starts_on) == ("draft", contract.until)


class Certified:
    """A party's way through the provider of the tests."""

    def __init__(self, world: AllianceWorld, contract: Contract) -> None:
        self.world, self.contract = world, contract

    def request(self, person: Any, provider: str = "test-ca", digest: str = "") -> Any:
        sent = {"digest": digest or self.contract.digest, "provider": provider}
        return self.world.client(person).post(f"/contracts/{self.contract.id}/certified", sent)

    def calls_back(self, reference: str, secret: str = SECRET, **changed: str) -> int:
        body = {"reference": reference, "digest": self.contract.digest, "certificate": "CERT-1"} | changed
        path = WANTED[-1].callback_url.removeprefix("http://localhost:8000")
        answer = Client().post(
            path, json.dumps(body), content_type="application/json", headers={"X-Secret": secret}
        )
        return answer.status_code


def test_a_certified_signature_is_requested_and_completed_by_the_provider(
    world: AllianceWorld, settings: Any
) -> None:
    settings.SIGNATURE_PROVIDERS = ["tests.alliance.signature_provider.FakeProvider"]
    contract = world.submitted()
    certified = Certified(world, contract)
    assert "Test CA" in page_of(world, world.member_owner, f"/contracts/{contract.id}/sign")
    answer = certified.request(world.member_owner)
    assert (answer.status_code, answer["Location"][:23]) == (302, "https://ca.example/sign")
    with tenant_active(world.tenant):
        reference = SigningRequest.objects.get().reference
    assert certified.calls_back(reference, secret="guessed") == 422
    assert certified.calls_back("another") == 422
    assert certified.calls_back(reference, digest="0" * 64) == 422
    assert certified.calls_back(reference, certificate="") == 422
    with tenant_active(world.tenant):
        assert not Signature.objects.exists()
    assert [certified.calls_back(reference) for _again in range(2)] == [200, 200]
    with tenant_active(world.tenant):
        (row,) = Signature.objects.all()
    assert (row.party_id, row.user_id) == (world.member.id, world.member_owner.user_id)
    assert (row.method, row.certificate) == ("test-ca", "CERT-1")


def test_a_provider_that_is_not_installed_signs_nothing(world: AllianceWorld, settings: Any) -> None:
    contract = world.submitted()
    assert Certified(world, contract).request(world.member_owner).status_code == 409
    path = f"/contracts/signatures/test-ca/{world.tenant.id}"
    assert Client().post(path, "{}", content_type="application/json").status_code == 404
    settings.SIGNATURE_PROVIDERS = ["tests.alliance.signature_provider.FakeProvider"]
    assert Certified(world, contract).request(world.member_owner, digest="0" * 64).status_code == 409
    assert Certified(world, contract).request(stranger_of(world)).status_code == 404
