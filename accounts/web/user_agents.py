"""What a browser calls itself, in words."""

from __future__ import annotations

BROWSERS = (
    ("MicroMessenger", "WeChat"), ("wxwork", "WeCom"), ("Edg", "Edge"), ("OPR/", "Opera"),
    ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("CriOS/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def browser_name(agent: str) -> str:
    """“Firefox · Windows”; the first words of what it said where neither is known."""
    found = [
        next((name for mark, name in known if mark in agent), "") for known in (BROWSERS, SYSTEMS)
    ]  # fmt: skip
    return " · ".join(filter(None, found)) or agent[:40] or "—"
