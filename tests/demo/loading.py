"""Make the small demonstration for the tests of a module, and remove it."""

from __future__ import annotations

from datetime import date
from io import StringIO

import psycopg2
from django.core.management import call_command
from django.db import connections

from tenancy.models import Tenant
from tests.conftest import empty_tables

DAY = date(2026, 3, 15)


def load(slug: str, *options: str, day: date = DAY, stdout: StringIO | None = None) -> Tenant:
    arguments = ("--small", "--day", day.isoformat(), "--slug", slug, *options)
    call_command("load_demo", *arguments, stdout=stdout or StringIO(), stderr=StringIO())
    return Tenant.objects.get(slug=slug)


def forget(*slugs: str) -> None:
    empty_tables()
    with psycopg2.connect(**connections["owner"].get_connection_params()) as owner:
        owner.cursor().execute("DELETE FROM tenancy_tenant WHERE slug = ANY(%s)", [list(slugs)])
