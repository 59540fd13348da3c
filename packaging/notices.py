"""The notices of the crates that are compiled into the program, whose licences ask to be passed on with it."""

import json
import subprocess
from pathlib import Path

from project import ROOT

NAMES = ("LICEN", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE")


def notices(target: str) -> str:
    """One text for all crates that are in the program for this target, the same wherever it is made. Equal licences
    stand there once, under the crates that they are of."""
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", target]
    metadata = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    packages = {it["id"]: it for it in metadata["packages"]}
    used = compiled_in(metadata["resolve"])
    crates = sorted((packages[it] for it in used), key=lambda it: (it["name"], it["version"]))
    crates = [it for it in crates if it["source"] is not None]
    texts: dict[str, list[str]] = {}
    lines = ["Longhouse contains the crates below. Their source is at the addresses named here and at https://crates.io/.", ""]
    for crate in crates:
        name = f"{crate['name']} {crate['version']}"
        lines.append(f"{name}: {crate['license'] or 'see its licence file'}, {crate['repository'] or 'crates.io'}")
        found = licences(Path(crate["manifest_path"]).parent)
        if not found:
            people = ", ".join(crate["authors"]) or "its authors"
            found = [f"The package holds no text. It is licensed as {crate['license']} by {people}."]
        for text in found:
            texts.setdefault(text, []).append(name)
    for text, names in texts.items():
        lines += ["", "-" * 100, *names, "-" * 100, "", text]
    return "\n".join(lines) + "\n"


def compiled_in(resolve: dict) -> set[str]:
    """The packages that the program is compiled from: none that only build it or test it. Macros count, because they
    write code that ends up in it."""
    nodes = {it["id"]: it for it in resolve["nodes"]}
    found: set[str] = set()
    left = [resolve["root"]]
    while left:
        package = left.pop()
        if package in found:
            continue
        found.add(package)
        left += [it["pkg"] for it in nodes[package]["deps"] if any(kind["kind"] is None for kind in it["dep_kinds"])]
    return found


def licences(folder: Path) -> list[str]:
    """The texts of licences and notices at the top of a crate, by the names of their files."""
    files = sorted(it for it in folder.iterdir() if it.is_file() and it.name.upper().startswith(NAMES))
    return ["\n".join(it.read_text(encoding="utf-8", errors="replace").split("\r\n")).strip() for it in files]
