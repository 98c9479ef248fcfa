"""Real servers in homes of their own."""

import os
import signal
import subprocess
import sys

import psycopg2
import pytest

from ops.postgres import Cluster, stop_postgres
from ops.processes import Known
from ops.secrets_file import read_secrets
from ops.servers import attending, read_state

pytestmark = pytest.mark.process


@pytest.fixture
def cluster(home):
    cluster = Cluster(home, read_secrets(home.home / "secrets.json"))
    yield cluster
    if running := cluster.left_running():
        stop_postgres(running)


def rows(url, sql):
    connection = psycopg2.connect(url)
    with connection, connection.cursor() as cursor:
        cursor.execute(sql)
        found = cursor.fetchall()
    connection.close()
    return found


def test_the_sites_role_is_bound_by_row_security_and_makes_nothing(cluster):
    cluster.start()
    assert rows(
        cluster.url("app", "tripact"),
        """SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole,
                  has_schema_privilege('public', 'CREATE'), has_database_privilege('tripact', 'CREATE')
           FROM pg_roles WHERE rolname = current_user""",
    ) == [(False,) * 6]
    assert rows(
        cluster.url("backup", "tripact"),
        """SELECT rolbypassrls, has_schema_privilege('public', 'CREATE')
           FROM pg_roles WHERE rolname = current_user""",
    ) == [(True, False)]
    assert rows(
        cluster.url("owner", "tripact"),
        "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'tripact'",
    ) == [("tripact_owner",)]


def test_what_was_committed_survives_a_killed_server(cluster):
    server = cluster.start()
    owner = psycopg2.connect(cluster.url("owner", "tripact"))
    with owner, owner.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 1 AS one")
    os.kill(server.pid, signal.SIGKILL)
    cluster.start()
    assert rows(cluster.url("owner", "tripact"), "SELECT one FROM kept") == [(1,)]


def test_a_pid_file_that_names_a_stranger_does_not_hinder(cluster):
    stop_postgres(cluster.start())
    pid_file = cluster.data / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{cluster.data}\n")
    cluster.runner.own(pid_file)
    assert cluster.start().alive()


def test_passwords_are_for_our_eyes_only(home):
    read_secrets(home.home / "secrets.json")
    assert (home.home / "secrets.json").stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers run as another user")
def test_a_home_that_nobody_may_enter_stays_closed(closed_home):
    with attending(closed_home, own=True) as servers:
        data = servers.kinds["postgres"].data
        assert not data.is_relative_to(closed_home.home)
        assert data.stat().st_mode & 0o777 == 0o700
        assert closed_home.home.stat().st_mode & 0o777 == 0o700
    (closed_home.home / "postgres.place").unlink()
    assert not Cluster(closed_home, servers.secrets).data.exists()
    assert not data.exists()


def test_the_last_one_to_leave_stops_the_servers(home):
    with attending(home, own=True):
        with attending(home, own=True) as second:
            running = dict(second.running)
        assert all(known.alive() for known in running.values())
    assert not any(known.alive() for known in running.values())


def test_servers_of_a_killed_run_are_taken_over(home):
    script = (
        "import os, pathlib, sys; from ops.places import places_at; from ops.servers import attending\n"
        "places = places_at(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))\n"
        "with attending(places, own=True): os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", script, home.home, home.tools], check=False)
    left = {kind: Known(one["pid"], one["born"]) for kind, one in read_state(home).items()}
    assert set(left) == {"postgres", "valkey"}
    assert all(known.alive() for known in left.values())
    with attending(home, own=True) as servers:
        assert servers.running == left
    assert not any(known.alive() for known in left.values())
