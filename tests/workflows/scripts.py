"""Runs the commands that bring in pictures on GitLab and on Forgejo, as `longhouse init --host` writes them, in a shell.

    python tests/workflows/scripts.py target/debug/longhouse

Nobody has the runners of these hosts here, so the variables that they set are set by this test, and `curl` is a few lines.
The repository is a folder. Nothing is asked of any network but of a host of pictures on this machine.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from ruamel.yaml import YAML

from walk import git, must, picture_host, problems, run, write

BRANCH = "longhouse/pictures"
SHELL = ("bash", "-e", "-o", "pipefail", "-c")


class Host:
    """A repository with a site, and what runs its job for pictures."""

    def __init__(self, name, top, program):
        self.name, self.top, self.program, self.runs = name, top / name, program, 0
        self.top.mkdir()
        self.bare, self.work = self.top / "origin.git", self.top / "work"
        run("git", "init", "--quiet", "--bare", "--initial-branch=main", self.bare)
        run("git", "-C", self.bare, "config", "receive.advertisePushOptions", "true")
        hook = self.bare / "hooks/pre-receive"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f'#!/bin/sh\nenv | grep ^GIT_PUSH_OPTION_ | sort >>"{self.top}/options"\nexit 0\n', encoding="utf-8")
        hook.chmod(0o755)
        run(program, "init", self.work, "--title", "Acme community")
        git(self.work, "init", "--quiet", "--initial-branch=main")
        run(program, "init", "--host", name, "--root", self.work)
        git(self.work, "remote", "add", "origin", self.bare)

    def merged(self, path, text):
        """What runs after a merge. Gives back the commit of the branch with the pictures, if there is one."""
        write(path, text)(self.work)
        return self.again()

    def again(self):
        git(self.work, "add", "--all")
        git(self.work, "commit", "--quiet", "--allow-empty", "--message", "Go on")
        git(self.work, "push", "--quiet", "origin", "main")
        main = git(self.bare, "rev-parse", "main")
        self.runs += 1
        folder = self.top / f"run-{self.runs}"
        folder.mkdir()
        self.log = ""
        (self.on_gitlab if self.name == "gitlab" else self.on_forgejo)(folder, main)
        must(git(self.bare, "rev-parse", "main") == main, f"{self.name}: the main branch is as it was")
        return run("git", "-C", self.bare, "rev-parse", "--verify", "--quiet", BRANCH, check=False).stdout.strip()

    def on_gitlab(self, folder, main):
        job = self.read(".gitlab-ci.yml")["pictures"]
        clone, tools = folder / "clone", folder / "bin"
        tools.mkdir()
        shutil.copy(self.program, tools / "longhouse")
        # The runner fetches one branch, and stands on a commit.
        run("git", "clone", "--quiet", "--single-branch", self.bare, clone)
        git(clone, "checkout", "--quiet", "--detach", main)
        variables = {**job["variables"], "PICTURES": folder / "pictures", "CI_JOB_TOKEN": "t", "CI_DEFAULT_BRANCH": "main"}
        self.shell("\n".join(job["script"]), clone, tools, variables)

    def on_forgejo(self, folder, main):
        steps = self.read(".forgejo/workflows/pictures.yml")["jobs"]["pictures"]["steps"]
        tools = folder / "longhouse/node_modules/.bin"
        tools.mkdir(parents=True)
        shutil.copy(self.program, tools / "longhouse")
        status = 409 if (self.top / "asked").exists() else 201
        (tools / "curl").write_text(f'#!/bin/sh\ncat >>"{self.top}/asked"\nprintf {status}\n', encoding="utf-8")
        (tools / "curl").chmod(0o755)
        known = {
            "${{ github.server_url }}": self.top,
            "${{ github.api_url }}": "https://forge.example/api/v1",
            "${{ github.repository }}": self.bare.name,
            "${{ github.sha }}": main,
            "${{ github.ref_name }}": "main",
            "${{ github.token }}": "t",
        }
        for step in steps:
            variables = {name: known[value] for name, value in step.get("env", {}).items()}
            if not step["run"].startswith("npm "):
                self.shell(step["run"], folder, tools, {**variables, "HOME": folder})

    def read(self, path):
        return YAML(typ="safe").load((self.work / path).read_text(encoding="utf-8"))

    def shell(self, script, folder, tools, variables):
        env = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "GIT_", "LONGHOUSE_", "CI"))}
        env |= {"PATH": f"{tools}:{env['PATH']}", "LONGHOUSE_EXTERNAL_ALLOW": "127.0.0.1"}
        env |= {name: str(value) for name, value in variables.items()}
        done = subprocess.run([*SHELL, script], cwd=folder, env=env, capture_output=True, text=True, check=False)
        self.log += done.stdout + done.stderr
        if done.returncode != 0:
            print(self.log)
            must(False, f"{self.name}: the job ends well")

    def asked(self):
        """How often a request was asked for."""
        if self.name == "gitlab":
            options = self.top / "options"
            return options.read_text(encoding="utf-8").count("=merge_request.create") if options.exists() else 0
        asked = self.top / "asked"
        return asked.read_text(encoding="utf-8").count('"head": "longhouse/pictures"') if asked.exists() else 0


def pictures(host, at):
    name = host.name
    must(host.again() == "" and host.asked() == 0, f"{name}: without a picture to bring in, nothing happens")
    first = host.merged("content/questions/gauge.md", f"# How do I read the gauge?\n\n![a]({at}/a.png) ![b]({at}/gone.png)\n")
    files = git(host.bare, "diff", "--name-status", f"main...{BRANCH}").split()
    must(files[::2] == ["A", "M"] and host.asked() == 1, f"{name}: a request has the picture and its page: {files}")
    must("gone.png stays where it is" in host.log, f"{name}: a picture that does not come is told")
    must(host.again() == first and host.asked() == 1, f"{name}: a second run changes nothing and asks for nothing")
    second = host.merged("content/questions/dial.md", f"# How do I read the dial?\n\n![a]({at}/a.png)\n")
    must(second != first, f"{name}: another page is brought into the same branch")
    must(git(host.bare, "rev-list", "--count", f"main..{BRANCH}") == "1", f"{name}: as one commit on what is published")
    git(host.work, "fetch", "--quiet", "origin", BRANCH)
    git(host.work, "checkout", "--quiet", "--detach", "FETCH_HEAD")
    write("content/questions/dial.md", "# How do I read the dial?\n\nLook.\n")(host.work)
    git(host.work, "commit", "--quiet", "--all", "--message", "Work on it")
    git(host.work, "push", "--quiet", "origin", f"HEAD:{BRANCH}")
    git(host.work, "checkout", "--quiet", "main")
    theirs = git(host.bare, "rev-parse", BRANCH)
    must(host.again() == theirs and "others have worked on it" in host.log, f"{name}: what somebody does on it stays")


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    server, at = picture_host()
    with tempfile.TemporaryDirectory(prefix="longhouse-scripts-") as top:
        for name in ("gitlab", "forgejo"):
            pictures(Host(name, pathlib.Path(top), program), at)
    server.shutdown()
    print(f"{len(problems)} problems")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
