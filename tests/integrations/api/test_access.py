"""What every caller of the API meets: keys, problems, limits, the log."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.rights import the_system
from catalogue.models import Product
from dealers.models import Party
from dealers.operations.parties import index_parties
from integrations.models import ApiKey, IdempotencyRecord
from integrations.operations.api_keys import revoke_key
from integrations.operations.idempotency_pruning import first_id_of, prune_answers
from kernel.refusals import Refusal
from portal.tasks import daily
from tenancy.context import tenant_active
from tenancy.models import new_id
from tests.factories import a_party, a_product
from tests.people import an_address

pytestmark = pytest.mark.django_db


def _is_problem(answer, status: int, code: str = "") -> dict:
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = json.loads(answer.content)
    assert body["status"] == status
    assert {"type", "title", "detail"} <= body.keys()
    if code:
        assert body["type"] == f"urn:tripact:{code}"
    return body


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer tp_nobody", "Basic dGVzdDp0ZXN0", "Bearer \x00"])
def test_without_a_good_key_it_is_401(client, header):
    answer = client.get("/api/v1/parties", headers={"authorization": header} if header else {})
    _is_problem(answer, 401, "not_authenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_key_of_a_party_that_is_no_longer_active_opens_nothing(acme, a_client):
    caller = a_client(acme, "dealer")
    assert caller.get("/api/v1/parties").status_code == 200
    with tenant_active(acme):
        Party.objects.filter(id=caller.party.id).update(is_active=False)
    _is_problem(caller.get("/api/v1/parties"), 401, "not_authenticated")


def test_a_session_is_no_key(acme):
    from tests.people import a_member_of, signed_in

    _is_problem(signed_in(a_member_of(acme)).get("/api/v1/parties"), 401)


def test_a_scope_that_the_key_lacks_is_403(acme, a_client):
    _is_problem(a_client(acme, scopes=["order.view"]).get("/api/v1/parties"), 403, "not_allowed")


@pytest.mark.parametrize("path", ["/api/v1/nowhere", "/api/nowhere", "/api/", "/api/v1/parties/x"])
def test_an_unknown_address_is_404(acme, a_client, path):
    _is_problem(a_client(acme).get(path), 404, "not_found")
    _is_problem(Client().get(path), 404)


def test_a_verb_that_is_not_there_is_405(acme, a_client):
    answer = a_client(acme).delete("/api/v1/parties", headers={"idempotency-key": "1"})
    _is_problem(answer, 405, "method_not_allowed")


def test_a_body_of_another_kind_is_415(acme, a_client):
    answer = a_client(acme).post("/api/v1/simulations/rebate", "a=1", content_type="text/plain")
    _is_problem(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize("body", ["{", "[1,", "NaN", '{"a": Infinity}', "\xff", "[" * 100_000])
def test_a_body_that_is_no_json_is_400(acme, a_client, body):
    answer = a_client(acme).post("/api/v1/simulations/rebate", body, content_type="application/json")
    _is_problem(answer, 400, "parse_error")


def test_a_crash_is_a_500_that_names_the_request(acme, a_client, monkeypatch):
    client = a_client(acme)
    client.raise_request_exception = False
    monkeypatch.setattr("dealers.api.views.PartyList.get_queryset", lambda view: 1 / 0)
    body = _is_problem(client.get("/api/v1/parties"), 500, "internal_error")
    assert len(body["request_id"]) == 36
    assert "ZeroDivision" not in str(body)


def test_an_ended_or_revoked_key_opens_nothing(acme, a_client):
    soon = a_client(acme, expires_at=timezone.now() + timedelta(hours=1))
    assert soon.get("/api/v1/parties").status_code == 200
    with tenant_active(acme):
        soon.key.expires_at = datetime(2020, 1, 1, tzinfo=UTC)
        soon.key.save()
    _is_problem(soon.get("/api/v1/parties"), 401)
    revoked = a_client(acme)
    with tenant_active(acme):
        revoke_key(key_id=revoked.key.id, by=the_system(), at=timezone.now())
    _is_problem(revoked.get("/api/v1/parties"), 401)


def test_a_key_may_ask_so_often_and_another_goes_on(acme, a_client, settings):
    settings.API_RATE_PER_KEY = 2
    eager, calm = a_client(acme), a_client(acme)
    assert [eager.get("/api/v1/parties").status_code for _ in range(2)] == [200, 200]
    answer = eager.get("/api/v1/parties")
    _is_problem(answer, 429, "throttled")
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert calm.get("/api/v1/parties").status_code == 200


def test_an_address_may_ask_so_often(acme, a_client, settings):
    settings.API_RATE_PER_ADDRESS = 1
    client = a_client(acme)
    here, elsewhere = an_address(), an_address()
    assert client.get("/api/v1/parties", REMOTE_ADDR=here).status_code == 200
    _is_problem(client.get("/api/v1/parties", REMOTE_ADDR=here), 429, "throttled")
    assert client.get("/api/v1/parties", REMOTE_ADDR=elsewhere).status_code == 200


def test_guessing_stops_an_address_but_no_good_key_there(acme, a_client, client, settings):
    settings.API_FAILURES_PER_ADDRESS = 2
    guess, here = {"authorization": "Bearer tp_guess"}, an_address()
    tried = [client.get("/api/v1/parties", headers=guess, REMOTE_ADDR=here) for _ in range(3)]
    assert [answer.status_code for answer in tried] == [401, 401, 429]
    assert a_client(acme).get("/api/v1/parties", REMOTE_ADDR=here).status_code == 200


def test_no_cache_refuses_nobody(acme, a_client, settings):
    client = a_client(acme)
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert client.get("/api/v1/parties").status_code == 200


def test_a_refusal_says_what_every_problem_says_and_its_own_details(acme, a_client, monkeypatch):
    def refuse(view):
        told = {"status": "made up", "code": "made up", "most": Decimal("1.50")}
        raise Refusal("Too much.", field="lines[0].qty", **told)

    monkeypatch.setattr("dealers.api.views.PartyList.get_queryset", refuse)
    body = _is_problem(a_client(acme).get("/api/v1/parties"), 422, "refused")
    assert (body["code"], body["field"], body["detail"]) == ("refused", "lines[0].qty", "Too much.")
    assert body["most"] == "1.50"


def test_the_log_of_a_request_names_tenant_and_request(acme, a_client, caplog):
    caplog.set_level("INFO", logger="django_structlog")
    a_client(acme).get("/api/v1/parties", HTTP_X_FORWARDED_FOR="198.51.100.9", REMOTE_ADDR="203.0.113.7")
    told = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    ended = next(one for one in told if one["event"] == "request_finished")
    assert (ended["tenant"], ended["ip"]) == ("acme", "203.0.113.7")
    assert len(ended["request_id"]) == 36


def test_lists_come_in_cursor_pages(acme, a_client):
    client = a_client(acme)
    with tenant_active(acme):
        made = [a_product().sku for _ in range(5)]
    first = client.get("/api/v1/products?page_size=3").json()
    assert [row["sku"] for row in first["results"]] == made[:1:-1]
    second = client.get(first["next"]).json()
    assert [row["sku"] for row in second["results"]] == made[1::-1]
    assert second["next"] is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=恒丰", 1),
        ("q=hf", 1),
        ("kind=dealer", 2),
        ("code=D1", 1),
        ("region=4412", 1),
        ("region=x", 0),
        ("is_active=false", 0),
        ("tag=none", 0),
        ("cursor=x", None),
        ("kind=friend", None),
        ("parent=x", None),
        ("q=%00", None),
    ],
)
def test_parties_are_filtered(acme, a_client, query, found):
    client = a_client(acme)
    with tenant_active(acme):
        index_parties([a_party(code="D1", name="恒丰", region_id="441284"), a_party(code="D2")])
    answer = client.get(f"/api/v1/parties?{query}")
    if found is None:
        _is_problem(answer, 404 if "cursor" in query else 400)
    else:
        assert len(answer.json()["results"]) == found


def test_a_key_sees_what_its_party_may_see(acme, bolt, a_client):
    dealer = a_client(acme, "dealer")
    with tenant_active(acme):
        member = a_party("member", parent=dealer.party)
        foreign = a_party("dealer")
    with tenant_active(bolt):
        elsewhere = a_party("dealer")
    seen = {row["id"] for row in dealer.get("/api/v1/parties").json()["results"]}
    assert str(member.id) in seen
    assert str(foreign.id) not in seen
    assert dealer.get(f"/api/v1/parties/{member.id}").status_code == 200
    for stranger in (foreign, elsewhere):
        _is_problem(dealer.get(f"/api/v1/parties/{stranger.id}"), 404)


def test_a_right_given_later_lets_the_same_retry_through(acme, a_client):
    """A 403 is said of the moment: it is not kept as the answer to the key."""
    caller = a_client(acme, "dealer", scopes=["party.view"])
    body = {"party": caller.party.code, "source": "count 1", "lines": []}
    with tenant_active(acme):
        sku = a_product().sku
    body["lines"] = [{"sku": sku, "on_hand": 5}]
    sent = {"format": "json", "HTTP_IDEMPOTENCY_KEY": "one"}
    assert caller.post("/api/v1/stock", body, **sent).status_code == 403
    with tenant_active(acme):
        ApiKey.objects.filter(id=caller.key.id).update(scopes=["stock.edit", "stock.view"])
    assert caller.post("/api/v1/stock", body, **sent).status_code == 201


def test_answers_are_forgotten_after_thirty_days(acme, bolt, a_client):
    now = timezone.now()
    for tenant in (acme, bolt):
        caller = a_client(tenant)
        with tenant_active(tenant):
            for days in (29, 31):
                made = now - timedelta(days=days)
                IdempotencyRecord.objects.create(
                    id=UUID(int=first_id_of(made).int + 1),
                    api_key=caller.key,
                    key=f"{days}",
                    created_at=made,
                    request_hash="",
                )
    with tenant_active(acme):
        assert prune_answers(by=the_system(), at=now) == 1
        assert IdempotencyRecord.objects.get().key == "29"
    with tenant_active(bolt):
        assert IdempotencyRecord.objects.count() == 2
    daily(at=now.isoformat())
    with tenant_active(bolt):
        assert IdempotencyRecord.objects.get().key == "29"


def test_ids_are_made_in_the_order_of_time():
    before = timezone.now() - timedelta(seconds=1)
    assert first_id_of(before) < new_id() < first_id_of(before + timedelta(seconds=3))


def test_a_refusal_undoes_what_the_view_did_and_what_it_left_for_the_commit(
    acme, a_client, monkeypatch, django_capture_on_commit_callbacks
):
    client, sent = a_client(acme, "dealer", scopes=["stock.edit", "stock.view"]), []

    def half_done(*, party_id, **given):
        a_product(sku="half-done")
        transaction.on_commit(lambda: sent.append(party_id))
        raise Refusal("No.")

    monkeypatch.setattr("ordering.api.views.count_stock", half_done)
    with tenant_active(acme):
        sku = a_product().sku
    body = {"party": client.party.code, "source": "c", "lines": [{"sku": sku, "on_hand": 5}]}
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/api/v1/stock", body, format="json", HTTP_IDEMPOTENCY_KEY="undone")
    assert (answer.status_code, answer.json()["detail"]) == (422, "No.")
    with tenant_active(acme):
        assert not Product.objects.filter(sku="half-done").exists()
        assert IdempotencyRecord.objects.get(key="undone").status == 422
    assert sent == []
