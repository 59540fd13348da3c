"""Publishes a site by the recipes that only copy: rsync over SSH as the workflow's job does, and git to a branch of
Codeberg.

    python tests/hosts/copies.py target/debug/longhouse

The other machine is a folder: a stand-in for `ssh` runs there what it is told to. It ends with 1 if there was anything to
say.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import yaml
from recipes import block
from site_to_publish import Site

SSH = """#!/bin/bash
# ssh [-l USER] HOST COMMAND…
while [[ "$1" == -* ]]; do shift 2; done
shift
cd "$FOLDER_OF_THE_SERVER"
# What the key of the recipe allows.
[[ "$1 $2" == "rsync --server" ]] || exit 9
exec "$@"
"""


def written(folder):
    """Each file below a folder with its time and content."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(it.relative_to(folder)): (it.stat().st_mtime_ns, it.read_bytes()) for it in files}


def over_ssh(program, folder):
    """Copies as the job does: the folder is another one each time, and all files in it are new."""
    [job] = yaml.safe_load(block("how-tos/publishing/from-ci-to-any-host.md", "yaml .github/workflows/publish.yml")).values()
    keep, copy = [step for step in job["steps"] if "run" in step]
    home, server, bin_ = folder / "home", folder / "server", folder / "bin"
    for place in (home, server, bin_):
        place.mkdir()
    (bin_ / "ssh").write_text(SSH)
    (bin_ / "ssh").chmod(0o755)
    environment = {
        **os.environ, "HOME": str(home), "KEY": "the key", "KNOWN_HOSTS": "the server", "PATH": f"{bin_}:{os.environ['PATH']}",
        "TARGET": "publish@www.acme.example", "FOLDER_OF_THE_SERVER": str(server),
    }
    problems = []
    site = Site(program, folder / "site", folder / "built", "https://www.acme.example/", example=False)

    def publish():
        runner = pathlib.Path(tempfile.mkdtemp(dir=folder))
        shutil.copytree(site.output, runner / "public", copy_function=shutil.copyfile)
        for step in (keep, copy):
            bash = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
            subprocess.run(bash, cwd=runner, env=environment, check=True)
        return written(server)

    def expect(holds, words):
        if not holds:
            problems.append(words)

    site.build()
    first = publish()
    public = {name for name in site.files() if name not in (".longhouse", ".nojekyll")}
    expect(set(first) == public, f"not the same files: {sorted(set(first) ^ public)[:5]}")
    key = home / ".ssh/id_ed25519"
    expect(key.stat().st_mode & 0o777 == 0o600, "others can read the key")
    expect(publish() == first, "nothing changed, and files were written")
    site.edit()
    site.remove()
    site.build()
    second = publish()
    changed = [name for name in second if second[name] != first.get(name) and not name.startswith("assets/search/")]
    expect(0 < len(changed) < 30, f"an edit writes {len(changed)} files")
    expect("how-tos/take-it-down/index.html" not in second, "a page that was removed is still there")
    expect(all(name in second for name in first if name.startswith("assets/")), "what open pages load is gone")
    expect({it: second[it][1] for it in site.files() if it in second} ==
           {it: (site.output / it).read_bytes() for it in site.files() if it in second}, "the copy differs")
    return problems


def by_branch(program, folder):
    """Pushes the built files to a branch, twice, and looks at what git-pages would find."""
    problems = []
    bare, site = folder / "remote.git", folder / "repository"
    git = ["git", "-c", "init.defaultBranch=main", "-c", "user.name=Ana", "-c", "user.email=ana@acme.example"]
    subprocess.run([*git, "init", "--quiet", "--bare", bare], check=True)
    there = Site(program, site, site / "public", "https://acme.codeberg.page/community/", example=False)
    subprocess.run([*git, "init", "--quiet"], cwd=site, check=True)
    subprocess.run([*git, "remote", "add", "origin", bare], cwd=site, check=True)
    (folder / "path").mkdir()
    (folder / "path/longhouse").symlink_to(there.program)
    environment = {
        **os.environ, "PATH": f"{folder / 'path'}:{os.environ['PATH']}",
        **{f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
           for what, value in (("NAME", "Ana"), ("EMAIL", "ana@acme.example"))},
    }
    script = block("how-tos/publishing/codeberg.md", "bash publish.sh")
    for change in (there.edit, there.remove):
        change()
        subprocess.run(["bash", "-c", script], cwd=site, env=environment, check=True, stdout=subprocess.DEVNULL)
        named = subprocess.run(["git", "ls-tree", "-r", "--name-only", "pages"], cwd=bare, capture_output=True, text=True,
                               check=True).stdout.split()
        public = [name for name in there.files() if name not in (".longhouse", ".nojekyll") and not name.startswith(".git/")]
        if sorted(named) != public:
            problems.append(f"the branch has other files: {sorted(set(named) ^ set(public))[:5]}")
    count = subprocess.run(["git", "rev-list", "--count", "pages"], cwd=bare, capture_output=True, text=True, check=True)
    if count.stdout.strip() != "1":
        problems.append(f"the branch has {count.stdout.strip()} commits")
    return problems


def main(program):
    count = 0
    for title, tried in [("rsync over SSH", over_ssh), ("a branch of Codeberg", by_branch)]:
        folder = pathlib.Path(tempfile.mkdtemp())
        problems = tried(program, folder)
        shutil.rmtree(folder)
        print(f"{title}: {len(problems)} problems")
        for problem in problems:
            print(f"  {problem}")
        count += len(problems)
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
