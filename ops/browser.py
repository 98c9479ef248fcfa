"""Find or install Chromium and a Chinese font for the browser tests; explain how, where we may not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from ops.environment import call
from ops.places import Places
from ops.say import Stop, say, step

NAMES = ("chromium", "chromium-browser", "google-chrome")
ON_MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
PACKAGES = ("chromium", "fonts-wqy-microhei")


def find_browser() -> str:
    """Return the browser's path, or ''."""
    found = next((path for name in NAMES if (path := shutil.which(name))), "")
    return found or (str(ON_MACOS) if ON_MACOS.exists() else "")


def has_chinese_font() -> bool:
    """Return whether a Chinese font is installed; True on macOS."""
    if sys.platform == "darwin" or not shutil.which("fc-list"):
        return sys.platform == "darwin"
    listed = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False)
    return bool(listed.stdout.strip())


def ensure_browser(places: Places) -> str:
    """Return the browser's path, installing it if possible; tests that need it skip where it is ''."""
    if (found := find_browser()) and has_chinese_font():
        return found
    apt = shutil.which("apt-get")
    if not apt or os.geteuid() != 0:
        explain(bool(apt))
        return found
    log = places.logs / "browser.log"
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with step(f"installing {' and '.join(PACKAGES)}"):
        try:
            call(log, apt, "update", env=quiet)
            call(log, apt, "install", "-y", "--no-install-recommends", *PACKAGES, env=quiet)
        except Stop as reason:
            say(str(reason))
    return find_browser()


def explain(has_apt: bool) -> None:
    if has_apt:
        how = f"sudo apt-get install -y --no-install-recommends {' '.join(PACKAGES)}"
    else:
        how = "install Chromium or Chrome, and a Chinese font"
    say(f"· the browser tests need Chromium and a Chinese font:\n    {how}")
