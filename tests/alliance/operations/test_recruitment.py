"""Applications: what is received once, asked back, and decided by those who may."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Message
from accounts.rights import NotAllowed
from alliance.models import Application, ApplicationDocument, ApplicationEntry
from alliance.notifications import recruitment
from alliance.operations import reviewing
from alliance.operations.application_files import FileRefused, SentFile
from alliance.operations.applying import BadApplication, NoSuchQuestion, answer_question, applicant, apply
from alliance.queries.recruitment import lookalikes_of, regions_named
from dealers.models import Invitation, Party
from dealers.operations.parties import BadParty, PartyExists
from kernel.sources import SourceConflict
from tests.alliance.recruiting import (
    A_PDF,
    AT,
    COMPLETE,
    GUANGZHOU,
    HUICHENG,
    a_form,
    a_picture,
    a_uscc,
    an_application,
)
from tests.alliance.world import World
from tests.approving import a_person
from tests.factories import a_party, an_actor
from tests.people import a_membership

pytestmark = pytest.mark.django_db
POINTS = {"coverage": 4, "logistics": 3, "people": 3, "funds": 4, "cooperation": 5}


def test_a_form_sent_twice_makes_one_application(world: World) -> None:
    form = a_form()
    sent: dict[str, Any] = {
        "files": [SentFile("a.png", a_picture())],
        "token": "t",
        "by": applicant("x"),
        "at": AT,
    }
    first, is_new = apply(form=form, **sent)
    again, is_new_again = apply(form=form, **sent)
    assert (is_new, is_new_again, again.id) == (True, False, first.id)
    assert ApplicationDocument.objects.count() == 1
    with pytest.raises(SourceConflict), transaction.atomic():
        apply(form=a_form(company="另一家"), **sent)


@pytest.mark.parametrize(
    ("changed", "error", "field"),
    [
        ({"uscc": ""}, BadApplication, "uscc"),
        ({"uscc": "914413020000000000"}, BadParty, "uscc"),
        ({"uscc": "123"}, BadParty, "uscc"),
        ({"phone": "12"}, BadParty, "phone"),
        ({"phone": ""}, BadApplication, "phone"),
        ({"company": " "}, BadApplication, "company"),
        ({"company": "x" * 201}, BadApplication, "company"),
        ({"company": "a\x07b"}, BadApplication, "company"),
        ({"kind": "manufacturer"}, BadApplication, "kind"),
        ({"region": "999999"}, BadApplication, "region"),
        ({"outlets": -1}, BadApplication, "outlets"),
        ({"warehouse": 10**9}, BadApplication, "warehouse"),
        ({"consent": ""}, BadApplication, "consent"),
        ({"channels": ("x" * 61,)}, BadApplication, "channels"),
    ],
)
def test_what_is_refused(world: World, changed: dict[str, Any], error: type[Exception], field: str) -> None:
    with pytest.raises(error) as refused:
        an_application(**changed)
    assert refused.value.field == field
    assert not Application.objects.exists()


def test_odd_text_is_stored_as_it_was_typed(world: World) -> None:
    made = an_application(
        company="O'Brien; DROP TABLE alliance_application;-- 🐉", remark="第一行\n<b>第二行</b>"
    )
    assert Application.objects.get(id=made.id).company == "O'Brien; DROP TABLE alliance_application;-- 🐉"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ not a picture",
        b"\x89PNG\r\n\x1a\n and then rubbish",
        b"\xff\xd8\xff\xe0" + b"<?php ?>" * 20,
        a_picture(kind="GIF"),
        b"x" * (5 * 1024 * 1024 + 1),
        a_picture(size=(9000, 9000)),
    ],
    ids=["empty", "program", "half a png", "half a jpeg", "gif", "too large", "too many pixels"],
)
def test_a_disguised_or_oversized_file_is_refused(world: World, content: bytes) -> None:
    with pytest.raises(FileRefused), transaction.atomic():
        an_application(files=(SentFile("licence.png", content),))


def test_pictures_and_pdfs_are_stored_once_under_their_own_type(world: World) -> None:
    png = a_picture()
    made = an_application(
        files=(
            SentFile("a.exe", png),
            SentFile("b.png", png),
            SentFile("c.doc", A_PDF),
            SentFile("d", a_picture(kind="JPEG")),
        )
    )
    rows = ApplicationDocument.objects.filter(application=made).order_by("file_name")
    assert [one.file_name for one in rows] == ["b.png", "c.pdf", "d.jpg"]
    with pytest.raises(FileRefused), transaction.atomic():
        an_application(files=tuple(SentFile("a", a_picture(size=(8, 8 + n))) for n in range(7)))


def test_the_way_of_an_application_to_a_party(world: World) -> None:
    made = an_application()
    by = a_person(world.maker)
    given: dict[str, Any] = {"application_id": made.id, "by": by, "at": AT}
    reviewing.begin_review(**given)
    with pytest.raises(reviewing.WrongApplicationState), transaction.atomic():
        reviewing.begin_review(**given)
    reviewing.comment(text="very good", **given)
    reviewing.note_visit(on=date(2026, 5, 30), text="clean", **given)
    with pytest.raises(reviewing.BadReview), transaction.atomic():
        reviewing.note_visit(on=date(2026, 6, 30), text="clean", **given)
    question = reviewing.ask_back(text="Which outlets?", **given)
    answer_question(token=question.token, text="These.", files=[], by=applicant("x"), at=AT)
    with pytest.raises(NoSuchQuestion), transaction.atomic():
        answer_question(token=question.token, text="More.", files=[], by=applicant("x"), at=AT)
    with pytest.raises(reviewing.NotQualified), transaction.atomic():
        reviewing.accept(code="M-9", supplier_id=world.dealer.id, **given)
    scored = reviewing.qualify(checklist=COMPLETE, points=POINTS, **given)
    assert str(scored.score) == "76.0"
    done = reviewing.accept(code="M-9", supplier_id=world.dealer.id, **given)
    party = Party.objects.get(code="M-9")
    assert (party.kind, party.parent_id, party.uscc) == ("member", world.dealer.id, made.uscc)
    assert Invitation.objects.get(party=party).phone == "+8613812345678"
    assert done.token
    kinds = list(ApplicationEntry.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == [
        *("received", "opened", "comment", "visit", "question", "answer", "checked", "scored", "accepted")
    ]
    with pytest.raises(reviewing.WrongApplicationState), transaction.atomic():
        reviewing.refuse(reason="no", **given)


def test_the_same_qualification_again_changes_nothing(world: World) -> None:
    made = an_application()
    given: dict[str, Any] = {"application_id": made.id, "by": world.director, "at": AT}
    reviewing.qualify(checklist={"site": True}, points={}, **given)
    reviewing.qualify(checklist={"site": True}, points={}, **given)
    assert ApplicationEntry.objects.filter(kind="checked").count() == 1
    for wrong in ({"checklist": {"x": True}, "points": {}}, {"checklist": {}, "points": {"funds": 6}}):
        with pytest.raises(reviewing.BadReview), transaction.atomic():
            reviewing.qualify(**given, **wrong)


def test_a_question_ends_with_its_time_and_with_a_decision(world: World) -> None:
    made = an_application()
    given: dict[str, Any] = {"application_id": made.id, "by": world.director, "at": AT}
    first = reviewing.ask_back(text="?", **given)
    late = AT + timedelta(days=15)
    with pytest.raises(NoSuchQuestion), transaction.atomic():
        answer_question(token=first.token, text="late", files=[], by=applicant("x"), at=late)
    for guessed in ("", "x", first.token[:-1]):
        with pytest.raises(NoSuchQuestion), transaction.atomic():
            answer_question(token=guessed, text="guess", files=[], by=applicant("x"), at=AT)
    reviewing.refuse(reason="no", **given)
    with pytest.raises(NoSuchQuestion), transaction.atomic():
        answer_question(token=first.token, text="after", files=[], by=applicant("x"), at=AT)


def test_a_refused_acceptance_leaves_nothing(world: World) -> None:
    made = an_application()
    given: dict[str, Any] = {"application_id": made.id, "by": a_person(world.maker), "at": AT, "reason": "ok"}
    for supplier in (None, world.maker.id, world.member().id):
        with pytest.raises(reviewing.BadReview), transaction.atomic():
            reviewing.accept(code="M-9", supplier_id=supplier, **given)
    with pytest.raises(PartyExists), transaction.atomic():
        reviewing.accept(code=world.dealer.code, supplier_id=world.dealer.id, **given)
    made.refresh_from_db()
    assert made.state == "received"
    assert not Party.objects.filter(name=made.company).exists()


def test_a_dealer_is_supplied_by_the_manufacturer(world: World) -> None:
    made = an_application(kind="dealer")
    reviewing.accept(
        application_id=made.id,
        code="D-9",
        supplier_id=None,
        reason="known for years",
        by=a_person(world.maker),
        at=AT,
    )
    assert Party.objects.get(code="D-9").parent_id == world.maker.id


def test_the_rights(world: World) -> None:
    made = an_application()
    for actor in (an_actor(world.dealer), an_actor(world.maker, "finance")):
        with pytest.raises(NotAllowed), transaction.atomic():
            reviewing.comment(application_id=made.id, text="x", by=actor, at=AT)
        assert not Application.objects.visible_to(actor).exists()
    with pytest.raises(NotAllowed), transaction.atomic():
        reviewing.refuse(application_id=made.id, reason="x", by=an_actor(world.maker, "sales_rep"), at=AT)
    elsewhere = a_person(world.maker, "region_manager")
    assert not Application.objects.visible_to(elsewhere).exists()
    with pytest.raises(reviewing.NoSuchApplication), transaction.atomic():
        reviewing.refuse(application_id=made.id, reason="x", by=elsewhere, at=AT)


def test_the_database_keeps_what_was_sent_and_decided(world: World) -> None:
    made = an_application()
    with pytest.raises(DatabaseError), transaction.atomic():
        Application.objects.filter(id=made.id).update(company="other")
    reviewing.refuse(application_id=made.id, reason="no", by=world.director, at=AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        Application.objects.filter(id=made.id).update(state="received", decided_at=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        ApplicationEntry.objects.filter(application=made).update(text="x")


def test_lookalikes_are_parties_and_open_applications(world: World) -> None:
    code = a_uscc()
    known = a_party("member", name="别的名字", uscc=code, region_id=GUANGZHOU)
    near = a_party("member", name="老王商贸（总店）", address="麦地路18号", region_id=HUICHENG)
    a_party("member", name="无关的店", address="另一条路1号", region_id=HUICHENG)
    earlier = an_application(phone="13812345678")
    refused = an_application(phone="13812345678")
    reviewing.refuse(application_id=refused.id, reason="no", by=world.director, at=AT)
    made = an_application(uscc=code, company="惠州老王商贸", phone="13812345678")
    with CaptureQueriesContext(connection) as statements:
        found = lookalikes_of(made, world.director)
    assert len(statements) <= 6
    assert {one.id for one in found} == {known.id, near.id, earlier.id}
    assert found[0].id == known.id
    assert found[0].likeness.band == "duplicate"
    blind = lookalikes_of(made, an_actor(world.maker, "region_manager"))
    assert not any(one.is_visible for one in blind)


def test_regions_are_named_or_asked_for(world: World) -> None:
    assert [one.code for one in regions_named("441302")] == ["441302"]
    assert [one.code for one in regions_named(" 惠州市 惠城区 ")] == ["441302"]
    assert [one.code for one in regions_named("441300")] == ["4413"]
    assert regions_named("") == regions_named("亚特兰蒂斯") == []


def test_those_who_decide_in_the_region_are_notified_once(world: World) -> None:
    director = a_membership(world.maker)
    a_membership(world.maker, "region_manager")  # without a territory
    made = an_application()
    body = {"application_id": str(made.id)}
    recruitment.applied(body, AT)
    recruitment.applied(body, AT)
    recruitment.decided(body, AT)
    assert list(Message.objects.values_list("person", flat=True)) == [director.user_id]
    recruitment.answered(body, AT)
    assert Message.objects.count() == 2
