"""Saved views: the filters of a list under a name, private or shared in the company."""

import pytest

from tenancy.context import tenant_active
from tests.factories import a_manufacturer, a_party
from tests.people import a_membership, signed_in
from ui.models import SavedView
from ui.operations.saved_views import MAX_VIEWS

pytestmark = pytest.mark.django_db
PATH = "/contracts?state=active&sort=-until"


@pytest.fixture
def people(acme):
    with tenant_active(acme):
        maker = a_manufacturer()
        dealer, other = a_party(parent=maker), a_party(parent=maker)
        parties = {"director": maker, "colleague": maker, "dealer": dealer, "other": other}
        return {name: a_membership(party) for name, party in parties.items()}


def save(client, name, number=0, path=PATH, **more):
    form = {"action": "save_view", "name": name, "once": f"once-{name}-{number}"} | more
    return client.post(path, form, follow=True)


def test_a_view_is_saved_displayed_opened_and_removed(people, acme):
    client = signed_in(people["director"])
    page = save(client, " To  renew ").content.decode()
    assert "To renew" in page
    with tenant_active(acme):
        view = SavedView.objects.get()
    assert (view.name, view.query, view.is_shared) == ("To renew", "state=active&sort=-until", False)
    assert "/contracts?state=active&amp;sort=-until" in client.get("/contracts").content.decode()
    assert "To renew" not in client.get("/guarantees").content.decode()
    form = {"action": "remove_view", "view": str(view.id)}
    for number in range(2):
        page = client.post("/contracts", form | {"once": f"r{number}"}, follow=True).content.decode()
    assert "To renew" not in page


def test_the_same_name_again_replaces_the_query(people, acme):
    client = signed_in(people["director"])
    save(client, "Mine")
    save(client, "Mine", 2, path="/contracts?state=draft", is_shared="1")
    with tenant_active(acme):
        view = SavedView.objects.get()
    assert (view.query, view.is_shared) == ("state=draft", True)


def test_a_shared_view_is_for_the_same_company_only_and_its_owner_removes_it(people, acme):
    save(signed_in(people["dealer"]), "Secret plan", is_shared="1")
    save(signed_in(people["director"]), "Board", is_shared="1")
    save(signed_in(people["director"]), "Alone")
    pages = {name: signed_in(one).get("/contracts").content.decode() for name, one in people.items()}
    assert [name for name, page in pages.items() if "Secret plan" in page] == ["dealer"]
    assert [name for name, page in pages.items() if "Board" in page] == ["director", "colleague"]
    assert [name for name, page in pages.items() if "Alone" in page] == ["director"]
    with tenant_active(acme):
        board = SavedView.objects.get(name="Board")
    form = {"action": "remove_view", "view": str(board.id), "once": "x"}
    for name in ("colleague", "other"):
        signed_in(people[name]).post("/contracts", form)
    with tenant_active(acme):
        assert SavedView.objects.filter(name="Board").exists()


def test_what_is_refused_saves_nothing(people, acme):
    client = signed_in(people["director"])
    for number, name in enumerate(("", " ", "x" * 41, "a\x07b")):
        save(client, name, number)
    save(client, "long", path="/contracts?q=" + "x" * 2100)
    with tenant_active(acme):
        assert not SavedView.objects.exists()
    for number in range(MAX_VIEWS + 1):
        save(client, f"View {number}")
    save(client, "View 0", 2, path="/contracts?state=draft")
    with tenant_active(acme):
        assert SavedView.objects.count() == MAX_VIEWS
        assert SavedView.objects.get(name="View 0").query == "state=draft"
