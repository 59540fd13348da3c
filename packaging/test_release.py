#!/usr/bin/env python3
"""A whole release of all systems, with a small text in place of each program: archives, checksums, manifests, its text.

    python3 packaging/test_release.py
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest
import zipfile
from pathlib import Path

import build
import npm_packages
from project import DOWNLOADS, NPM, REPOSITORY, ROOT, VERSION, Target, tarball, targets

# Enough of Homebrew for the formula to say what it would fetch on a system.
BREW = """
System, Processor = ARGV[1], ARGV[2]
class Formula
  class << self
    def on_macos; yield if System == "macos"; end
    def on_linux; yield if System == "linux"; end
    def on_arm; yield if Processor == "arm"; end
    def on_intel; yield if Processor == "intel"; end
    def url(it) = puts(it)
    def sha256(it) = puts(it)
    def desc(_) = nil
    def homepage(_) = nil
    def version(_) = nil
    def license(_) = nil
    def test = nil
  end
end
load ARGV[0]
"""


def program(target: Target) -> bytes:
    return f"the program for {target.target}\n".encode()


def packed(folder: Path) -> None:
    """What the jobs that build hand on. Wheels are maturin's, so a name stands for each."""
    folder.mkdir(parents=True)
    for target in targets():
        build.pack(target, program(target), "notices\n", folder)
        npm_packages.platform_package(target, program(target), "notices\n", folder)
        (folder / target.wheel_file).write_bytes(b"wheel")


def release(folder: Path) -> subprocess.CompletedProcess:
    command = [sys.executable, str(ROOT / "packaging" / "release.py"), str(folder)]
    return subprocess.run(command, capture_output=True, text=True)


class Release(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.base = Path(tempfile.mkdtemp(prefix="longhouse-release-"))
        cls.addClassCleanup(shutil.rmtree, cls.base)
        cls.folder = cls.base / "release"
        packed(cls.folder)
        done = release(cls.folder)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        cls.sums = dict(line.split("  ")[::-1] for line in (cls.folder / "SHA256SUMS").read_text().splitlines())

    def test_every_file_has_its_checksum(self) -> None:
        made_from_them = {"SHA256SUMS", "RELEASE.md", "longhouse.rb", "longhouse.json"}
        self.assertEqual(set(self.sums), {it.name for it in self.folder.iterdir()} - made_from_them)
        self.assertIn(tarball(NPM), self.sums)
        for name, it in self.sums.items():
            self.assertEqual(hashlib.sha256((self.folder / name).read_bytes()).hexdigest(), it)

    def test_an_archive_is_one_folder_with_a_program_and_its_papers(self) -> None:
        for target in targets():
            if target.archive == "zip":
                with zipfile.ZipFile(self.folder / target.file) as it:
                    members = {name: (it.read(name), it.getinfo(name).external_attr >> 16 & 0o777) for name in it.namelist()}
            else:
                with tarfile.open(self.folder / target.file) as it:
                    members = {one.name: (it.extractfile(one).read(), one.mode) for one in it.getmembers()}
            self.assertEqual(members[f"{target.stem}/{target.program}"], (program(target), 0o755))
            papers = {name.removeprefix(f"{target.stem}/") for name in members} - {target.program}
            self.assertEqual(papers, {"CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md", "THIRD-PARTY.txt"})

    def test_the_same_programs_make_the_same_release(self) -> None:
        again = self.base / "again"
        packed(again)
        self.assertEqual(release(again).returncode, 0)
        for path in self.folder.iterdir():
            self.assertEqual(path.read_bytes(), (again / path.name).read_bytes(), path.name)

    def test_a_release_with_a_hole_or_a_guest_is_none(self) -> None:
        partial = self.base / "partial"
        packed(partial)
        (partial / targets()[-1].file).unlink()
        self.assertIn(f"lacks ['{targets()[-1].file}']", release(partial).stderr)
        self.assertFalse((partial / "SHA256SUMS").exists())
        packed(self.base / "guest")
        (self.base / "guest" / "longhouse-evil.tar.gz").write_bytes(b"")
        self.assertIn("has besides ['longhouse-evil.tar.gz']", release(self.base / "guest").stderr)

    def test_homebrew_fetches_the_archive_of_each_system(self) -> None:
        brew = self.base / "brew.rb"
        brew.write_text(BREW)
        processors = {"ARM64": "arm", "X64": "intel"}
        for target in targets():
            if target.runner_os == "Windows":
                continue
            command = ["ruby", str(brew), str(self.folder / "longhouse.rb"), target.runner_os.lower(), processors[target.runner_arch]]
            said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
            self.assertEqual(said, [f"{DOWNLOADS}/{target.file}", self.sums[target.file]])

    def test_scoop_fetches_the_archive_of_windows(self) -> None:
        manifest = json.loads((self.folder / "longhouse.json").read_text())
        windows = next(it for it in targets() if it.runner_os == "Windows")
        self.assertEqual(set(manifest["architecture"]), {"64bit", "arm64"})
        for it in manifest["architecture"].values():
            self.assertEqual(it["url"], f"{DOWNLOADS}/{windows.file}")
            self.assertEqual(it["hash"], self.sums[windows.file])
            self.assertEqual(it["extract_dir"], windows.stem)
        self.assertEqual(manifest["version"], VERSION)
        newer = json.dumps(manifest["autoupdate"]).replace("$version", VERSION)
        self.assertIn(f"{REPOSITORY}/releases/download/v{VERSION}/SHA256SUMS", newer)
        self.assertIn(windows.file, newer)

    def test_the_text_of_a_release_is_the_section_of_the_changelog(self) -> None:
        text = (self.folder / "RELEASE.md").read_text()
        changelog = (ROOT / "CHANGELOG.md").read_text()
        self.assertIn(text.strip(), changelog)
        self.assertTrue(text.startswith("### ") or text[0].isalpha(), text[:80])
        self.assertNotIn("\n## ", text)


if __name__ == "__main__":
    unittest.main()
