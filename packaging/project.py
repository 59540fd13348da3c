#!/usr/bin/env python3
"""What every script here has to know: the version and the address from Cargo.toml, the systems from targets.tsv, and
the names that follow from them. Nothing of that is written down a second time.

    project.py version          the version, for a script
    project.py outputs          NAME=VALUE for the release workflow: version, matrix (the systems as JSON), npm (the
                                tarball that comes last, after those that it needs), crates (in the order in which
                                they need each other), image
"""

import json
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CARGO = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))
VERSION: str = CARGO["workspace"]["package"]["version"]
LICENSE: str = CARGO["workspace"]["package"]["license"]
DESCRIPTION: str = CARGO["package"]["description"]
KEYWORDS: list[str] = CARGO["package"]["keywords"]
# The address at the git host: everything else that is public is named after its owner.
REPOSITORY: str = CARGO["workspace"]["package"]["repository"]
OWNER = REPOSITORY.rstrip("/").split("/")[-2]
# The name `longhouse` belongs to somebody else at npm. A scope is ours, whatever is in it.
NPM = f"@{OWNER}/longhouse"
IMAGE = f"ghcr.io/{OWNER}/longhouse"
# Where the archives of this version lie.
DOWNLOADS = f"{REPOSITORY}/releases/download/v{VERSION}"
# What every package carries besides the program.
PAPERS = [ROOT / "CHANGELOG.md", ROOT / "LICENSE-APACHE", ROOT / "LICENSE-MIT"]


@dataclass(frozen=True)
class Target:
    """A line of targets.tsv."""

    target: str
    runner: str
    archive: str
    runner_os: str
    runner_arch: str
    npm_os: str
    npm_cpu: str
    wheel: str

    @property
    def stem(self) -> str:
        """The name of the archive without its ending, and of the folder in it."""
        return f"longhouse-{VERSION}-{self.target}"

    @property
    def file(self) -> str:
        """The name of the archive."""
        return f"{self.stem}.{self.archive}"

    @property
    def program(self) -> str:
        """What the program is called on this system."""
        return "longhouse.exe" if "windows" in self.target else "longhouse"

    @property
    def npm_package(self) -> str:
        """The package with the program for this system: that of the first architecture, if several run it."""
        return f"@{OWNER}/longhouse-{self.npm_os}-{self.npm_cpu.split(',')[0]}"

    @property
    def wheel_file(self) -> str:
        """The name of the wheel."""
        return f"longhouse-{VERSION}-py3-none-{self.wheel}.whl"


def tarball(package: str) -> str:
    """The file that `npm pack` makes of a package."""
    return f"{package.removeprefix('@').replace('/', '-')}-{VERSION}.tgz"


def crates() -> list[str]:
    """The crates that are published, the program last: it needs the others, and they need none of ours."""
    members = [tomllib.loads((ROOT / it / "Cargo.toml").read_text(encoding="utf-8")) for it in CARGO["workspace"]["members"]]
    names = [it["package"]["name"] for it in members if it["package"].get("publish", True)]
    return sorted(names, key=lambda it: (it == CARGO["package"]["name"], it))


def targets() -> list[Target]:
    """The lines of the table, in its order."""
    text = (ROOT / "packaging" / "targets.tsv").read_text(encoding="utf-8")
    head, *rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return [Target(**dict(zip(head, row, strict=True))) for row in rows]


def find(target: str) -> Target:
    """The line of a target by Rust's name. Ends the process if there is none."""
    for it in targets():
        if it.target == target:
            return it
    sys.exit(f"packaging/targets.tsv has no target {target!r}. It has: {', '.join(it.target for it in targets())}")


def main() -> None:
    match sys.argv[1:]:
        case ["version"]:
            print(VERSION)
        case ["outputs"]:
            matrix = {"include": [{"target": it.target, "runner": it.runner} for it in targets()]}
            print(f"version={VERSION}", f"matrix={json.dumps(matrix)}", sep="\n")
            print(f"npm={tarball(NPM)}", f"crates={' '.join(crates())}", f"image={IMAGE}", sep="\n")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
