"""Runs the workflows that `longhouse init --host github` writes, as they are, by `act`, on a git host of the test's own.

    python tests/workflows/walk.py target/debug/longhouse

The host is a folder: a bare repository, and files with issues, requests and comments that a stand-in for `curl` reads and
writes. The actions of GitHub are stand-ins of a few lines as well. Nothing is asked of any network.

Walked is the whole way of somebody without a fork (issue, branch, request, check, merge, live, thanks), a contribution from
a fork, pictures of another host after a merge, and what hostile requests try. A control workflow that runs a title must be caught, or the test is worth nothing.
"""

import http.server
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import textwrap
import threading
import zipfile
import zlib

HERE = pathlib.Path(__file__).parent
OWNER, NAME = "acme", "community"
TOKEN = "token-that-nobody-may-see"
problems = []


def must(is_so, what):
    print(("ok   " if is_so else "BAD  ") + what, flush=True)
    if not is_so:
        problems.append(what)


def run(*command, cwd=None, env=None, check=True, text=None):
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=env, input=text, capture_output=True, text=True, check=False
    )
    if check and done.returncode != 0:
        sys.exit(f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def git(folder, *arguments, who="Greta", login="greta"):
    env = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
    for side in ("AUTHOR", "COMMITTER"):
        env |= {f"GIT_{side}_NAME": who, f"GIT_{side}_EMAIL": f"1+{login}@users.noreply.github.com"}
    return run("git", "-C", folder, *arguments, env=env).stdout.strip()


def wheel(folder, program, version):
    """The program as a package that pip installs without a network."""
    name = f"longhouse-{version}"
    with zipfile.ZipFile(folder / f"{name}-py3-none-any.whl", "w") as made:
        made.write(program, f"{name}.data/scripts/longhouse")
        made.writestr(f"{name}.dist-info/METADATA", f"Metadata-Version: 2.1\nName: longhouse\nVersion: {version}\n")
        made.writestr(f"{name}.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        made.writestr(f"{name}.dist-info/RECORD", "")


class Host:
    """A git host in a folder."""

    def __init__(self, top, program):
        self.top, self.program = top, program
        self.store, self.bare, self.work = top / "store", top / "origin.git", top / "work"
        self.wheels, self.tools, self.artifacts = top / "wheels", top / "bin", top / "artifacts"
        for folder in (self.store, self.wheels, self.tools, self.artifacts):
            folder.mkdir()
        self.save("state", {"pulls": [], "comments": [], "reviews": [], "statuses": [], "next": 1})
        shutil.copy(HERE / "curl.py", self.tools / "curl")
        (self.tools / "curl").chmod(0o755)
        version = run(program, "--version").stdout.split()[1]
        wheel(self.wheels, program, version)
        run("git", "init", "--quiet", "--bare", "--initial-branch=main", self.bare)
        run(program, "init", self.work, "--title", "Acme community")
        with open(self.work / "longhouse.yaml", "a", encoding="utf-8") as config:
            config.write("base_url: https://community.acme.example/\nteam: {greta: moderator}\n")
        git(self.work, "init", "--quiet", "--initial-branch=main")
        run(program, "init", "--host", "github", "--root", self.work)
        git(self.work, "remote", "add", "origin", self.bare)
        self.commit(self.work, "begin")
        git(self.work, "push", "--quiet", "origin", "main")

    def save(self, name, value):
        (self.store / f"{name}.json").write_text(json.dumps(value), encoding="utf-8")

    def load(self, name="state"):
        return json.loads((self.store / f"{name}.json").read_text(encoding="utf-8"))

    def commit(self, folder, message, **who):
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--allow-empty", "--message", message, **who)
        return git(folder, "rev-parse", "HEAD")

    def fork(self, change, branch="topic", login="ana"):
        """A request from a fork in which `change` was done to the files."""
        fork = pathlib.Path(tempfile.mkdtemp(dir=self.top, prefix="fork-"))
        run("git", "clone", "--quiet", self.bare, fork)
        change(fork)
        sha = self.commit(fork, "Change", who=login.capitalize(), login=login)
        state = self.load()
        number = state["next"]
        state["next"] += 1
        git(fork, "push", "--quiet", "origin", f"HEAD:refs/pull/{number}/head")
        base = git(self.work, "rev-parse", "main")
        pull = {
            "number": number,
            "title": "A change",
            "state": "open",
            "merged_at": None,
            "head": {"sha": sha, "ref": branch, "label": f"{login}:{branch}", "repo": {"owner": {"login": login}}},
            "base": {"sha": base, "ref": "main"},
        }
        state["pulls"].append(pull)
        self.save("state", state)
        return pull

    def repository(self):
        return {"name": NAME, "full_name": f"{OWNER}/{NAME}", "owner": {"login": OWNER}, "default_branch": "main"}

    def act(self, event, payload, workflow, check=True):
        """Runs a workflow on an event, in a fresh clone of the default branch as the host does."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.top, prefix="run-"))
        clone = folder / "clone"
        run("git", "clone", "--quiet", self.bare, clone)
        # What the runner takes for the address of the repository.
        git(clone, "remote", "set-url", "origin", f"https://github.com/{OWNER}/{NAME}.git")
        shutil.rmtree(self.artifacts)
        self.artifacts.mkdir()
        payload = folder / "event.json", payload
        payload[0].write_text(json.dumps({**payload[1], "repository": self.repository()}), encoding="utf-8")
        actions = [
            part
            for line in sorted({line for path in (clone / ".github/workflows").iterdir() for line in pins(path)})
            for part in ("--local-repository", f"{line}={HERE / 'actions' / line.split('@')[0].split('/')[1]}")
        ]
        env = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "GIT_", "LONGHOUSE_"))},
            "PATH": f"{self.tools}:{os.environ['PATH']}",
            "HOME": str(folder),
        }
        inside = {
            "PATH": env["PATH"],
            "STAND_IN_STORE": self.store,
            "STAND_IN_ORIGIN": self.bare,
            "STAND_IN_ARTIFACTS": self.artifacts,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": self.wheels,
            "SECRET_OF_THE_TEST": TOKEN,
            # The host of the pictures is on this machine.
            "LONGHOUSE_EXTERNAL_ALLOW": "127.0.0.1",
        }
        done = run(
            "act", event, "--eventpath", payload[0], "--workflows", f".github/workflows/{workflow}",
            "--platform", "ubuntu-24.04=-self-hosted", "--secret", f"GITHUB_TOKEN={TOKEN}", "--action-offline-mode", "--no-skip-checkout",
            "--actor", "ana", *actions,
            *[part for name, value in inside.items() for part in ("--env", f"{name}={value}")],
            cwd=clone, env=env, check=False,
        )  # fmt: skip
        self.log = done.stdout + done.stderr
        if check and done.returncode != 0:
            print(self.log)
            must(False, f"{workflow} ends well")
        return done.returncode

    def check(self, pull):
        return self.act("pull_request", {"action": "opened", "number": pull["number"], "pull_request": pull}, "check.yml", check=False)

    def answer(self, pull, conclusion=None, check=True):
        event = {
            "action": "requested",
            "workflow_run": {
                "event": "pull_request",
                "name": "Check",
                "head_sha": pull["head"]["sha"],
                "head_branch": pull["head"]["ref"],
                "head_repository": {"owner": {"login": pull["head"]["repo"]["owner"]["login"]}},
                "conclusion": conclusion,
                "html_url": "https://github.com/acme/community/actions/runs/1",
            },
        }
        return self.act("workflow_run", event, "answer.yml", check)

    def pulls(self, branch):
        return [it for it in self.load()["pulls"] if it["head"]["ref"] == branch]

    def said(self, number):
        return [it["body"] for it in self.load()["comments"] if it["issue"] == number]


def pins(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        if "uses: actions/" in line:
            yield line.split("uses: ")[1].split(" ")[0]


def write(path, text):
    def change(folder):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    return change


def contribution(host):
    """Somebody new sends a question from a fork."""
    pull = host.fork(write("content/questions/leak.md", "# Why does it leak?\n\nWater comes out, see [this](gone.md).\n"))
    must(host.check(pull) != 0, "a dead link makes the check fail")
    must("dead-link" in host.log and "content/questions/leak.md" in host.log, "the check names rule and file")
    host.answer(pull, "action_required")
    said = host.said(pull["number"])
    must(len(said) == 1, "there is one comment")
    body = said[0] if said else ""
    must("Please look at 1 place" in body and "their first contribution" in body, "it says what to do, and who it is")
    must("let it run" in body, "it says that the check waits, and for whom")
    must("See how the changed pages will look" in body, "it leads to the preview")
    preview = host.artifacts / "preview.html"
    must(preview.exists() and "Why does it leak?" in preview.read_text(encoding="utf-8"), "the preview shows the page")

    fork = host.fork(write("content/questions/leak.md", "---\nacepted: self\n---\n# Why does it leak?\n\n## Answer\n\nA seal.\n"))
    must(host.check(fork) == 0, "a warning turns nothing red")
    host.answer(fork)
    reviews = host.load()["reviews"]
    must(len(reviews) == 1 and "```suggestion\naccepted: self\n```" in reviews[0]["comments"][0]["body"], "a click corrects the line")
    host.answer(fork)
    must(len(host.said(fork["number"])) == 1 and len(host.load()["reviews"]) == 1, "a second run says nothing twice")


def hostile(host):
    """What requests try that mean harm."""
    marker = host.top / "PWNED"
    shell = f"touch${{IFS}}{marker}"

    def tree(folder):
        write("longhouse.yaml", "title: Owned\nrules: {dead-link: off, trust: off}\n")(folder)
        write("themes/default/templates/question.html", "owned {{ 1 + 1 }}")(folder)
        write("static/evil.js", "alert(1)")(folder)
        write(".gitattributes", "*.md filter=evil diff=evil\n")(folder)
        write(".mailmap", "Greta <1+greta@users.noreply.github.com> Mallory <1+mallory@users.noreply.github.com>\n")(folder)
        write("content/questions/bad.md", "# @everyone #1 <img src=x> `x`\n\n[gone](gone.md) ![t](https://evil.example/t.png)\n\n::set-output name=x::y\n")(folder)
        write("content/questions/bad/greta.md", f"Official word. $({shell}) `{shell}` ${{{{ github.token }}}}\n")(folder)
        os.symlink("/etc/passwd", folder / "content/questions/secret.md")
        os.symlink("/etc", folder / "content/etc")
        write(".git-hooks/post-checkout", f"#!/bin/sh\n{shell}\n")(folder)

    pull = host.fork(tree, branch=f"$({shell})\"';{shell};", login="mallory")
    must(host.check(pull) != 0, "the symbolic links and the dead link are errors, whatever the branch configures")
    host.answer(pull)
    body = "".join(host.said(pull["number"]))
    must(body != "", "it is answered like any other")
    outside = "".join(part for n, part in enumerate(body.split("`")) if n % 2 == 0)
    must("@" not in outside and "<img" not in outside and "#1" not in outside, "nothing of theirs is markup in the comment")
    must("root:" not in body and TOKEN not in body and TOKEN not in host.log, "no file of the machine and no token gets out")
    must("content/questions/bad/greta.md" in body and "Please look at" in body, "the claim stands among what to look at")
    preview = host.artifacts / "preview.html"
    text = preview.read_text(encoding="utf-8") if preview.exists() else ""
    must("owned" not in text and "Owned" not in text and "<script" not in text, "the preview is made by the base's theme and runs nothing")
    must(not marker.exists(), "no command of theirs ran")
    must(sorted(it.name for it in host.artifacts.iterdir()) == ["answer", "preview.html"], "the artifacts have our names")

    gone = host.fork(lambda folder: shutil.rmtree(folder / "content"), login="mallory")
    must(host.check(gone) != 0, "a branch without content fails")
    host.answer(gone, check=False)
    must("could not be checked" in "".join(host.said(gone["number"])), "and is answered all the same")

    link = host.fork(lambda folder: (shutil.rmtree(folder / "content"), os.symlink("/", folder / "content")), login="mallory")
    must(host.check(link) != 0, "a content folder that is a link fails")
    host.answer(link, check=False)
    must("root:" not in "".join(host.said(link["number"])), "and leads nowhere")

    many = host.fork(lambda folder: [write(f"content/questions/q{n}.md", f"# Q {n}\n\n" + "- " * 2000)(folder) for n in range(300)], login="mallory")
    host.check(many)
    host.answer(many)
    size = (host.artifacts / "preview.html").stat().st_size if (host.artifacts / "preview.html").exists() else 0
    must(0 < size < 20_000_000, f"three hundred deep pages are bounded: {size} bytes")
    must(all(len(it) < 65_536 for it in host.said(many["number"])), "the comment is no longer than a comment may be")


def control(host):
    """A workflow as it must not be: its payload has to run, or the tests above prove nothing."""
    marker = host.top / "CONTROL"
    write(".github/workflows/control.yml", textwrap.dedent("""\
        on: pull_request
        jobs:
          control:
            runs-on: ubuntu-24.04
            steps:
              - run: echo ${{ github.event.pull_request.title }}
        """))(host.work)  # fmt: skip
    host.commit(host.work, "Add the control")
    git(host.work, "push", "--quiet", "origin", "main")
    pull = {**host.load()["pulls"][0], "title": f"$(touch {marker})"}
    host.act("pull_request", {"pull_request": pull}, "control.yml", check=False)
    must(marker.exists(), "the control is caught")
    (host.work / ".github/workflows/control.yml").unlink()
    host.commit(host.work, "Remove the control")
    git(host.work, "push", "--quiet", "origin", "main")


def without_a_fork(host):
    """An answer from somebody who has no fork: issue, branch, request, check, merge, live, thanks."""
    write("content/questions/pump.md", "# How loud is the pump?\n\nMy neighbour asks.\n")(host.work)
    host.commit(host.work, "Ask", who="Ben", login="ben")
    git(host.work, "push", "--quiet", "origin", "main")
    state = host.load()
    number = state["next"]
    state["next"] += 1
    host.save("state", state)
    text = "I wrote an answer: `content/questions/pump/ana.md`\n\n````markdown\n---\nstatus: hidden\naccepted: self\n---\nForty decibels at one metre.\n````\n"
    issue = {"number": number, "title": "An answer $(touch x)", "body": text, "html_url": f"https://github.com/acme/community/issues/{number}", "state": "open", "user": {"login": "ana", "id": 7, "type": "User"}}
    host.act("issues", {"action": "opened", "issue": issue}, "receive.yml")
    said = "".join(host.said(number))
    must("Thank you. This will be a page" in said, "who wrote is thanked at once")
    pulls = host.pulls(f"receive/issue-{number}")
    must(len(pulls) == 1, "there is a request from a branch of ours")
    if not pulls:
        print(host.log)
        return
    pull = pulls[0]
    must("status" in pull["body"] and f"Closes #{number}" in pull["body"], "the request says what was left out, and closes the issue")
    must([it["state"] for it in host.load()["statuses"]] == ["success"], "the request has its status")
    git(host.work, "fetch", "--quiet", "origin", pull["head"]["ref"])
    files = git(host.work, "diff", "--name-only", "main...FETCH_HEAD").split()
    must(files == ["content/questions/pump/ana.md"], f"one file is written, where it belongs: {files}")
    shown = git(host.work, "show", "FETCH_HEAD:content/questions/pump/ana.md")
    must("Forty decibels" in shown and "hidden" not in shown, "with the text, and without what only maintainers say")
    must("ana@users.noreply" in git(host.work, "log", "-1", "--format=%an <%ae> %b", "FETCH_HEAD"), "in the name of who wrote it")

    edited(host, pull, issue)
    git(host.work, "fetch", "--quiet", "origin", pull["head"]["ref"])
    before = git(host.work, "rev-parse", "main")
    git(host.work, "merge", "--quiet", "--no-ff", "--message", "Merge", "FETCH_HEAD")
    git(host.work, "push", "--quiet", "origin", "main")
    sha = git(host.work, "rev-parse", "main")
    state = host.load()
    for it in state["pulls"]:
        if it["number"] == pull["number"]:
            it["merged_at"], it["merge_commit_sha"], it["state"] = "2026-11-30T00:00:00Z", sha, "closed"
    host.save("state", state)
    host.act("push", {"ref": "refs/heads/main", "before": before, "after": sha}, "publish.yml")
    page = host.store / "published/questions/pump/index.html"
    must(page.exists() and "Forty decibels" in page.read_text(encoding="utf-8"), "the page is live")
    for place in (pull["number"], number):
        said = "".join(host.said(place))
        must("Live: <https://community.acme.example/questions/pump/#answer-ana>" in said, f"#{place} is told where it is live")
        must("@ben, your question has an answer" in said, f"#{place} tells who asked")

    spam = {**issue, "user": {"login": "buy-now", "id": 8, "type": "User"}, "number": number + 1, "title": "Buy", "body": "\n".join(f"https://spam{n}.example/" for n in range(40))}
    count = len(host.load()["pulls"])
    host.act("issues", {"action": "opened", "issue": spam}, "receive.yml")
    must(len(host.load()["pulls"]) == count, "forty links are no page")
    must("could not be taken" in "".join(host.said(number + 1)), "and their sender is told why")


def edited(host, pull, issue):
    """Who wrote an issue edits it, and others work on what was made of it."""
    branch, number = pull["head"]["ref"], issue["number"]
    issue |= {"state": "open"}

    def edit(**change):
        host.act("issues", {"action": "edited", "issue": issue | change}, "receive.yml")
        return git(host.bare, "rev-parse", branch)

    first = git(host.bare, "rev-parse", branch)
    said = len(host.said(number))
    must(edit() == first and len(host.said(number)) == said, "the same again changes nothing and says nothing")
    second = edit(body=issue["body"].replace("Forty decibels", "Forty decibels or less"))
    shown = git(host.bare, "show", f"{branch}:content/questions/pump/ana.md")
    must(second != first and "or less" in shown, "an edit is on the same branch")
    must(git(host.bare, "rev-list", "--count", f"main..{branch}") == "1", "in place of what was there")
    must(len(host.pulls(branch)) == 1, "and in the same request")
    must("Your change is in #" in host.said(number)[-1], "who edited it is told")
    must([it["sha"] for it in host.load()["statuses"]] == [first, second], "the new commit has its status")
    must(edit(state="closed", body="x") == second, "an issue that is closed is no longer listened to")
    duplicate = {**issue, "number": number + 7, "user": {"login": "eva", "id": 9, "type": "User"}}
    duplicate["body"] = issue["body"].replace("Forty decibels", "Forty decibels or less")
    host.act("issues", {"action": "opened", "issue": duplicate}, "receive.yml")
    must("sent before" in "".join(host.said(number + 7)), "the same from somebody else waits already")
    git(host.work, "fetch", "--quiet", "origin", branch)
    git(host.work, "checkout", "--quiet", "--detach", "FETCH_HEAD")
    write("content/questions/pump/ana.md", shown + "\n\nSee the manual.\n")(host.work)
    third = host.commit(host.work, "Add a hint")
    git(host.work, "push", "--quiet", "origin", f"HEAD:{branch}")
    git(host.work, "checkout", "--quiet", "main")
    must(edit(body="Something else that I want to ask here.") == third, "what a maintainer did on it stays")
    must("has worked on the page" in host.said(number)[-1], "and who edits is told")


def picture():
    """A small picture that says where it was taken."""

    def part(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes((x * 9 + y * 5) % 256 for x in range(30)) for y in range(20))
    head, text = part(b"IHDR", struct.pack(">IIBBBBB", 30, 20, 8, 0, 0, 0, 0)), part(b"tEXt", b"Comment\0taken at home")
    return b"\x89PNG\r\n\x1a\n" + head + text + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")


class Pictures(http.server.BaseHTTPRequestHandler):
    """A host of pictures."""

    def do_GET(self):
        if self.path.startswith("/gone"):
            self.send_error(404)
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(picture())

    def log_message(self, *_):
        pass


def picture_host():
    """Starts a host of pictures, and says where it is."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pictures)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_port}"


def pictures(host):
    """After a merge, pictures of another host are proposed as files beside the pages, in one request that nobody pushes past."""
    server, at = picture_host()
    branch, marker = "longhouse/pictures", host.top / "PICTURED"

    def merged(*changes):
        for path, text in changes:
            write(path, text)(host.work)
        if changes:
            host.commit(host.work, "Add pages")
            git(host.work, "push", "--quiet", "origin", "main")
        main = git(host.bare, "rev-parse", "main")
        host.act("push", {"ref": "refs/heads/main", "after": main}, "pictures.yml")
        must(git(host.bare, "rev-parse", "main") == main, "the main branch is as it was")
        return run("git", "-C", host.bare, "rev-parse", "--verify", "--quiet", branch, check=False).stdout.strip()

    must(merged() == "" and not host.pulls(branch), "without a picture to bring in, nothing happens")
    gauge = f"# How do I read the gauge?\n\n![$(touch {marker})]({at}/a.png?x=$(touch${{IFS}}{marker}))\n\n![Gone]({at}/gone.png)\n"
    first = merged(("content/questions/gauge.md", gauge))
    must("gone.png stays where it is" in host.log, "a picture that does not come is told")
    files = git(host.bare, "diff", "--name-status", f"main...{branch}").split()
    must(len(files) == 4 and files[0] == "A" and files[1].startswith("content/questions/gauge-") and files[2:] == ["M", "content/questions/gauge.md"], f"a branch has the picture and its page: {files}")  # fmt: skip
    shown = git(host.bare, "show", f"{branch}:content/questions/gauge.md")
    must("/a.png" not in shown and f"{at}/gone.png" in shown, "the page shows it, and the other one where it was")
    stored = subprocess.run(["git", "-C", host.bare, "show", f"{branch}:{files[1]}"], capture_output=True, check=True).stdout
    must(stored.startswith(b"\x89PNG") and b"taken at home" not in stored, "the picture is made anew")
    must(len(host.pulls(branch)) == 1, "there is one request")
    must(merged() == first and len(host.pulls(branch)) == 1, "a second run changes nothing")

    second = merged(("content/questions/dial.md", f"# How do I read the dial?\n\n![Dial]({at}/b.png)\n"))
    must(second != first and len(host.pulls(branch)) == 1, "another page is brought into the same request")
    must(git(host.bare, "rev-list", "--count", f"main..{branch}") == "1", "as one commit on what is published")

    git(host.work, "fetch", "--quiet", "origin", branch)
    git(host.work, "checkout", "--quiet", "--detach", "FETCH_HEAD")
    write("content/questions/dial.md", "# How do I read the dial?\n\nLook.\n")(host.work)
    theirs = host.commit(host.work, "Work on it")
    git(host.work, "push", "--quiet", "origin", f"HEAD:{branch}")
    git(host.work, "checkout", "--quiet", "main")
    must(merged() == theirs and "others have worked on it" in host.log, "what somebody does on the branch stays")
    git(host.work, "push", "--quiet", "--force", "origin", f"{second}:{branch}")

    state = host.load()
    for it in state["pulls"]:
        if it["head"]["ref"] == branch:
            it["state"], it["head"]["sha"] = "closed", second
    host.save("state", state)
    must(merged() == second and len(host.pulls(branch)) == 1, "what was declined is not asked for again")
    git(host.work, "fetch", "--quiet", "origin", branch)
    git(host.work, "merge", "--quiet", "--no-ff", "--message", "Merge", "FETCH_HEAD")
    git(host.work, "push", "--quiet", "origin", "main")
    must(merged() == second and len(host.pulls(branch)) == 1, "after the merge there is nothing left to bring in")
    must(not marker.exists() and TOKEN not in host.log, "no text of a page became a command")
    server.shutdown()


MAIL = """\
From: Cem Aydin <cem@private.example>
To: community@acme.example
Subject: New file for Acme community: content/questions/pump/cem.md
Date: Mon, 30 Nov 2026 10:00:00 +0000
Message-ID: <1@private.example>
Content-Type: text/plain; charset=utf-8

I wrote an answer: `content/questions/pump/cem.md`

````markdown
Mine hums, call me at +49 30 901820 if you want to hear it.
````

--
Cem Aydin, cem@private.example
"""


def by_mail(host):
    """The same from somebody without any account, by mail: what a job with a mailbox does, then merge, live, thanks."""
    clone = host.top / "mailbox"
    run("git", "clone", "--quiet", host.bare, clone)
    (host.top / "message.eml").write_text(MAIL, encoding="utf-8")
    run(host.program, "receive", "--root", clone, "--from", "mail", "--input", host.top / "message.eml", "--out", host.top / "mail")
    branch = run(host.program, "receive", "--root", clone, "--apply", host.top / "mail").stdout.strip()
    git(clone, "push", "--quiet", "origin", branch)
    everything = git(clone, "show", "--format=fuller", branch) + "".join(
        file.read_text(encoding="utf-8") for file in (host.top / "mail").rglob("*") if file.is_file()
    )
    must("cem@private" not in everything and "901820" not in everything, "neither address nor number of the sender is in any file")
    state = host.load()
    number = state["next"]
    state["next"] += 1
    before = git(host.work, "rev-parse", "main")
    git(host.work, "fetch", "--quiet", "origin", branch)
    must(run(host.program, "check", "--root", clone).returncode == 0, "the check has nothing against it")
    git(host.work, "merge", "--quiet", "--no-ff", "--message", "Merge", "FETCH_HEAD")
    git(host.work, "push", "--quiet", "origin", "main")
    sha = git(host.work, "rev-parse", "main")
    state["pulls"].append({"number": number, "state": "closed", "merged_at": "now", "merge_commit_sha": sha, "head": {"ref": branch, "label": f"acme:{branch}"}})
    host.save("state", state)
    host.act("push", {"ref": "refs/heads/main", "before": before, "after": sha}, "publish.yml")
    page = host.store / "published/questions/pump/index.html"
    must(page.exists() and "Mine hums" in page.read_text(encoding="utf-8"), "an answer by mail is live")
    must("Live: <https://community.acme.example/questions/pump/#answer-" in "".join(host.said(number)), "its request is told where")


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="longhouse-walk-") as top:
        host = Host(pathlib.Path(top), program)
        contribution(host)
        hostile(host)
        without_a_fork(host)
        by_mail(host)
        pictures(host)
        control(host)
    print(f"{len(problems)} problems")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
