"""The commands of `./run`."""

from collections.abc import Sequence

from ops import development
from ops.interrupts import Interrupted, watch
from ops.places import find_places
from ops.say import Stop, say

USAGE = """\
./run servers [--detach | --stop]
                           only the embedded servers; prints the variables that name them
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
