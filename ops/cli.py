"""The commands of `./run`."""

from collections.abc import Sequence

from ops import commands, development
from ops.checks import test
from ops.interrupts import Interrupted, watch
from ops.lock_files import lock
from ops.mutants import mutants
from ops.places import find_places
from ops.say import Stop, say
from ops.up import up

USAGE = """\
./run up                   everything, until Ctrl-C
./run servers [--detach | --stop]
                           only the embedded servers; prints the variables that name them
./run test [--quick | --all]
                           all checks; --quick: without browser, processes, coverage;
                           --all: every point of the crash tests
./run test PYTEST …        only pytest, with these arguments
./run mutants ROOM [MODULE …]
                           mutation testing of a room's domain/ (needs 90 % killed)
./run manage COMMAND …     a command of manage.py
./run bench NAME …         a benchmark, on a database of its own
./run lock [--upgrade]     writes the lock files anew
"""


def main(arguments: Sequence[str]) -> int:
    watch()
    try:
        return dispatch(*(arguments or ["help"]))
    except Interrupted:
        return 0
    except Stop as reason:
        say(f"run: {reason}")
        return 1


def dispatch(command: str, *arguments: str) -> int:
    match command, arguments:
        case "up", ():
            return up(find_places())
        case "test", _:
            return test(find_places(), arguments)
        case "mutants", (room, *modules):
            return mutants(find_places(), room, modules)
        case "manage", _:
            return commands.manage(find_places(), arguments)
        case "bench", _:
            return commands.bench(find_places(), arguments)
        case "lock", ([] | ["--upgrade"]):
            return lock(find_places(), upgrade=bool(arguments))
        case "servers", ():
            return development.serve(find_places())
        case "servers", ("--detach",):
            return development.detach(find_places())
        case "servers", ("--stop",):
            return development.end(find_places())
        case (("help" | "-h" | "--help"), ()):
            print(USAGE, end="")
            return 0
    say(USAGE)
    return 2
