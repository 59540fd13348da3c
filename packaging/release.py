#!/usr/bin/env python3
"""Makes a release of what `build.py` packed on each system: the main npm package, SHA256SUMS, the manifests for Homebrew
and Scoop, and RELEASE.md, its text.

    release.py DIR [TARGET...]      DIR holds the packages of these targets, by default of all
"""

import hashlib
import subprocess
import sys
from pathlib import Path

import npm_packages
from changes import section
from project import ROOT, find, tarball, targets


def main() -> None:
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    chosen = [find(it) for it in sys.argv[2:]] or targets()
    expected = {name for it in chosen for name in (it.file, it.wheel_file, tarball(it.npm_package))}
    there = {it.name for it in folder.iterdir()}
    if there != expected:
        sys.exit(f"{folder} lacks {sorted(expected - there)}, and has besides {sorted(there - expected)}")
    npm_packages.main_package(folder)
    lines = [f"{hashlib.sha256(it.read_bytes()).hexdigest()}  {it.name}\n" for it in sorted(folder.iterdir())]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8", newline="\n")
    if len(chosen) == len(targets()):
        subprocess.run([sys.executable, str(ROOT / "packaging" / "manifests.py"), str(folder)], check=True)
    (folder / "RELEASE.md").write_text(section()[1] + "\n", encoding="utf-8", newline="\n")
    print(*sorted(it.name for it in folder.iterdir()), sep="\n")


if __name__ == "__main__":
    main()
