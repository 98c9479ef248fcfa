"""Formats of dates and numbers in traditional Chinese."""

from ui.formats.zh_Hans.formats import *  # noqa: F403  both scripts write dates the same way
