#!/usr/bin/env python3
"""Builds the program for one system, and packs it: the archive, the wheel and the npm package.

    build.py TARGET OUT [--profile NAME] [--commit HASH]

TARGET is a line of targets.tsv, OUT the folder where the packages go. Needs the target's standard library (rustup target
add TARGET), on Linux musl-tools, and maturin (requirements.txt). The release workflow runs it once on each system;
`packaging/test` runs it here, with the profile `packaging`.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

import archive
import npm_packages
from notices import notices
from project import PAPERS, ROOT, Target, find

README = ROOT / "packaging" / "package-readme.md"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target")
    parser.add_argument("out", type=Path)
    parser.add_argument("--profile", default="release")
    parser.add_argument("--commit", default="", help="the commit that `longhouse --version` names")
    arguments = parser.parse_args()
    target = find(arguments.target)
    out = arguments.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    environment = surroundings(target, arguments.commit)

    program = compiled(target, arguments.profile, environment)
    third_party = notices(target.target)
    pack(target, program, third_party, out)
    wheel(target, arguments.profile, third_party, environment, out)
    npm_packages.platform_package(target, program, third_party, out)
    print("\n".join(sorted(str(it) for it in out.iterdir())))


def surroundings(target: Target, commit: str) -> dict[str, str]:
    """The environment of the compiler. Both times it is asked it must be the same, or it compiles twice."""
    environment = dict(os.environ)
    # Paths of the machine on which it was built have no place in the program.
    sysroot = subprocess.run(["rustc", "--print", "sysroot"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    cargo = environment.get("CARGO_HOME", str(Path.home() / ".cargo"))
    places = {str(ROOT): "longhouse", cargo: "cargo", sysroot.stdout.strip(): "rust"}
    flags = [f"--remap-path-prefix={path}={name}" for path, name in places.items()]
    if target.runner_os == "Windows":
        # Runs without the Visual C++ Redistributable, which an empty Windows does not have.
        flags.append("-Ctarget-feature=+crt-static")
    environment["CARGO_ENCODED_RUSTFLAGS"] = "\x1f".join(flags)
    environment.pop("RUSTFLAGS", None)
    if target.runner_os == "macOS":
        # `macosx_11_0_arm64` is `11.0`.
        environment["MACOSX_DEPLOYMENT_TARGET"] = ".".join(target.wheel.split("_")[1:3])
    if commit:
        environment["LONGHOUSE_COMMIT"] = commit
    return environment


def compiled(target: Target, profile: str, environment: dict[str, str]) -> bytes:
    which = ["--package", "longhouse", "--bin", "longhouse", "--profile", profile, "--target", target.target]
    command = ["cargo", "build", "--locked", *which]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    target_folder = Path(environment.get("CARGO_TARGET_DIR", ROOT / "target"))
    return (target_folder / target.target / profile / target.program).read_bytes()


def pack(target: Target, program: bytes, third_party: str, out: Path) -> None:
    """The archive: one folder with the program, its licences, and completions for shells."""
    members = {target.program: (program, 0o755), "THIRD-PARTY.txt": (third_party.encode(), 0o644)}
    members["README.md"] = (README.read_bytes(), 0o644)
    members |= {it.name: (it.read_bytes(), 0o644) for it in PAPERS}
    archive.write(out / target.file, {f"{target.stem}/{name}": it for name, it in members.items()})


def wheel(target: Target, profile: str, third_party: str, environment: dict[str, str], out: Path) -> None:
    """The wheel, in which pip and uv find the program. maturin packs what the compiler has made already."""
    folder = ROOT / "target" / "wheel"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "packaging" / "python" / "pyproject.toml", folder)
    shutil.copy(README, folder / "README.md")
    for paper in PAPERS:
        shutil.copy(paper, folder)
    (folder / "THIRD-PARTY.txt").write_text(third_party, encoding="utf-8", newline="\n")
    command = [
        *(sys.executable, "-m", "maturin", "build", "--locked", "--profile", profile),
        *("--target", target.target, "--out", str(out)),
    ]
    if target.runner_os == "Linux":
        # A static program runs with every C library.
        command += ["--compatibility", "manylinux2014", "musllinux_1_1"]
    subprocess.run(command, cwd=folder, env=environment, check=True)
    if not (out / target.wheel_file).exists():
        made = ", ".join(it.name for it in out.glob("*.whl"))
        sys.exit(f"maturin made {made}, where targets.tsv says {target.wheel_file}")


if __name__ == "__main__":
    main()
