"""What checkers of workflows say of the YAML in the documentation, put where it belongs.

    python tests/hosts/workflows.py

Jobs stand in a workflow with the jobs around them, steps in a job. It ends with 1 if there was anything to say.
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import textwrap

from recipes import ROOT, blocks, publishing

# What the jobs and steps of the recipes replace a part of: the same names, rights and artifact.
AROUND = """\
name: Publish
on:
  push:
    branches: [main]
permissions: {{}}
concurrency:
  group: publish
  cancel-in-progress: false
jobs:
  build:
    name: Build
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          fetch-depth: 0
          persist-credentials: false
      - run: longhouse build
{}"""
PIN = re.compile(r"uses: (\S+)@(\S*)(?: # (v[0-9.]+))?\s*$", re.MULTILINE)


def whole(text):
    """A workflow of its own, made of one, of a job or of steps."""
    if text.startswith("- "):
        steps = textwrap.indent(text, "    ")
        text = f"publish:\n  needs: build\n  runs-on: ubuntu-24.04\n  permissions: {{}}\n  steps:\n{steps}"
    return text if text.startswith("name:") else AROUND.format(textwrap.indent(text, "  "))


def said(*command):
    """What a checker prints, if it finds anything."""
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return [] if run.returncode == 0 else [f"{command[0]}: {run.stdout}{run.stderr}"]


def pins(named):
    """Every action by its whole commit, with its version, and the same one on all pages and in our own workflows."""
    problems, known = [], {}
    for place, text in named:
        for action, commit, version in PIN.findall(text):
            if not re.fullmatch(r"[0-9a-f]{40}", commit) or not version:
                problems.append(f"{place}: {action} is not named by commit and version")
            first = known.setdefault(action, (commit, version, place))
            if first[:2] != (commit, version):
                problems.append(f"{place}: {action} is another one than in {first[2]}")
    return problems


def main():
    problems, named, count = [], [], 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for page in publishing():
            for info, text in blocks(page):
                # Several blocks of a page may be parts of one file.
                file = folder / f"{count}-{pathlib.Path(page).stem}.yml"
                if info.endswith("/workflows/publish.yml"):
                    file.write_text(whole(text), encoding="utf-8")
                    named.append((page, text))
                    schema = ["--builtin-schema", "vendor.github-workflows"]
                    # Addresses of actions are Forgejo's; GitHub's checkers know no such thing.
                    if ".forgejo" not in info:
                        problems += said("actionlint", "-color=false", str(file))
                        problems += said("zizmor", "--offline", "--no-progress", "--color=never", str(file))
                elif info == "yaml .gitlab-ci.yml":
                    file.write_text(text, encoding="utf-8")
                    schema = ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"]
                elif info.startswith("bash "):
                    file = file.with_suffix(".sh")
                    file.write_text(text, encoding="utf-8")
                    problems += said("shellcheck", str(file))
                    count += 1
                    continue
                else:
                    continue
                problems += said("check-jsonschema", *schema, str(file))
                count += 1
        ours = sorted((ROOT / ".github/workflows").glob("*.yml"))
        problems += pins(named + [(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in ours])
    if count < 6:
        problems.append(f"the documentation has only {count} workflows and scripts")
    print(f"workflows: {count} looked at, {len(problems)} problems")
    for problem in problems:
        print(textwrap.indent(problem, "  "))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
