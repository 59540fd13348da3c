#!/usr/bin/env python3
"""The setup action's script, run as a runner runs it: what it installs, and what it refuses.

    python3 packaging/test_setup.py

The archives hold a small script in place of the program, and lie in a folder of this machine.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import archive
from project import REPOSITORY, ROOT, VERSION, Target, targets

PROGRAM = f'#!/bin/sh\necho "longhouse {VERSION}"\n'
MACHINES = [(it, architecture) for it in targets() for architecture in it.runner_arch.split(",")]
HERE = targets()[0]


class Fixture(unittest.TestCase):
    """A runner's folders, the action as it has it, and archives of every system."""

    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="longhouse-setup-"))
        self.addCleanup(shutil.rmtree, self.folder)
        # The action as a runner has it: the whole repository at one commit.
        self.action = self.folder / "action"
        for name in ("Cargo.toml", "packaging/targets.tsv", "setup/install.sh", "setup/checksums.txt"):
            (self.action / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.action / name)
        # The workspace, which may be a stranger's: whatever lies there must not be run.
        self.workspace = self.folder / "workspace"
        self.commands = self.folder / "commands"
        for folder in (self.workspace, self.commands, self.folder / "temp"):
            folder.mkdir()
        self.mirror = self.folder / "mirror"
        self.publish(PROGRAM)

    def publish(self, program: str, version: str = VERSION) -> None:
        """Puts archives of all systems into the mirror, with this program in them."""
        for target in targets():
            members = {f"{target.stem}/{target.program}": (program.encode(), 0o755)}
            members["../../escaped"] = (b"", 0o644)
            archive.write(self.mirror / f"v{version}" / target.file, members)

    def sum(self, target: Target = HERE) -> str:
        return hashlib.sha256((self.mirror / f"v{VERSION}" / target.file).read_bytes()).hexdigest()


class Setup(Fixture):
    def command(self, name: str, text: str) -> None:
        """Puts a command in front of those of the system."""
        path = self.commands / name
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def run_action(self, target: Target = HERE, architecture: str = "", **inputs: str) -> subprocess.CompletedProcess:
        environment = {
            "PATH": f"{self.commands}:/usr/bin:/bin",
            "HOME": str(self.folder),
            "RUNNER_OS": target.runner_os,
            "RUNNER_ARCH": architecture or target.runner_arch.split(",")[0],
            "RUNNER_TEMP": str(self.folder / "temp"),
            "GITHUB_PATH": str(self.folder / "path"),
            "GITHUB_OUTPUT": str(self.folder / "output"),
            "LONGHOUSE_VERSION": "",
            "LONGHOUSE_SHA256": "",
            "LONGHOUSE_MIRROR": f"file://{self.mirror}",
            "GH_TOKEN": "token",
        } | inputs
        command = ["bash", str(self.action / "setup" / "install.sh")]
        return subprocess.run(command, cwd=self.workspace, env=environment, capture_output=True, text=True)

    def installed(self, done: subprocess.CompletedProcess) -> Path:
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual((self.folder / "output").read_text(), f"version={VERSION}\n")
        folder = Path((self.folder / "path").read_text().strip())
        self.assertEqual([it.name for it in folder.iterdir() if it.name.startswith("longhouse")], [it.name for it in folder.iterdir()])
        self.assertFalse(list(self.folder.rglob("escaped")))
        return folder

    def refused(self, done: subprocess.CompletedProcess, why: str) -> None:
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn(why, done.stdout)
        # One line, so nothing in it can be a second command to the runner.
        self.assertTrue(done.stdout.startswith("::error title=Longhouse was not installed::"), done.stdout)
        self.assertEqual(done.stdout.count("\n"), 1, done.stdout)
        self.assertFalse((self.folder / "path").exists())
        self.assertFalse((self.folder / "output").exists())
        self.assertEqual(list((self.folder / "temp").glob("*/bin/*")), [], "nothing was unpacked")
        self.assertEqual(list(self.workspace.iterdir()), [])

    def test_the_given_checksum_is_right(self) -> None:
        for target, architecture in MACHINES:
            with self.subTest(target=target.target, architecture=architecture):
                for name in ("output", "path"):
                    (self.folder / name).unlink(missing_ok=True)
                done = self.run_action(target, architecture, LONGHOUSE_SHA256=self.sum(target))
                self.assertTrue((self.installed(done) / target.program).exists())
                self.assertIn("verified by the given checksum", done.stdout)

    def test_the_given_checksum_is_wrong(self) -> None:
        self.publish(PROGRAM + f"touch {self.workspace}/ran\n")
        for wrong in ("0" * 64, self.sum(targets()[1])):
            done = self.run_action(LONGHOUSE_SHA256=wrong)
            self.refused(done, f"has the checksum {self.sum()}, but the given checksum is {wrong}. Nothing of it was run.")

    def test_the_action_knows_the_checksum(self) -> None:
        known = self.action / "setup" / "checksums.txt"
        known.write_text("# Others come first.\n" + "".join(f"{self.sum(it)}  {it.file}\n" for it in reversed(targets())))
        done = self.run_action(LONGHOUSE_VERSION=VERSION)
        self.installed(done)
        self.assertIn("verified by the checksum in the action", done.stdout)

    def test_what_the_mirror_has_is_not_what_the_action_knows(self) -> None:
        (self.action / "setup" / "checksums.txt").write_text(f"{self.sum()}  {HERE.file}\n")
        self.publish(PROGRAM + "# Exchanged.\n")
        self.refused(self.run_action(), "but the checksum in the action is")
        # Checksums from the same place would say whatever they want.
        (self.mirror / f"v{VERSION}" / "SHA256SUMS").write_text(f"{self.sum()}  {HERE.file}\n")
        self.refused(self.run_action(), "but the checksum in the action is")

    def test_an_attestation_stands_in_for_a_checksum(self) -> None:
        self.command("gh", f'printf "%s\\n" "$@" > {self.folder}/asked')
        done = self.run_action()
        self.installed(done)
        name = REPOSITORY.removeprefix("https://github.com/")
        asked = (self.folder / "asked").read_text().splitlines()
        self.assertEqual(asked[:2], ["attestation", "verify"])
        for option, value in {
            "--repo": name,
            "--signer-workflow": f"{name}/.github/workflows/release.yml",
            "--source-ref": f"refs/tags/v{VERSION}",
        }.items():
            self.assertEqual(asked[asked.index(option) + 1], value)

    def test_there_is_neither_checksum_nor_attestation(self) -> None:
        self.command("gh", "echo no attestation >&2; exit 1")
        self.refused(self.run_action(), "has no attestation of the release workflow")

    def test_nothing_can_verify_an_attestation(self) -> None:
        # A path with what the script needs, and no gh, whatever this machine has.
        for name in ("awk", "bash", "cat", "chmod", "curl", "cut", "dirname", "head", "mkdir", "mktemp", "rm", "sed", "sha256sum"):
            (self.commands / name).symlink_to(shutil.which(name))
        self.refused(self.run_action(PATH=str(self.commands)), "Give the checksum as sha256")

    def test_inputs_that_want_to_be_more_than_inputs(self) -> None:
        trap = f"{self.workspace}/ran"
        versions = [
            f"$(touch {trap})", f"`touch {trap}`", f"0.1.0; touch {trap}", "../../0.1.0", "0.1.0/../../x", "-0.1.0", "--help",
            "0.1.0\n::add-path::/tmp", "x\n0.1.0", "0.1.0\n", "0.1.0 ", "0.1", "v0.1.0", "0.1.0-a/b", "0.1.0-..", "0.1.0-$IFS", "latest", "0.1.0\r",
        ]
        for version in versions:
            with self.subTest(version=version):
                self.refused(self.run_action(LONGHOUSE_VERSION=version, LONGHOUSE_SHA256=self.sum()), "This is no version:")
        for given in (" ", "0" * 63, "A" * 64, f"{'0' * 64}\n{self.sum()}", "*", "$(id)"):
            with self.subTest(given=given):
                self.refused(self.run_action(LONGHOUSE_SHA256=given), "This is no SHA-256 checksum:")
        for mirror in ("http://example.org", "ftp://x", "-o/etc/passwd", "file:// /etc", f"https://x\n{trap}", "javascript:1", "https://"):
            with self.subTest(mirror=mirror):
                self.refused(self.run_action(LONGHOUSE_MIRROR=mirror, LONGHOUSE_SHA256=self.sum()), "no https or file address")

    def test_a_message_cannot_speak_to_the_runner(self) -> None:
        done = self.run_action(LONGHOUSE_VERSION="%0A::set-output name=x::y")
        self.refused(done, "%250A::set-output")

    def test_a_machine_for_which_there_is_no_program(self) -> None:
        done = self.run_action(RUNNER_OS="Linux", RUNNER_ARCH="ARM")
        self.refused(done, "There is no ready program for Linux on ARM")

    def test_a_version_that_was_not_released(self) -> None:
        done = self.run_action(LONGHOUSE_VERSION="99.0.0", LONGHOUSE_SHA256="0" * 64)
        self.assertIn("Is 99.0.0 a released version?", done.stdout)
        self.assertEqual(done.returncode, 1)

    def test_the_archive_holds_another_version(self) -> None:
        self.publish("#!/bin/sh\necho longhouse 0.0.9\n")
        done = self.run_action(LONGHOUSE_SHA256=self.sum())
        self.assertEqual(done.returncode, 1)
        self.assertIn("says that it is longhouse 0.0.9", done.stdout)
        self.assertFalse((self.folder / "path").exists())

    def test_the_workspace_and_its_settings_have_no_say(self) -> None:
        for name in ("curl", "tar", "sha256sum", "awk", "sed", "longhouse", "gh"):
            path = self.workspace / name
            path.write_text(f"#!/bin/sh\ntouch {self.folder}/ran\n")
            path.chmod(0o755)
        (self.folder / ".curlrc").write_text(f"url = file:///dev/null\noutput = {self.folder}/ran\n")
        done = self.run_action(LONGHOUSE_SHA256=self.sum(), TAR_OPTIONS=f"--checkpoint=1 --checkpoint-action=exec='touch {self.folder}/ran'")
        self.installed(done)
        self.assertFalse((self.folder / "ran").exists())


if __name__ == "__main__":
    unittest.main()
