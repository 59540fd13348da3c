#!/usr/bin/env python3
"""Walks the way of somebody who just installed Longhouse: a version, a site with workflows for GitHub, a check, a build,
a preview that answers.

    smoke.py [--keep DIR] COMMAND...       such as: smoke.py npx --no-install longhouse

Prints how long it took. DIR gets the built site. Needs Python alone, as an empty machine has it.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from project import VERSION


def main() -> None:
    command = sys.argv[1:]
    keep = None
    if command[:1] == ["--keep"]:
        keep, command = Path(command[1]).resolve(), command[2:]
    if not command:
        sys.exit(__doc__)
    # What is due and what has ended in the example community is said for one day, whenever this runs.
    os.environ.setdefault("SOURCE_DATE_EPOCH", "1796083200")  # 1 December 2026
    started = time.monotonic()
    said = run(command, "--version")
    if said.split()[:2] != ["longhouse", VERSION]:
        sys.exit(f"{' '.join(command)} --version says {said!r}, and this is {VERSION}")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        site = str(Path(folder) / "site")
        output = str(keep or Path(folder) / "public")
        run(command, "init", "--example", "--host", "github", site)
        # The workflows of the site install the version that wrote them.
        workflow = (Path(site) / ".github" / "workflows" / "check.yml").read_text(encoding="utf-8")
        if VERSION not in workflow:
            sys.exit(f"The workflow that checks requests does not name {VERSION}:\n{workflow}")
        run(command, "check", "--root", site, "--max-warnings", "0")
        # The address is named, because a build server would be asked for it.
        run(command, "build", "--root", site, "--strict", "--base-url", "https://example.org/", "--output", output)
        if not (Path(output) / "index.html").is_file():
            sys.exit("The build made no home page.")
        served(command, site)
    print(f"{' '.join(command)}: works, {time.monotonic() - started:.1f} s")


def run(command: list[str], *arguments: str) -> str:
    done = subprocess.run([*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8")
    if done.returncode != 0:
        sys.exit(f"{' '.join([*command, *arguments])} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout.strip()


def served(command: list[str], site: str) -> None:
    """Starts the preview, fetches the home page and the manifest of the search, and ends it."""
    serve = [*command, "serve", "--root", site, "--port", "0"]
    # In a group of its own, because `npx` and the like tell nobody behind them that they are to end.
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "encoding": "utf-8"}
    with subprocess.Popen(serve, start_new_session=os.name == "posix", **options) as preview:
        try:
            lines = []
            for line in preview.stdout:
                lines.append(line)
                if address := re.search(r"http://127\.0\.0\.1:\d+/", line):
                    break
            else:
                sys.exit(f"{' '.join(serve)} named no address:\n{''.join(lines)}")
            home = fetch(address[0])
            if b"<main" not in home:
                sys.exit(f"{address[0]} is no page: {home[:200]!r}")
            # The index follows the pages, so it is asked for until it is there.
            index = json.loads(fetch(address[0] + "search/index.json", patience=60))
            if not index:
                sys.exit("The manifest of the search is empty.")
        finally:
            if os.name == "posix":
                os.killpg(preview.pid, signal.SIGTERM)
            else:
                preview.terminate()


def fetch(address: str, patience: float = 10) -> bytes:
    until = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return answer.read()
        except OSError as error:
            if time.monotonic() > until:
                sys.exit(f"{address}: {error}")
            time.sleep(0.1)


if __name__ == "__main__":
    main()
