"""The public pages of recruitment, and the board of the reviewers."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alliance.models import Application, Authorisation
from alliance.operations import reviewing
from alliance.operations.authorising import issue_authorisation
from alliance.web import application_form
from approvals.models import Approval
from dealers.models import Invitation, Party
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.alliance.recruiting import A_PDF, COMPLETE, HUICHENG, a_picture, a_uscc, an_application
from tests.alliance.web.world import AllianceWorld, alliance_world
from tests.approving import acting
from tests.factories import a_channel, a_party
from tests.people import a_membership, an_address

pytestmark = pytest.mark.django_db
MOST = 22


@pytest.fixture
def world() -> AllianceWorld:
    return alliance_world()


@pytest.fixture
def stranger(monkeypatch: pytest.MonkeyPatch) -> Client:
    """A browser in which nobody has signed in, and whose person takes longer than a robot."""
    monkeypatch.setattr(application_form, "MIN_SECONDS", -1)
    return Client(REMOTE_ADDR=an_address())


def filled(client: Client, slug: str, **changed: Any) -> dict[str, Any]:
    page = client.get(f"/apply/{slug}").content.decode()
    found = re.search(r'name="stamp" value="([^"]+)"', page)
    assert found
    return {
        "stamp": found[1],
        "kind": "member",
        "company": "惠州老王商贸有限公司",
        "uscc": a_uscc(),
        "contact": "王建国",
        "phone": "138 1234 5678",
        "region": "惠州市惠城区",
        "address": "麦地路18号",
        "outlets": "１２０",
        "vehicles": "3",
        "warehouse": "1,200",
        "consent": "on",
        "website": "",
    } | changed


def applications(tenant: Tenant) -> list[Application]:
    with tenant_active(tenant):
        return list(Application.objects.order_by("id"))


def test_a_stranger_applies_with_files_and_gets_a_number(world: AllianceWorld, stranger: Client) -> None:
    with tenant_active(world.tenant):
        a_channel("retail")
    data = filled(stranger, world.tenant.slug, channels=["retail"]) | {
        "documents": [
            SimpleUploadedFile("licence.png", a_picture()),
            SimpleUploadedFile("permit.pdf", A_PDF),
        ]
    }
    sent = stranger.post(f"/apply/{world.tenant.slug}", data)
    (made,) = applications(world.tenant)
    assert sent.status_code == 302
    assert sent.headers["Location"] == f"/apply/{world.tenant.slug}/received/{made.code}"
    receipt = stranger.get(sent.headers["Location"]).content.decode()
    assert made.code in receipt
    assert "王建国" not in receipt
    assert (made.outlets, made.warehouse, made.region_id, made.channels) == (120, 1200, HUICHENG, ["retail"])
    assert world.tenant.name in made.consent
    with tenant_active(world.tenant):
        assert made.documents.count() == 2


def test_a_form_sent_twice_makes_one_application(world: AllianceWorld, stranger: Client) -> None:
    data = filled(stranger, world.tenant.slug)
    first = stranger.post(f"/apply/{world.tenant.slug}", data)
    again = stranger.post(f"/apply/{world.tenant.slug}", data)
    assert first.headers["Location"] == again.headers["Location"]
    other = stranger.post(f"/apply/{world.tenant.slug}", data | {"company": "Another"})
    assert other.status_code == 422
    assert len(applications(world.tenant)) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"website": "https://spam.example"},
        {"stamp": ""},
        {"stamp": "forged:stamp"},
        {"consent": ""},
        {"region": "朝阳区 nowhere"},
        {"uscc": "914413020000000000"},
        {"outlets": "1,5"},
        {"outlets": "-1"},
        {"company": "x" * 300},
        {"kind": "manufacturer"},
    ],
)
def test_robots_and_errors_are_turned_back(
    world: AllianceWorld, stranger: Client, changed: dict[str, Any]
) -> None:
    data = filled(stranger, world.tenant.slug)
    sent = stranger.post(f"/apply/{world.tenant.slug}", data | changed)
    assert sent.status_code == 422
    assert not applications(world.tenant)


def test_a_form_sent_at_once_comes_from_a_robot(world: AllianceWorld) -> None:
    robot = Client(REMOTE_ADDR=an_address())
    sent = robot.post(f"/apply/{world.tenant.slug}", filled(robot, world.tenant.slug))
    assert sent.status_code == 422
    assert not applications(world.tenant)


def test_a_stamp_of_another_tenant_does_not_count(
    world: AllianceWorld, bolt: Tenant, stranger: Client
) -> None:
    data = filled(stranger, bolt.slug)
    assert stranger.post(f"/apply/{world.tenant.slug}", data).status_code == 422


def test_a_disguised_file_is_named(world: AllianceWorld, stranger: Client) -> None:
    data = filled(stranger, world.tenant.slug, documents=[SimpleUploadedFile("a.png", b"MZ\x90")])
    sent = stranger.post(f"/apply/{world.tenant.slug}", data)
    assert sent.status_code == 422
    assert "a.png" in sent.content.decode()


def test_an_address_that_sends_too_many_forms_waits(
    world: AllianceWorld, stranger: Client, settings: Any
) -> None:
    settings.APPLICATIONS_PER_ADDRESS_AN_HOUR = 1
    stranger.post(f"/apply/{world.tenant.slug}", {})
    assert stranger.post(f"/apply/{world.tenant.slug}", {}).status_code == 429
    assert stranger.get(f"/apply/{world.tenant.slug}").status_code == 200


def test_a_huge_body_is_refused_before_it_is_read(world: AllianceWorld, stranger: Client) -> None:
    sent = stranger.generic(
        "POST",
        f"/apply/{world.tenant.slug}",
        b"x",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(10**9),
    )
    assert sent.status_code == 413


@pytest.mark.parametrize("slug", ["nobody", "acme' OR 1=1", "%00", "阿克米"])
def test_an_unknown_tenant_has_no_form(world: AllianceWorld, stranger: Client, slug: str) -> None:
    assert stranger.get(f"/apply/{slug}").status_code in (400, 404)


def test_one_tenants_receipt_and_link_are_unknown_to_another(
    world: AllianceWorld, bolt: Tenant, stranger: Client
) -> None:
    with tenant_active(world.tenant):
        made = an_application()
        question = reviewing.ask_back(
            application_id=made.id, text="Which?", by=acting(world.director), at=timezone.now()
        )
    assert stranger.get(f"/apply/{bolt.slug}/received/{made.code}").status_code == 404
    assert stranger.get(f"/apply/{bolt.slug}/answer/{question.token}").status_code == 404
    assert stranger.get(f"/apply/{world.tenant.slug}/answer/{question.token[:-1]}").status_code == 404
    page = stranger.get(f"/apply/{world.tenant.slug}/answer/{question.token}").content.decode()
    assert "Which?" in page
    assert made.phone not in page
    answered = stranger.post(f"/apply/{world.tenant.slug}/answer/{question.token}", {"answer": "All."})
    assert answered.status_code == 302
    assert stranger.get(f"/apply/{world.tenant.slug}/answer/{question.token}").status_code == 404
    (found,) = applications(world.tenant)
    assert found.state == "reviewing"


def test_a_signed_in_person_is_a_stranger_on_public_pages(
    world: AllianceWorld, bolt: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = world.client(world.director)
    page = client.get(f"/apply/{bolt.slug}")
    assert page.status_code == 200
    assert bolt.name in page.content.decode()
    assert world.tenant.name not in page.content.decode()


def test_the_way_on_the_board(world: AllianceWorld) -> None:
    with tenant_active(world.tenant):
        made = an_application()
        a_party("member", name="惠州老王", phone="+8613812345678", region_id=HUICHENG)
    client = world.client(world.director)
    at = f"/applications/{made.id}"
    assert made.company in client.get("/applications").content.decode()
    for query in ("state=received", "q=老王", f"q={made.code}", "state=nothing", "q=%25'%20OR%201"):
        assert client.get(f"/applications?{query}").status_code == 200
    page = client.get(at).content.decode()
    assert "惠州老王" in page
    assert client.post(f"{at}/begin").status_code == 302
    assert client.post(f"{at}/comment", {"text": "<script>x</script>"}).status_code == 302
    assert "<script>x" not in client.get(at).content.decode()
    assert client.post(f"{at}/visit", {"text": "clean", "on": "2026-06-01"}).status_code == 302
    asked = client.post(f"{at}/ask", {"text": "Which?"}).content.decode()
    assert f"/apply/{world.tenant.slug}/answer/" in asked
    refused = client.post(f"{at}/accept", {"code": "M-9", "supplier": str(world.dealer.id)})
    assert refused.status_code == 422
    ticks = {f"check-{item}": "yes" for item in COMPLETE} | {"points-funds": "5", "points-people": ""}
    assert client.post(f"{at}/qualify", ticks).status_code == 302
    done = client.post(f"{at}/accept", {"code": "M-9", "supplier": str(world.dealer.id)})
    assert done.status_code == 200
    assert "/invitations/link/" in done.content.decode()
    with tenant_active(world.tenant):
        assert Party.objects.get(code="M-9").parent_id == world.dealer.id
        assert Invitation.objects.count() == 1
    assert client.post(f"{at}/refuse", {"reason": "late"}).status_code == 302
    with tenant_active(world.tenant):
        assert Application.objects.get(id=made.id).state == "accepted"
    assert "M-9" in client.get("/authorisations/new?party=M-9").content.decode()


def test_partners_have_no_board(world: AllianceWorld) -> None:
    with tenant_active(world.tenant):
        made = an_application()
    for person in (world.dealer_owner, world.member_owner):
        client = world.client(person)
        assert client.get("/applications").status_code == 403
        assert client.get(f"/applications/{made.id}").status_code == 403
        assert client.post(f"/applications/{made.id}/accept").status_code == 403


def test_files_are_served_with_their_type_and_nothing_else(world: AllianceWorld, stranger: Client) -> None:
    data = filled(stranger, world.tenant.slug, documents=[SimpleUploadedFile("a.pdf", A_PDF)])
    stranger.post(f"/apply/{world.tenant.slug}", data)
    with tenant_active(world.tenant):
        file = Application.objects.get().documents.get()
    sent = world.client(world.director).get(f"/application-documents/{file.id}")
    assert (sent.headers["Content-Type"], sent.content) == ("application/pdf", A_PDF)
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert world.client(world.dealer_owner).get(f"/application-documents/{file.id}").status_code == 403
    assert stranger.get(f"/application-documents/{file.id}").status_code == 302


def test_pages_take_few_statements(world: AllianceWorld) -> None:
    with tenant_active(world.tenant):
        for number in range(4):
            made = an_application(company=f"公司{number}")
    client = world.client(world.director)
    for page in ("/applications", f"/applications/{made.id}", "/authorisations"):
        with CaptureQueriesContext(connection) as statements:
            assert client.get(page).status_code == 200
        assert len(statements) <= MOST, page


def test_an_authorisation_is_issued_read_verified_and_revoked(world: AllianceWorld) -> None:
    with tenant_active(world.tenant):
        second = a_membership(world.maker)
        stranger = a_membership(a_party("member", parent=world.dealer))
    client, today = world.client(world.director), timezone.localdate()
    given = {
        "party": world.dealer.code,
        "regions": "惠州市惠城区\n4401",
        "categories": [world.category.code],
        "starts_on": str(today),
        "last_day": str(today + timedelta(days=30)),
    }
    wrong = client.post("/authorisations/new", given | {"regions": "nowhere", "party": "nobody"})
    assert wrong.status_code == 422
    assert client.post("/authorisations/new", given).status_code == 302
    with tenant_active(world.tenant):
        made = Authorisation.objects.get()
    at = f"/authorisations/{made.id}"
    owner = world.client(world.dealer_owner)
    for who in (client, owner):
        assert made.number in who.get("/authorisations").content.decode()
        assert made.code in who.get(at).content.decode()
        pdf = who.get(f"{at}/certificate")
        assert (pdf.headers["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    other = world.client(stranger)
    assert other.get(at).status_code == 404
    assert other.get(f"{at}/certificate").status_code == 404
    assert owner.post(f"{at}/revoke", {"reason": "x"}).status_code == 403
    public = Client(REMOTE_ADDR=an_address())
    verified = public.get(f"/verify/{made.code.lower()}").content.decode()
    assert world.dealer.name not in verified
    assert made.number not in verified
    assert client.post(f"{at}/revoke", {"reason": ""}).status_code == 409
    assert client.get(f"{at}/revoke").status_code == 200
    assert client.post(f"{at}/revoke", {"reason": "diversion"}).status_code == 302
    with tenant_active(world.tenant):
        waiting = Approval.objects.get()
    assert second.user_id
    assert waiting.kind == "alliance.revoke"


def test_verification_says_one_word(world: AllianceWorld, settings: Any) -> None:
    today = timezone.localdate()
    with tenant_active(world.tenant):
        made = issue_authorisation(
            party_id=world.dealer.id,
            regions=[HUICHENG],
            categories=[world.category.code],
            starts_on=today,
            until=today + timedelta(days=1),
            by=acting(world.director),
            at=timezone.now(),
        )
        Authorisation.objects.filter(id=made.id).update(revoked_at=timezone.now())
    public = Client(REMOTE_ADDR=an_address(), HTTP_ACCEPT_LANGUAGE="en")
    page = public.get(f"/verify/{made.code}")
    assert page.status_code == 200
    assert "Revoked" in page.content.decode()
    assert public.get(f"/verify/{made.code[:-1]}").status_code == 404
    assert public.post(f"/verify/{made.code}").status_code == 405
    settings.VERIFICATIONS_PER_ADDRESS = 1
    assert public.get("/verify/AAAA").status_code == 429
