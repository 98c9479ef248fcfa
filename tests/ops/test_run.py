"""`./run` as its user sees it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

from accounts.providers import Address, Text
from accounts.providers.console import Console
from ops import database, environment
from ops.children import pass_through
from ops.database import DEMO_KEY, TRADE_IS_LEFT, ensure_prepared
from ops.places import PROJECT, Places, places_at
from ops.ports import is_free
from ops.postgres import Cluster
from ops.processes import Known
from ops.say import Stop
from ops.secrets_file import keep
from ops.up import OWNERS, PRINTED, TextMessages, first_key_notice, for_worker, listen
from tests.processes import uncounted

RUN = PROJECT / "run"
pytestmark = pytest.mark.process


def run(*arguments, home, **variables):
    known = uncounted({name: value for name, value in os.environ.items() if not name.endswith("_URL")})
    return subprocess.Popen(
        [RUN, *arguments],
        env=known | {"TRIPACT_HOME": str(home.home), **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_an_unknown_command_is_answered_with_the_usage(home):
    process = run("fly", home=home)
    said, explained = process.communicate()
    assert (process.returncode, said) == (2, "")
    assert "./run up" in explained


def test_only_the_commands_own_output_is_on_standard_output(home):
    process = run("manage", "version", home=home)
    said, _ = process.communicate()
    assert process.returncode == 0
    assert re.fullmatch(r"\d+\.\d+[\d.]*\n", said)
    assert not (home.run / "servers.json").exists()


def test_the_exit_status_is_passed_on():
    assert pass_through([sys.executable, "-c", "raise SystemExit(7)"], os.environ) == 7
    assert pass_through([sys.executable, "-c", "import os; os.kill(os.getpid(), 15)"], os.environ) == 143


def test_a_port_in_use_is_passed_over(capsys):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not is_free(port)
        with listen("127.0.0.1", str(port)) as listener:
            assert listener.getsockname()[1] > port
    assert f"port {port} is in use" in capsys.readouterr().err
    with pytest.raises(Stop, match="no port number"):
        listen("127.0.0.1", "web")


def test_a_chosen_port_is_taken_from_then_on():
    """A first start prepares for two minutes; another program took the port meanwhile."""
    with listen("127.0.0.1", "18650") as listener:
        port = listener.getsockname()[1]
        assert not is_free(port)
        with listen("127.0.0.1", str(port)) as other:
            assert other.getsockname()[1] > port


def test_a_code_that_the_worker_prints_is_shown_in_the_terminal(tmp_path, capsys):
    log = tmp_path / "worker.log"
    log.write_text("[SMS → +861] of an earlier start\n")
    worker = SimpleNamespace(log=log, log_start=log.stat().st_size)
    messages = TextMessages(worker)
    Console().send(Address("+8613800138000"), Text(id="1", topic="sign-in", title="123456 是你的验证码"))
    line = json.dumps({"event": capsys.readouterr().err.strip(), "level": "warning"}, ensure_ascii=False)
    with log.open("a") as file:
        file.write(f'{line}\n{{"event": "[SMS → half')
    assert messages.new() == ["[SMS → +8613800138000] 123456 是你的验证码"]
    assert messages.new() == []


@pytest.mark.parametrize(("debug", "provider"), [("1", PRINTED["SMS_PROVIDER"]), ("0", None)])
def test_text_messages_are_printed_in_development_only(debug, provider):
    assert for_worker({"DEBUG": debug}).get("SMS_PROVIDER") == provider
    assert for_worker({"DEBUG": debug, "SMS_PROVIDER": "own"})["SMS_PROVIDER"] == "own"


def test_a_home_that_cannot_be_written_to_is_explained():
    with pytest.raises(Stop, match="TRIPACT_HOME="):
        places_at(PROJECT / "run" / "beneath-a-file")


def test_a_python_without_venv_gets_the_exact_apt_line(monkeypatch, tmp_path):
    monkeypatch.setattr(environment.shutil, "which", lambda name: None)
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda name: None)
    (tmp_path / "log").mkdir()
    with pytest.raises(Stop, match=r"apt-get install -y python3(\.\d+)?-venv"):
        environment.install(Places(home=tmp_path, tools=tmp_path), tmp_path / "dev.txt")


def test_the_demonstrations_key_is_first_key_notice_and_for_us_alone(home):
    kept = home.run / DEMO_KEY
    keep(kept, "tp_secret\n")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert "tp_secret" in first_key_notice(kept)
    assert first_key_notice(kept) == ""


def test_a_database_counts_as_prepared_with_the_demo_once_its_trade_is_made(monkeypatch, tmp_path):
    places = places_at(tmp_path, tmp_path)
    cluster = object.__new__(Cluster)
    servers = SimpleNamespace(places=places, kinds={"postgres": cluster})
    variables = {"DATABASE_URL": "postgres://localhost/tripact"}
    options, statuses = [], [TRADE_IS_LEFT, TRADE_IS_LEFT, 0]

    def prepared(command, **_):
        options.append(command[3:])
        return subprocess.CompletedProcess(command, statuses.pop(0), stdout="")

    monkeypatch.setattr(database, "identity", lambda *_: "16388")
    monkeypatch.setattr(database.subprocess, "run", prepared)
    assert ensure_prepared(servers, variables, demo=True)
    assert not ensure_prepared(servers, variables, demo=False)
    assert options == [["--demo"]]
    assert ensure_prepared(servers, variables, demo=True)
    assert not ensure_prepared(servers, variables, demo=True)
    assert not ensure_prepared(servers, variables, demo=True)
    assert options == [["--demo"], ["--demo", "--migrated"], ["--demo", "--migrated"]]


def test_a_database_that_could_not_be_prepared_stops_the_start(monkeypatch, tmp_path):
    servers = SimpleNamespace(places=places_at(tmp_path, tmp_path), kinds={})
    failed = subprocess.CompletedProcess([], 1, stdout="")
    monkeypatch.setattr(database.subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(Stop, match="could not be prepared"):
        ensure_prepared(servers, {"DATABASE_URL": "postgres://localhost/tripact"}, demo=True)


def test_up_comes_up_survives_a_kill_and_leaves_nothing(home):
    variables = {"DEMO_SIGN_IN": "0", "PORT": "18700"}
    first = run("up", home=home, **variables)
    address = wait_for_address(first)
    assert urllib.request.urlopen(f"{address}/readyz").status == 200
    environments = [Path(f"/proc/{known.pid}/environ") for known in children(home)]
    for name in OWNERS:
        assert not any(f"{name}=".encode() in one.read_bytes() for one in environments if one.exists())
    left = children(home)
    first.kill()
    first.communicate()
    assert all(known.alive() for known in left)

    second = run("up", home=home, **variables)
    wait_for_address(second)
    assert not any(known.alive() for known in left)
    third = run("up", home=home, **variables)
    assert "running already: http://localhost:" in third.communicate()[1]
    assert third.returncode == 1
    everything = children(home) + servers(home)
    second.send_signal(signal.SIGINT)
    second.communicate(timeout=60)
    assert second.returncode == 0
    assert not any(known.alive() for known in everything)


def wait_for_address(process):
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        line = process.stdout.readline()
        if found := re.search(r"http://\S+", line):
            return found.group()
        if not line:
            break
    process.kill()  # else its standard error has no end
    raise AssertionError(process.stderr.read())


def children(home):
    return [Known(one["pid"], one["born"]) for one in json.loads((home.run / "up.json").read_text())]


def servers(home):
    state = json.loads((home.run / "servers.json").read_text())
    return [Known(one["pid"], one["born"]) for one in state.values()]
