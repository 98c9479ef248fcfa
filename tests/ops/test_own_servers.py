"""DATABASE_URL and REDIS_URL name servers of the user's own."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from ops import database
from ops.places import PROJECT
from ops.postgres import Cluster, stop_postgres
from ops.say import Stop
from ops.secrets_file import read_secrets
from ops.servers import foreign

OURS = "postgres://tripact_app:ours@127.0.0.1:5000/tripact"


@pytest.mark.parametrize(
    ("url", "is_foreign"),
    [
        ("", False),
        (OURS, False),
        (OURS.replace("5000", "6000"), False),
        (OURS.replace("/tripact", "/another"), True),
        ("postgres://tripact_app:theirs@db.example/tripact", True),
    ],
)
def test_an_embedded_server_exported_earlier_is_looked_up_anew(monkeypatch, url, is_foreign):
    monkeypatch.setenv("DATABASE_URL", url)
    assert foreign("DATABASE_URL", "ours", "/tripact") is is_foreign


def test_a_database_of_ones_own_needs_its_owners_address_too():
    servers = SimpleNamespace(kinds={})
    with pytest.raises(Stop, match="OWNER_DATABASE_URL is needed"):
        database.others(servers, {"DATABASE_URL": OURS, "REDIS_URL": "redis://x/0"}, "tripact")


def test_a_benchmark_takes_the_neighbouring_database():
    servers = SimpleNamespace(kinds={})
    given = {"DATABASE_URL": "postgres://a:b@h/x", "OWNER_DATABASE_URL": "postgres://o:b@h/x"}
    found = database.others(servers, given | {"REDIS_URL": "redis://h/0"}, "tripact_bench")
    assert found == {
        "DATABASE_URL": "postgres://a:b@h/tripact_bench",
        "OWNER_DATABASE_URL": "postgres://o:b@h/tripact_bench",
        "REDIS_URL": "redis://h/1",
    }


@pytest.mark.process
@pytest.mark.parametrize("role", ["postgres", "tripact_backup"])
def test_a_role_that_passes_row_security_is_refused(home, role):
    cluster = Cluster(home, read_secrets(home.home / "secrets.json"))
    server = cluster.start()
    password = cluster.passwords["superuser" if role == "postgres" else "backup"]
    url = f"postgres://{role}:{password}@127.0.0.1:{cluster.port}/tripact"
    refused = subprocess.run(
        [sys.executable, "-m", "ops.prepare"],
        env=os.environ | {"DATABASE_URL": url, "OWNER_DATABASE_URL": cluster.url("owner", "tripact")},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    stop_postgres(server)
    assert refused.returncode == 1
    assert "row security would not apply" in refused.stderr
