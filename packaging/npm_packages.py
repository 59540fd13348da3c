"""The npm packages: one with the program for each system, and `longhouse`, which is a small script that starts the one
that npm chose by `os` and `cpu`. Nothing runs when they are installed.

    npm_packages.py OUT          packs the main package into OUT; those of the systems come from build.py
"""

import json
import sys
from pathlib import Path

import archive
from project import DESCRIPTION, KEYWORDS, LICENSE, NPM, PAPERS, REPOSITORY, ROOT, VERSION, Target, tarball, targets

HERE = ROOT / "packaging" / "npm"
README = ROOT / "packaging" / "package-readme.md"


def platform_package(target: Target, program: bytes, third_party: str, out: Path) -> Path:
    """The package with the program for one system."""
    manifest = common(target.npm_package) | {
        "description": f"{DESCRIPTION} The program for {target.npm_os} {target.npm_cpu}; install {NPM}.",
        "os": [target.npm_os],
        "cpu": target.npm_cpu.split(","),
        "preferUnplugged": True,
    }
    members = {f"bin/{target.program}": (program, 0o755), "THIRD-PARTY.txt": (third_party.encode(), 0o644)}
    return packed(manifest, members, out)


def main_package(out: Path) -> Path:
    """The package that people install."""
    programs = {
        f"{target.npm_os} {cpu}": f"{target.npm_package}/bin/{target.program}"
        for target in targets()
        for cpu in target.npm_cpu.split(",")
    }
    manifest = common(NPM) | {
        "description": DESCRIPTION,
        "keywords": KEYWORDS,
        "bin": {"longhouse": "longhouse.js"},
        "engines": {"node": ">=18"},
        # Exactly this version: the script and the program are one release.
        "optionalDependencies": {it.npm_package: VERSION for it in targets()},
    }
    members = {
        "longhouse.js": ((HERE / "longhouse.js").read_bytes(), 0o755),
        "programs.json": (pretty(programs), 0o644),
    }
    return packed(manifest, members, out)


def common(name: str) -> dict:
    return {
        "name": name,
        "version": VERSION,
        "license": LICENSE,
        "homepage": REPOSITORY,
        "repository": {"type": "git", "url": f"git+{REPOSITORY}.git"},
        "bugs": f"{REPOSITORY}/issues",
        # A package in a scope is private unless it says otherwise.
        "publishConfig": {"access": "public"},
    }


def packed(manifest: dict, members: dict[str, tuple[bytes, int]], out: Path) -> Path:
    """A tarball as `npm pack` makes it, with the name that `npm pack` gives it."""
    members = dict(members)
    members["package.json"] = (pretty(manifest), 0o644)
    members["README.md"] = (README.read_bytes(), 0o644)
    members |= {it.name: (it.read_bytes(), 0o644) for it in PAPERS if it.name.startswith("LICENSE")}
    path = out / tarball(manifest["name"])
    archive.write(path, {f"package/{name}": it for name, it in members.items()})
    return path


def pretty(value: dict) -> bytes:
    return (json.dumps(value, indent=2) + "\n").encode()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(main_package(Path(sys.argv[1])))
