"""The service worker of the phone's pages, and the page for a phone that is offline."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse

WORKER = "js/sw-presale.js"
SHELL = (
    "tripact.css",
    "kit.css",
    "rooms/presale.css",
    "mark.svg",
    "manifest.webmanifest",
    "icons/icon-192.png",
    "js/kit.js",
    "js/presale.js",
    "js/presale-store.js",
    "js/presale-money.js",
    "js/presale-queue.js",
    "js/presale-view.js",
    "js/presale-form.js",
    "js/presale-rows.js",
    "django_htmx/htmx-2.min.js",
    "rooms/lists.css",
    "js/search.js",
    "js/lists.js",
)


def worker(request: HttpRequest) -> HttpResponse:
    """Serve the script with its version and file list; a new version replaces the old one."""
    source, version, shell = _built() if not settings.DEBUG else _built.__wrapped__()
    built = {
        "version": version,
        "shell": [static(name) for name in shell],
        "offline": reverse("presale-offline"),
    }
    body = f"const BUILT = {json.dumps(built)};\n{source}"
    headers = {"Service-Worker-Allowed": "/m/", "Cache-Control": "no-cache"}
    return HttpResponse(body, content_type="text/javascript; charset=utf-8", headers=headers)


@cache
def _built() -> tuple[str, str, list[str]]:
    """Return the worker's source, the version of all files, and the shell files that exist."""
    files = {name: _bytes(name) for name in (WORKER, *SHELL)}
    digest = hashlib.sha256(b"".join(name.encode() + content for name, content in files.items()))
    return files[WORKER].decode(), digest.hexdigest()[:16], [name for name in SHELL if files[name]]


def _bytes(name: str) -> bytes:
    collected = Path(settings.STATIC_ROOT) / name
    found = finders.find(name) or (str(collected) if collected.exists() else None)
    return Path(str(found)).read_bytes() if found else b""


def offline(request: HttpRequest) -> HttpResponse:
    """Serve the offline page. It holds no user's data, because it stays cached for every user."""
    return render(request, "offline.html")
