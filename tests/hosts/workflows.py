"""What checkers of workflows say of the jobs in the documentation, each in the workflow that `init --host github` writes,
and of its scripts. What `init` writes is tried by tests/workflows/run.

    python tests/hosts/workflows.py target/debug/longhouse

It ends with 1 if there was anything to say.
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import textwrap

import yaml
from recipes import ROOT, blocks, publishing

PIN = re.compile(r"uses: (\S+)@(\S*)(?: # (v[0-9.]+))?\s*$", re.MULTILINE)
PUBLISH = ".github/workflows/publish.yml"
# The checkers of GitHub's workflows, and the schemas of all.
GITHUB = [("actionlint", "-color=false"), ("zizmor", "--offline", "--no-progress", "--color=never")]
SCHEMAS = {
    ".github/workflows/": ["vendor.github-workflows"],
    ".gitlab-ci.yml": ["vendor.gitlab-ci", "--data-transform", "gitlab-ci"],
}


def written(program, repository):
    """What `init --host github` writes: texts of workflows by their paths."""
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", repository], check=True)
    for options in ([], ["--host", "github"]):
        subprocess.run([pathlib.Path(program).resolve(), "init", *options], cwd=repository, check=True,
                       stdout=subprocess.DEVNULL)
    paths = sorted(repository.glob(".github/workflows/*.yml"))
    return {str(path.relative_to(repository)): path.read_text(encoding="utf-8") for path in paths}


def replaced(workflow, job):
    """The workflow with this job instead of its own of the same name; all other lines stay."""
    name = job.split(":", 1)[0]
    pattern = re.compile(rf"^  {name}:\n(?:    .*\n|\s*\n)*", re.MULTILINE)
    if len(pattern.findall(workflow)) != 1:
        raise SystemExit(f"the workflow has no job `{name}` that could be replaced")
    return pattern.sub(lambda _: textwrap.indent(job, "  ") + "\n", workflow)


class Checkers:
    """The checkers, each of which looks at all files at once: starting them takes longer than looking."""

    def __init__(self, folder):
        self.folder = folder
        self.files = {}
        self.count = 0

    def add(self, path, text, place):
        """A file that stands at this path of a repository, and where it comes from."""
        file = self.folder / f"{self.count:02}" / re.sub(r"[^\w.-]+", "-", place) / path
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
        self.count += 1
        commands = [("shellcheck",)] if path.endswith(".sh") else []
        if path.startswith(".github/workflows/"):
            commands += GITHUB
        schema = next((words for prefix, words in SCHEMAS.items() if path.startswith(prefix)), None)
        if schema:
            commands.append(("check-jsonschema", "--quiet", "--builtin-schema", *schema))
        for command in commands:
            self.files.setdefault(command, []).append(file)

    def complaints(self):
        """What each of them says, if it finds anything."""
        said = []
        for command, files in self.files.items():
            run = subprocess.run([*command, *files], capture_output=True, text=True, check=False)
            if run.returncode:
                said.append(f"{command[0]}: {run.stdout}{run.stderr}")
        return said


def same_contract(workflow, place):
    """The job that publishes needs the one that builds, and takes the artifact that it hands over."""
    jobs = yaml.safe_load(workflow)["jobs"]
    steps = [step for step in jobs["build"]["steps"] if step.get("with", {}).get("name") == "site"]
    takes = [step for step in jobs["publish"]["steps"] if step.get("with", {}).get("name") == "site"]
    problems = []
    if len(steps) != 1 or not steps[0]["with"].get("include-hidden-files"):
        problems.append(f"{place}: `build` does not hand over all files, hidden ones too, as `site`")
    if len(takes) != 1 or jobs["publish"]["needs"] != "build":
        problems.append(f"{place}: `publish` does not take `site` from `build`")
    for name, job in jobs.items():
        if not {"permissions", "timeout-minutes"} <= job.keys():
            problems.append(f"{place}: the job `{name}` does not say what it may do, or how long")
    return problems


def pins(texts):
    """Every action by its whole commit and with its version, and the same one wherever we name it."""
    problems, known = [], {}
    for place, text in texts:
        for action, commit, version in PIN.findall(text):
            if not re.fullmatch(r"[0-9a-f]{40}", commit) or not version:
                problems.append(f"{place}: {action} is not named by commit and version")
            first = known.setdefault(action, (commit, version, place))
            if first[:2] != (commit, version):
                problems.append(f"{place}: {action} is {version}, and {first[1]} in {first[2]}")
    return problems


def main(program):
    problems, texts = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        checkers = Checkers(folder / "looked-at")
        files = written(program, folder / "repository")
        texts += [(f"init --host github: {path}", text) for path, text in files.items()]
        workflow = files[PUBLISH]
        problems += same_contract(workflow, "init --host github")
        for page in publishing():
            for info, text in blocks(page):
                path = info.split(" ", 1)[-1]
                if path == PUBLISH:
                    texts.append((page, text))
                    text = replaced(workflow, text)
                    problems += same_contract(text, page)
                elif path not in (".gitlab-ci.yml", "publish.sh"):
                    continue
                checkers.add(path, text, page)
        problems += checkers.complaints()
        ours = sorted((ROOT / ".github/workflows").glob("*.yml"))
        texts += [(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in ours]
        problems += pins(texts)
    if checkers.count < 7:
        problems.append(f"only {checkers.count} files were looked at")
    problems = list(dict.fromkeys(problems))
    print(f"workflows and scripts: {checkers.count} looked at, {len(problems)} problems")
    for problem in problems:
        print(textwrap.indent(problem, "  "))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
