#!/usr/bin/env python3
"""Makes sure that nothing disagrees: versions, addresses and names stand in many files, and come from Cargo.toml and
targets.tsv. Prints what does not fit, and ends with 1.

    agree.py                    for every change
    agree.py --tag v0.1.0       for a release as well: the tag is this version, and the changelog has its day
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from changes import section
from project import CARGO, NPM, OWNER, REPOSITORY, ROOT, VERSION, targets

NUMBER = r"(\d+\.\d+\.\d+(?:-[0-9A-Za-z.]+)?)"
# What a text may say, and what has to stand in its group.
MENTIONS = [
    (re.compile(r"github\.com/([\w.-]+)/longhouse\b"), OWNER),
    (re.compile(r"ghcr\.io/([\w.-]+)/longhouse\b"), OWNER),
    (re.compile(r"(@[\w.-]+/longhouse)\b(?!-)"), NPM),
    (re.compile(r"\blonghouse-" + NUMBER + r"-(?:x86_64|aarch64|py3)"), VERSION),
    (re.compile(r"\blonghouse(?:@|==)v?" + NUMBER), VERSION),
    (re.compile(r"\blonghouse:" + NUMBER), VERSION),
    (re.compile(r"/longhouse/releases/download/v" + NUMBER), VERSION),
    (re.compile(r"/longhouse/setup@[0-9a-f]{40} # v" + NUMBER), VERSION),
]
# The changelog speaks of older versions, and so do the checksums; the test of this makes some up.
SPEAKS_OF_OTHERS = {"CHANGELOG.md", "Cargo.lock", "packaging/test_agree.py", "setup/checksums.txt"}


def main() -> None:
    problems = [*mentions(), *crates(), *binstall(), *checksums()]
    match sys.argv[1:]:
        case []:
            pass
        case ["--tag", tag]:
            problems += release(tag)
        case _:
            sys.exit(__doc__)
    print("\n".join(problems) or f"Everything agrees with version {VERSION} at {REPOSITORY}.")
    sys.exit(1 if problems else 0)


def mentions() -> list[str]:
    """Texts of the project that name another version or address than Cargo.toml."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    files = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout.decode().split("\0")
    problems = []
    for name in sorted(set(files) - {""} - SPEAKS_OF_OTHERS):
        path = ROOT / name
        if not path.is_file() or path.is_symlink():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        # Most files name the program nowhere, and need no closer look.
        found = [(it, right) for pattern, right in MENTIONS for it in pattern.finditer(text)] if "longhouse" in text else []
        for it, right in sorted(found, key=lambda it: it[0].start()):
            if it[1] != right:
                line = text.count("\n", 0, it.start()) + 1
                problems.append(f"{name}:{line}: {it[0]} should name {right}")
    return problems


def crates() -> list[str]:
    """Crates of the workspace with a version of their own, and dependencies among them on another one."""
    problems = []
    for member in CARGO["workspace"]["members"]:
        crate = tomllib.loads((ROOT / member / "Cargo.toml").read_text(encoding="utf-8"))
        if crate["package"].get("publish", True) and crate["package"]["version"] != {"workspace": True}:
            problems.append(f"{member}/Cargo.toml: version.workspace = true is missing")
        for name, it in crate.get("dependencies", {}).items():
            if isinstance(it, dict) and "path" in it and it.get("version", VERSION) != VERSION:
                problems.append(f"{member}/Cargo.toml: {name} is asked for as {it['version']}, and is {VERSION}")
    return problems


def binstall() -> list[str]:
    """Archives that cargo-binstall would look for elsewhere, or whose program it would not find."""
    metadata = CARGO["package"]["metadata"]["binstall"]
    problems = []
    for target in targets():
        form = metadata.get("overrides", {}).get(target.target, {}).get("pkg-fmt", metadata["pkg-fmt"])
        values = {
            "repo": REPOSITORY,
            "name": CARGO["package"]["name"],
            "version": VERSION,
            "target": target.target,
            "archive-suffix": {"tgz": ".tar.gz", "zip": ".zip"}[form],
            "bin": "longhouse",
            "binary-ext": Path(target.program).suffix,
        }
        fill = lambda text: re.sub(r"\{ ([a-z-]+) \}", lambda it: values[it[1]], text)
        address, program = fill(metadata["pkg-url"]), fill(metadata["bin-dir"])
        # cargo-binstall tries both endings of a gzipped tar.
        if address != f"{REPOSITORY}/releases/download/v{VERSION}/{target.file}":
            problems.append(f"Cargo.toml: cargo-binstall looks for {address}, where {target.file} is meant")
        if program != f"{target.stem}/{target.program}":
            problems.append(f"Cargo.toml: cargo-binstall looks for {program} in {target.file}")
    return problems


def checksums() -> list[str]:
    """Lines of the action's checksums that are none, or that stand there twice."""
    problems, seen = [], set()
    lines = (ROOT / "setup" / "checksums.txt").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        parts = re.fullmatch(r"[0-9a-f]{64} [ *](longhouse-[A-Za-z0-9._-]+)", line)
        if not line.startswith("#") and (parts is None or parts[1] in seen):
            problems.append(f"setup/checksums.txt:{number}: no checksum of an archive, or the second one of it")
        elif parts:
            seen.add(parts[1])
    return problems


def release(tag: str) -> list[str]:
    """What only matters when this version is released."""
    day, text = section()
    problems = []
    if tag != f"v{VERSION}":
        problems.append(f"The tag is {tag}, and Cargo.toml says {VERSION}")
    if not day or not text:
        problems.append(f"CHANGELOG.md: the section {VERSION} has no day, or says nothing")
    return problems


if __name__ == "__main__":
    main()
