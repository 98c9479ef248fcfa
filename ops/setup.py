"""Install what must be installed before anything can run, unless it is installed."""

from ops import environment
from ops.file_lock import alone
from ops.frontend import Frontend, bundled_npm, system_npm
from ops.places import Places
from ops.say import step


def ensure_setup(places: Places, *, tests: bool = False) -> None:
    """Install the packages. Several `./run` of one clone take turns, because they share the packages."""
    if environment.current(places, tests=tests) and Frontend(places).current():
        return
    places.tools.mkdir(parents=True, exist_ok=True)
    with alone(places.tools / ".setup.lock"):
        frontend = Frontend(places)
        if environment.current(places, tests=tests) and frontend.current():
            return
        with step("installing the packages (once)"):
            try:
                frontend.begin(system_npm())
                environment.ensure_environment(places, tests=tests)
                frontend.begin(bundled_npm(places))
                frontend.finish()
            finally:
                frontend.abandon()
