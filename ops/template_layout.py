"""The layout of the templates: one element per line, at most 120 characters.

    python -m ops.template_layout check     names what is wrong; exit status 1 if anything
    python -m ops.template_layout format    formats the templates with djangofmt

djangofmt cannot break a template tag or a word, so a line can still be too long after it: such a
line needs a `blocktranslate trimmed`, a `with`, or a component.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from ops.places import PROJECT

MAX_LINE_CHARACTERS = 120
TEMPLATES = PROJECT / "templates"


def long_lines(folder: Path) -> Iterator[str]:
    """Yield the place of every line that is too long, as `path:line: characters`."""
    for path in sorted(folder.rglob("*.html")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if len(line) > MAX_LINE_CHARACTERS:
                yield f"{path.relative_to(folder.parent)}:{number}: {len(line)} characters"


def run_formatter(folder: Path, *options: str) -> int:
    """Run djangofmt with the settings of pyproject.toml; return its exit status."""
    program = Path(sys.executable).with_name("djangofmt")
    return subprocess.run([program, *options, folder], cwd=PROJECT, check=False).returncode


def main(command: str) -> int:
    """Check or format; return the exit status."""
    status = run_formatter(TEMPLATES, *(["--check"] if command == "check" else []))
    found = list(long_lines(TEMPLATES))
    print("\n".join(found) or f"no line over {MAX_LINE_CHARACTERS} characters")
    return int(bool(status or found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
