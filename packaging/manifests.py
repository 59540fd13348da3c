#!/usr/bin/env python3
"""The Homebrew formula and the Scoop manifest of a release, from its checksums.

    manifests.py DIR            reads DIR/SHA256SUMS, writes DIR/longhouse.rb and DIR/longhouse.json
"""

import json
import re
import sys
from pathlib import Path

from project import DESCRIPTION, DOWNLOADS, LICENSE, REPOSITORY, VERSION, Target, targets


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    sums = checksums(folder / "SHA256SUMS")
    write(folder / "longhouse.rb", formula(sums))
    write(folder / "longhouse.json", json.dumps(scoop(sums), indent=4, ensure_ascii=False) + "\n")


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
    print(path)


def checksums(path: Path) -> dict[str, str]:
    """Checksums by the name of the file. Ends the process if a line is none, or an archive has no line."""
    sums: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        parts = re.fullmatch(r"([0-9a-f]{64}) [ *]([A-Za-z0-9._-]+)", line)
        if parts is None:
            sys.exit(f"{path}: no checksum and file name: {line!r}")
        sums[parts[2]] = parts[1]
    missing = [it.file for it in targets() if it.file not in sums]
    if missing:
        sys.exit(f"{path} has no {', '.join(missing)}")
    return sums


def formula(sums: dict[str, str]) -> str:
    """What `brew install` reads, in the tap of the project."""
    blocks = []
    for system, name in (("macOS", "macos"), ("Linux", "linux")):
        blocks.append(f"  on_{name} do\n{''.join(choice(it, sums) for it in targets() if it.runner_os == system)}  end\n")
    choices = "\n".join(blocks)
    return f"""\
# Made by the release of Longhouse {VERSION}; do not edit.
class Longhouse < Formula
  desc "Static site generator for community knowledge bases"
  homepage "{REPOSITORY}"
  version "{VERSION}"
  license any_of: ["MIT", "Apache-2.0"]

{choices}
  def install
    bin.install "longhouse"
    generate_completions_from_executable(bin/"longhouse", "completions")
  end

  test do
    assert_match "longhouse #{{version}}", shell_output("#{{bin}}/longhouse --version")
    system bin/"longhouse", "init", "--example", "site"
    system bin/"longhouse", "build", "--root", "site"
    assert_path_exists testpath/"site/public/index.html"
  end
end
"""


def choice(target: Target, sums: dict[str, str]) -> str:
    processor = {"ARM64": "arm", "X64": "intel"}[target.runner_arch]
    return f"""\
    on_{processor} do
      url "{DOWNLOADS}/{target.file}"
      sha256 "{sums[target.file]}"
    end
"""


def scoop(sums: dict[str, str]) -> dict:
    """What `scoop install` reads, from the address of the latest release."""
    names = {"X64": "64bit", "ARM64": "arm64"}
    windows = [it for it in targets() if it.runner_os == "Windows"]
    architectures = {
        names[processor]: {
            "url": f"{DOWNLOADS}/{it.file}",
            "hash": sums[it.file],
            "extract_dir": it.stem,
        }
        for it in windows
        for processor in it.runner_arch.split(",")
    }
    newer = f"{REPOSITORY}/releases/download/v$version"
    return {
        "version": VERSION,
        "description": DESCRIPTION,
        "homepage": REPOSITORY,
        "license": LICENSE.replace(" OR ", "|"),
        "architecture": architectures,
        "bin": "longhouse.exe",
        "checkver": {"github": REPOSITORY},
        "autoupdate": {
            "architecture": {
                names[processor]: {
                    "url": f"{newer}/{it.file.replace(VERSION, '$version')}",
                    "extract_dir": it.stem.replace(VERSION, "$version"),
                }
                for it in windows
                for processor in it.runner_arch.split(",")
            },
            "hash": {"url": f"{newer}/SHA256SUMS"},
        },
    }


if __name__ == "__main__":
    main()
