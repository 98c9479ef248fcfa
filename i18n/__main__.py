"""`python -m i18n update | check | compile`: see `i18n.catalogues` and `i18n.compiling`."""

import sys

from i18n import catalogues, compiling


def main(command: str) -> int:
    if command == "compile":
        compiling.compile_all()
        return 0
    if command == "update":
        for language in catalogues.LANGUAGES:
            catalogues.update(language)
    lines = compiling.problems()
    print("\n".join(lines) or f"{len(compiling.catalogues())} catalogues, nothing unfinished")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
