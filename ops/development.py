"""`./run servers`: run only the embedded servers, for development."""

import os
import shlex
import subprocess
import sys
import time

from ops.places import PROJECT, Places
from ops.processes import Known, command_line, remember, stop, tail
from ops.say import Stop, open_log, say
from ops.servers import Servers, attending, read_state
from ops.setup import ensure_setup


def serve(places: Places) -> int:
    """Run them in the foreground until Ctrl-C or SIGTERM."""
    ensure_setup(places)
    with attending(places, own=True) as servers:
        print(exports(servers), flush=True)
        say("· running; Ctrl-C stops")
        while not servers.died():
            time.sleep(1)
        say(f"died: {', '.join(servers.died())}; see {places.logs}")
    return 1


def detach(places: Places) -> int:
    """Start them in the background unless they run, and print how to reach them."""
    ensure_setup(places)
    keeper = recorded_keeper(places)
    if not keeper:
        log = places.logs / "servers.log"
        with open_log(log) as output:
            child = subprocess.Popen(
                [sys.executable, "-P", PROJECT / "ops" / "__main__.py", "servers"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=output,
                start_new_session=True,
                env=os.environ | {"TRIPACT_HOME": str(places.home)},
            )
        keeper = remember(child.pid)
        (places.run / "servers.keeper").write_text(f"{keeper.pid} {keeper.born}")
        wait_started(places, keeper)
    with attending(places, own=True) as servers:
        print(exports(servers))
    return 0


def end(places: Places) -> int:
    """Stop what `--detach` has started, unless another `./run` still uses it."""
    if keeper := recorded_keeper(places):
        stop(keeper, patience=60)
    return 0


def recorded_keeper(places: Places) -> Known | None:
    try:
        pid, born = (places.run / "servers.keeper").read_text().split()
    except (OSError, ValueError):
        return None
    known = Known(int(pid), born)
    return known if known.alive() and "servers" in command_line(known.pid) else None


def wait_started(places: Places, keeper: Known) -> None:
    """Wait until the keeper has started them; a process that joins earlier would have to stop them."""
    for _ in range(1200):
        state = read_state(places)
        if state and all(Known(one["pid"], one["born"]).alive() for one in state.values()):
            return
        if not keeper.alive():
            break
        time.sleep(0.1)
    log = places.logs / "servers.log"
    raise Stop(f"the servers do not start; the end of {log}:\n{tail(log)}")


def exports(servers: Servers) -> str:
    """Return lines for `eval` in a shell."""
    environment = servers.environment() | {
        "SECRET_KEY": servers.secrets["signing"],
        "DEBUG": "1",
        "TRIPACT_HOME": str(servers.places.home),
    }
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in environment.items())
