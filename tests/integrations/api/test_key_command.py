"""`manage.py issue_api_key`: a mistake is answered with what there is."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tenancy.context import tenant_active
from tests.factories import a_party

pytestmark = pytest.mark.django_db


def told(*arguments: str) -> str:
    with pytest.raises(CommandError) as error:
        call_command("issue_api_key", *arguments, stdout=StringIO())
    return str(error.value)


def test_an_unknown_tenant_is_answered_with_those_that_there_are(acme):
    said = told("--tenant", "nobody", "--party", "M", "--scopes", "all")
    assert "There are: " in said
    assert acme.slug in said


def test_an_unknown_right_is_answered_with_those_that_the_role_may_have(acme):
    with tenant_active(acme):
        dealer = a_party()
    said = told("--tenant", acme.slug, "--party", dealer.code, "--scopes", "order.plac")
    assert "order.place" in said
    assert "catalogue.edit" not in said
