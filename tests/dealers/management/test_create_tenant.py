from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from dealers.models import Membership, Party
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.people import as_owner


@pytest.fixture
def fresh(committed):
    """Tenants are kept between tests: the new one is taken away again."""
    yield
    as_owner("DELETE FROM tenancy_tenanthost")
    as_owner("DELETE FROM tenancy_tenant WHERE slug = 'lz'")


def _create(*arguments: str) -> str:
    out = StringIO()
    call_command("create_tenant", "lz", "岭珠味业", "qiming", *arguments, stdout=out)
    return out.getvalue()


def test_a_tenant_opens_with_its_manufacturer_and_a_director_who_can_sign_in(fresh):
    told = _create("--director-name", "周启明", "--host", "lz.example.com")
    password = next(line.split()[1] for line in told.splitlines() if line.startswith("password"))
    assert User.objects.get(username="qiming").check_password(password)
    with tenant_active(Tenant.objects.get(slug="lz")):
        assert Party.objects.get().name == "岭珠味业"
        assert Membership.objects.get().role == "director"


def test_a_second_one_of_the_name_is_refused_and_changes_nothing(fresh):
    _create()
    with pytest.raises(CommandError, match="slug: there is a tenant lz already"):
        _create()
    assert Tenant.objects.filter(slug="lz").count() == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--timezone", "Mars/Olympus"], "timezone"),
        (["--currency", "yuan"], "currency"),
    ],
)
def test_what_is_wrong_is_named(fresh, arguments, told):
    with pytest.raises(CommandError, match=told):
        _create(*arguments)
    assert not Tenant.objects.filter(slug="lz").exists()


def test_a_director_who_cannot_be_leaves_no_tenant_behind(fresh):
    out = StringIO()
    with pytest.raises(CommandError, match="username"):
        call_command("create_tenant", "lz", "岭珠味业", "no spaces please", stdout=out)
    assert not Tenant.objects.filter(slug="lz").exists()
