import os
import subprocess
import sys
import time

import pytest

from ops.places import places_at
from ops.processes import Known, born, command_line, remember, stop
from ops.say import open_log
from ops.supervisor import Supervisor, stop_group

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
pytestmark = pytest.mark.process


def test_a_stranger_with_the_recorded_number_is_left_alone():
    stranger = subprocess.Popen(SLEEPER)
    stop(Known(stranger.pid, "another start time"))
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_our_own_process_is_stopped():
    ours = subprocess.Popen(SLEEPER)
    stop(remember(ours.pid))
    assert born(ours.pid) == ""


def test_one_that_ignores_the_request_is_killed():
    deaf = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(60)",
        ],
        stdout=subprocess.PIPE,
    )
    deaf.stdout.readline()
    stop(remember(deaf.pid), patience=0.3)
    assert born(deaf.pid) == ""


def test_what_a_dead_leader_has_forked_is_found_by_its_group():
    script = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])"
    leader = subprocess.Popen([sys.executable, "-c", script], start_new_session=True)
    leader.wait()
    assert _group_size(leader.pid) == 1
    stop_group(leader.pid, "no such mark")
    assert _group_size(leader.pid) == 1
    stop_group(leader.pid, "time.sleep(60)")
    assert _group_size(leader.pid) == 0


def test_children_of_a_killed_run_are_cleared_by_the_next(home):
    killed = Supervisor(home)
    child = killed.start("web", SLEEPER, os.environ)
    Supervisor(home).clear_leftovers()
    assert not child.known.alive()
    assert not (home.run / "up.json").exists()


def test_a_child_that_dies_is_named_with_the_end_of_its_log(home):
    supervisor = Supervisor(home)
    supervisor.start("beat", [sys.executable, "-c", "raise SystemExit('no schedule')"], os.environ)
    deadline = time.monotonic() + 10
    while not supervisor.failure() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert "beat ended (status 1)" in supervisor.failure()
    assert "no schedule" in supervisor.failure()
    supervisor.stop_all()


def test_children_are_stopped_together_so_that_the_slowest_decides(home):
    slow = "import signal, time; signal.signal(15, lambda *_: time.sleep(1) or exit()); print(1, flush=True);"
    supervisor = Supervisor(home)
    names = ("one", "two", "three", "four")
    started = [
        supervisor.start(name, [sys.executable, "-c", slow + "time.sleep(60)"], os.environ) for name in names
    ]
    while not all(child.logged() for child in started):
        time.sleep(0.02)
    began = time.monotonic()
    supervisor.stop_all()
    assert 1 <= time.monotonic() - began < len(names), "one after the other takes a second each"
    assert not any(child.known.alive() for child in started)
    assert not supervisor.record.exists()


def test_a_log_is_for_its_owner_alone_also_one_from_before(home):
    old = home.logs / "old.log"
    old.write_text("before\n")
    old.chmod(0o644)
    home.logs.chmod(0o755)
    with open_log(old) as log:
        assert log.tell() == len("before\n")
        log.write(b"after\n")
    places_at(home.home, home.tools)
    assert old.read_text() == "before\nafter\n"
    with open_log(old, afresh=True) as log:
        log.write(b"afresh\n")
    assert old.read_text() == "afresh\n"
    assert [oct(path.stat().st_mode & 0o777) for path in (old, home.logs, home.run)] == [
        "0o600",
        "0o700",
        "0o700",
    ]


def _group_size(group: int) -> int:
    from ops.supervisor import group_members

    return len([pid for pid in group_members(group) if command_line(pid)])
