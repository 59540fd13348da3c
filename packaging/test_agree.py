#!/usr/bin/env python3
"""What disagrees is found: the project as it is here, with one thing in it changed.

    python3 packaging/test_agree.py
"""

import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import fixture
from project import NPM, OWNER, VERSION

OTHER = "9.8.7"


class Agree(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = Path(tempfile.mkdtemp(prefix="longhouse-agree-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        fixture.copy(cls.folder)
        fixture.commit(cls.folder)

    def said(self, *arguments: str) -> tuple[int, list[str]]:
        command = [sys.executable, str(self.folder / "packaging" / "agree.py"), *arguments]
        done = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(done.stderr, "")
        return done.returncode, done.stdout.splitlines()

    def changed(self, name: str, old: str, new: str, *arguments: str) -> list[str]:
        """What is said after a text was exchanged in a file, which is as before afterwards."""
        path = self.folder / name
        before = path.read_text()
        self.assertIn(old, before)
        path.write_text(before.replace(old, new))
        try:
            status, lines = self.said(*arguments)
        finally:
            path.write_text(before)
        self.assertEqual(status, 1)
        return lines

    def test_everything_agrees(self) -> None:
        self.assertEqual(self.said()[0], 0)
        self.assertEqual(self.said("--tag", f"v{VERSION}")[0], 0)

    def test_a_new_version_is_asked_for_wherever_the_old_one_stands(self) -> None:
        lines = self.changed("Cargo.toml", f'version = "{VERSION}"\nedition', f'version = "{OTHER}"\nedition')
        places = {re.split(r"[: ]", it)[0] for it in lines}
        self.assertLessEqual({"docs/content/how-tos/install.md", "./Cargo.toml"}, places)
        self.assertTrue(any(it.endswith(f"should name {OTHER}") for it in lines))

    def test_another_owner_is_asked_for_wherever_the_old_one_stands(self) -> None:
        lines = self.changed("Cargo.toml", f"github.com/{OWNER}/longhouse", "github.com/acme/longhouse")
        places = {it.split(":")[0] for it in lines}
        self.assertLessEqual({"README.md", "docs/content/how-tos/install.md", "packaging/README.md"}, places)
        self.assertTrue(any(f"{NPM} should name @acme/longhouse" in it for it in lines))

    def test_one_text_that_disagrees_is_named_with_its_line(self) -> None:
        for name, old, new in (
            ("README.md", f"github.com/{OWNER}/longhouse", "github.com/some-one/longhouse"),
            ("docs/content/how-tos/install.md", f"uvx longhouse@{VERSION}", f"uvx longhouse@{OTHER}"),
            ("docs/content/how-tos/install.md", f"/longhouse/setup@COMMIT # v{VERSION}", f"/longhouse/setup@{'0' * 40} # v{OTHER}"),
            ("docs/content/how-tos/install.md", f"longhouse:{VERSION}", f"longhouse:{OTHER}"),
        ):
            with self.subTest(new=new):
                lines = self.changed(name, old, new)
                self.assertTrue(lines and all(re.match(rf"{name}:\d+: .* should name ", it) for it in lines), lines)

    def test_cargo_binstall_would_look_elsewhere(self) -> None:
        lines = self.changed("Cargo.toml", "releases/download/v{ version }/", "releases/download/{ version }/")
        self.assertTrue(all("cargo-binstall looks for" in it for it in lines), lines)

    def test_a_checksum_is_none_or_there_twice(self) -> None:
        line = f"{'0' * 64}  longhouse-{OTHER}-x86_64-unknown-linux-musl.tar.gz\n"
        for text in ("0123  longhouse.tar.gz\n", line + line, line.replace("longhouse", "../longhouse", 1)):
            lines = self.changed("setup/checksums.txt", "# Checksums", text + "# Checksums")
            self.assertEqual(len(lines), 1, lines)

    def test_a_release_has_its_tag_and_its_day(self) -> None:
        self.assertEqual(self.said("--tag", f"v{OTHER}"), (1, [f"The tag is v{OTHER}, and Cargo.toml says {VERSION}"]))
        heading = re.search(rf"^## {re.escape(VERSION)} - .*$", (self.folder / "CHANGELOG.md").read_text(), re.MULTILINE)
        lines = self.changed("CHANGELOG.md", heading[0], f"## {VERSION}", "--tag", f"v{VERSION}")
        self.assertIn("has no day", lines[0])


if __name__ == "__main__":
    unittest.main()
