#!/usr/bin/env python3
"""The section of CHANGELOG.md about the version in Cargo.toml, which is the text of its release.

    changes.py                  prints it
"""

import re
import sys

from project import ROOT, VERSION

HEAD = re.compile(r"^## (?P<version>\S+)(?: - (?P<day>\d{4}-\d{2}-\d{2}))?$", re.MULTILINE)


def section() -> tuple[str | None, str]:
    """The day of the release and the text below the heading. Ends the process if there is no such section."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    heads = list(HEAD.finditer(text))
    for head, following in zip(heads, [*heads[1:], None]):
        if head["version"] == VERSION:
            return head["day"], text[head.end() : following.start() if following else len(text)].strip()
    sys.exit(f"CHANGELOG.md has no section `## {VERSION} - YEAR-MONTH-DAY`.")


if __name__ == "__main__":
    print(section()[1])
