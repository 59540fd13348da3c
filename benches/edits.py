#!/usr/bin/env python3
"""From a save to the page: how long `longhouse serve` takes to show an edit.

    cargo build --release
    python3 benches/edits.py                                  # a community of 1,000 entries, 30 edits of each sort
    python3 benches/edits.py --entries 10000
    python3 benches/edits.py storm many start                 # other measurements, by name
    python3 benches/edits.py --beside "hugo server --port {port}" --beside-site DIR \\
        --beside-file content/build/p1.md --beside-address /build/p1/

Everything runs on a copy, of a community that the script invents or of the site that `--site` names. A page is asked
for every millisecond over one connection; the time runs from just before the file is written to the end of the first
response that has the new text. Measurements:

    edits   body, title, tag, answer, template, style: the median, the quickest and the slowest of each
    storm   a branch switch that changes 5,000 files: how many renewals, how long until the last page is right
    many    ten thousand edits in one process: memory and open files after them, beside those after 500
    start   from the command to the first page

Only Python's standard library is used.
"""

import argparse
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent.parent
MEASUREMENTS = ["edits", "storm", "many", "start"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", help="edits (if nothing is named), storm, many, start, all")
    parser.add_argument("--program", default=str(HERE / "target/release/longhouse"))
    parser.add_argument("--entries", type=int, default=1000, help="how many entries the invented community has")
    parser.add_argument("--site", help="a site to copy instead; its questions are edited")
    parser.add_argument("--reps", type=int, default=30, help="how many edits of each sort")
    parser.add_argument("--files", type=int, default=5000, help="how many files the branch switch changes")
    parser.add_argument("--many", type=int, default=10000, help="how many edits one process lives through")
    parser.add_argument("--beside", help="the command of another server, with {port} in it")
    parser.add_argument("--beside-site", help="its site, which is copied")
    parser.add_argument("--beside-file", help="a file of that site, and …")
    parser.add_argument("--beside-address", help="… the address where it is shown")
    parser.add_argument("--json", help="write the figures to this file as well")
    parser.add_argument("--temp", help="where to put copies")
    arguments = parser.parse_args()
    what = MEASUREMENTS if arguments.what == ["all"] else arguments.what or ["edits"]
    for name in what:
        if name not in MEASUREMENTS:
            parser.error(f"there is no measurement {name}; there are {', '.join(MEASUREMENTS)}")
    # So that servers end and copies go, however the script ends.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    figures = {}
    with tempfile.TemporaryDirectory(prefix="longhouse-edits-", dir=arguments.temp) as folder:
        folder = pathlib.Path(folder)
        for name in what:
            figures[name] = globals()[f"measure_{name}"](arguments, folder)
            shutil.rmtree(folder / "site", ignore_errors=True)
    if arguments.json:
        pathlib.Path(arguments.json).write_text(json.dumps(figures, indent=1) + "\n")


# The measurements.


def measure_edits(arguments, folder):
    site = community(arguments, folder, arguments.entries)
    figures = {}
    with Server([arguments.program, "serve", "--root", str(site.root)]) as server:
        print(f"{site.count} content files, {arguments.reps} edits of each sort, milliseconds from the save:")
        for sort, edit in sorts(site, server).items():
            times = []
            for number in range(arguments.reps):
                server.settle()
                address, path, text, mark, back = edit(number)
                times.append(server.until_shown(address, mark, lambda: save(path, text)))
                server.settle()
                back()
            figures[sort] = tell(sort, times)
    if arguments.beside:
        times = beside(arguments, folder)
        figures["beside"] = tell("beside: body", times)
        ratio = figures["beside"]["median"] / figures["body"]["median"]
        print(f"  a body is shown {ratio:.0f} times as fast as beside")
    return figures


def sorts(site, server):
    """For each sort of edit what makes one: an address, a file, its new text, what shows there, and the way back."""
    templates = site.root / "themes/default/templates"
    styles = site.root / "themes/default/static"
    templates.mkdir(parents=True, exist_ok=True)
    styles.mkdir(parents=True, exist_ok=True)
    template = (HERE / "themes/default/templates/question.html").read_text()
    style = (HERE / "themes/default/static/site.css").read_text()
    save(templates / "question.html", template)
    save(styles / "site.css", style)
    # Both are there before anything is measured.
    server.settle()

    def of_page(change):
        def edit(number):
            question = site.questions[(7 * number) % len(site.questions)]
            text = question.read_text()
            mark = f"mark{os.getpid()}x{number}x"
            return site.address(question), question, change(text, mark), mark, lambda: save(question, text)

        return edit

    def answer(number):
        question = site.questions[(7 * number) % len(site.questions)]
        path = question.with_suffix("") / f"voice-{number}.md"
        path.parent.mkdir(exist_ok=True)
        mark = f"mark{os.getpid()}x{number}x"
        return site.address(question), path, f"An answer, {mark}.\n", mark, lambda: path.unlink()

    def of_template(number):
        mark = f"mark{os.getpid()}x{number}x"
        text = re.sub(r"(\{%-?\s*block main\s*-?%\})", rf"\1<i>{mark}</i>", template, count=1)
        address = site.address(site.questions[number % len(site.questions)])
        return address, templates / "question.html", text, mark, lambda: save(templates / "question.html", template)

    def of_style(number):
        mark = f"mark{os.getpid()}x{number}x"
        text = f"{style}\n.{mark} {{ color: red }}\n"
        return "/assets/site.css", styles / "site.css", text, mark, lambda: save(styles / "site.css", style)

    return {
        "body": of_page(lambda text, mark: f"{text}\nA new line with {mark} in it.\n"),
        "title": of_page(lambda text, mark: re.sub(r"(?m)^# (.*)$", rf"# \1 {mark}", text, count=1)),
        "tag": of_page(tagged),
        "answer": answer,
        "template": of_template,
        "style": of_style,
    }


def tagged(text, mark):
    if re.search(r"(?m)^tags: \[", text):
        return re.sub(r"(?m)^tags: \[", f"tags: [{mark}, ", text, count=1)
    return re.sub(r"\A---\n", f"---\ntags: [{mark}]\n", text) if text.startswith("---") else f"---\ntags: [{mark}]\n---\n{text}"


def beside(arguments, folder):
    root = folder / "beside"
    shutil.copytree(arguments.beside_site, root)
    path = root / arguments.beside_file
    port = free_port()
    text = path.read_text()
    times = []
    with Server(arguments.beside.format(port=port).split(), port=port, cwd=root, ready=arguments.beside_address) as server:
        for number in range(arguments.reps):
            mark = f"mark{os.getpid()}x{number}x"
            server.settle()
            edited = f"{text}\nA new line with {mark} in it.\n"
            times.append(server.until_shown(arguments.beside_address, mark, lambda: save(path, edited)))
            server.settle()
            save(path, text)
    shutil.rmtree(root, ignore_errors=True)
    return times


def measure_storm(arguments, folder):
    site = community(arguments, folder, max(arguments.entries, arguments.files + 100))
    files = site.all[: arguments.files]

    def git(*command):
        quiet = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "gc.auto=0"]
        subprocess.run([*quiet, *command], cwd=site.root, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    git("init", "-q", "-b", "before")
    git("add", "-A")
    git("commit", "-qm", "before")
    git("checkout", "-qb", "after")
    for path in files:
        save(path, path.read_text() + "\nA line of the other branch: stormmark.\n")
    git("commit", "-qam", "after")
    git("checkout", "-q", "before")
    shown = [path for path in files if path in set(site.questions)]
    with Server([arguments.program, "serve", "--root", str(site.root)]) as server:
        server.settle()
        lines = len(server.lines)
        began = time.perf_counter()
        git("checkout", "-q", "after")
        switched = time.perf_counter() - began
        for path in [shown[0], shown[len(shown) // 2], shown[-1]]:
            server.until_shown(site.address(path), "stormmark", lambda: None)
        took = time.perf_counter() - began
        server.settle()
        renewals = [line for line in server.lines[lines:] if re.search(r" in [0-9.]+ ms", line)]
    print(f"a branch switch of {len(files)} files: git took {switched:.2f} s, the last page was right after {took:.2f} s")
    print(f"  renewals: {len(renewals)}")
    for line in renewals:
        print(f"    {line}")
    return {"files": len(files), "git": switched, "shown": took, "renewals": len(renewals)}


def measure_many(arguments, folder):
    site = community(arguments, folder, arguments.entries)
    early = min(500, arguments.many // 2)
    readings = {}
    with Server([arguments.program, "serve", "--root", str(site.root)]) as server:
        edits = sorts(site, server)
        names = ["body"] * 7 + ["title", "tag", "answer"]
        began = time.perf_counter()
        for number in range(arguments.many):
            address, path, text, mark, back = edits[names[number % len(names)]](number)
            server.until_shown(address, mark, lambda: save(path, text))
            back()
            # What a single moment shows depends on what was just given back, so it is the median of fifty.
            point = next((it for it in (early, arguments.many) if it - 50 <= number < it), None)
            if point:
                server.settle()
                readings.setdefault(point, []).append((server.memory(), server.open_files()))
        took = time.perf_counter() - began
    figures = {
        mark: {"memory": statistics.median(it[0] for it in these), "files": max(it[1] for it in these)}
        for mark, these in readings.items()
    }
    first, last = figures[early], figures[arguments.many]
    ratio = last["memory"] / first["memory"]
    print(f"{arguments.many} edits in {took:.0f} s, each taken back:")
    for count, figure in figures.items():
        print(f"  after {count}: {figure['memory'] / 1e6:.1f} MB in memory, {figure['files']} open files")
    print(f"  memory: {ratio:.2f} times")
    return {"edits": arguments.many, "ratio": ratio, "after": figures, "seconds": took}


def measure_start(arguments, folder):
    site = community(arguments, folder, 3000 if arguments.entries == 1000 else arguments.entries)
    times = []
    for _ in range(min(arguments.reps, 10)):
        began = time.perf_counter()
        with Server([arguments.program, "serve", "--root", str(site.root)], is_settled=False) as server:
            server.until_shown("/", "</html>", lambda: None)
            times.append((time.perf_counter() - began) * 1e3)
    print(f"{site.count} content files, milliseconds from the command to the first page:")
    return tell("start", times)


def tell(name, times):
    figure = {"median": statistics.median(times), "least": min(times), "most": max(times), "times": times}
    print(f"  {name:<14} median {figure['median']:8.1f}   least {figure['least']:8.1f}   most {figure['most']:8.1f}")
    sys.stdout.flush()
    return figure


# The server.


class Server:
    """A server that runs as long as somebody looks."""

    def __init__(self, command, port=None, cwd=None, ready="/", is_settled=True):
        self.command, self.port, self.cwd, self.ready, self.is_settled = command, port, cwd, ready, is_settled
        self.lines = []
        self.connection = None

    def __enter__(self):
        own = self.port is None
        if own:
            self.port = free_port()
            self.command = [*self.command, "--port", str(self.port)]
        self.process = subprocess.Popen(
            self.command,
            cwd=self.cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        try:
            self.until_shown(self.ready, "<", lambda: None, limit=300)
            if self.is_settled:
                self.settle()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def read(self):
        for line in self.process.stdout:
            self.lines.append(line.decode(errors="replace").rstrip())

    def get(self, address):
        """The page at an address, over a connection that is kept; nothing as long as nobody answers."""
        for _ in range(2):
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                    self.connection.connect()
                    self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.connection.request("GET", address, headers={"Accept-Encoding": "identity"})
                response = self.connection.getresponse()
                body = response.read()
                return body if response.status == 200 else b""
            except (OSError, http.client.HTTPException):
                if self.connection is not None:
                    self.connection.close()
                self.connection = None
        return b""

    def until_shown(self, address, mark, act, limit=60):
        """Milliseconds from the act to the end of the first answer that has the mark."""
        mark = mark.encode()
        began = time.perf_counter()
        act()
        while True:
            asked = time.perf_counter()
            if mark in self.get(address):
                return (time.perf_counter() - began) * 1e3
            if self.process.poll() is not None:
                raise SystemExit("The server ended:\n" + "\n".join(self.lines[-20:]))
            if asked - began > limit:
                raise SystemExit(f"{address} does not show {mark} within {limit} s:\n" + "\n".join(self.lines[-20:]))
            time.sleep(max(0, 0.001 - (time.perf_counter() - asked)))

    def settle(self):
        """Waits until the server has nothing to do: its processor time stands still for a while."""
        before, still, end = None, 0, time.monotonic() + 120
        while still < 3 and time.monotonic() < end:
            now = self.processor_time()
            still = still + 1 if before is not None and now - before <= 1 else 0
            before = now
            time.sleep(0.06)

    def processor_time(self):
        try:
            stat = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
            return int(stat[11]) + int(stat[12])
        except OSError:
            # Elsewhere than on Linux a pause has to do.
            time.sleep(0.2)
            return 0

    def memory(self):
        """What the process holds in memory, in bytes."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) * 1024

    def open_files(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))


def free_port():
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return it.getsockname()[1]


def save(path, text):
    """Writes a file in one go, in its place, as many editors do."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.write(handle, text.encode())
    os.close(handle)


# The site.


class Site:
    """A site that may be edited."""

    def __init__(self, root):
        self.root = root
        self.all = sorted(path for path in (root / "content").rglob("*.md"))
        self.count = len(self.all)
        folders = {path.with_suffix("") for path in self.all}
        questions = root / "content/questions"
        # Neither replies nor the texts of topics.
        self.questions = [
            path
            for path in self.all
            if questions in path.parents
            and path.parent not in folders
            and not path.stem.startswith("_")
            and path.stem.lower() not in ("readme", "index")
            and re.search(r"(?m)^# ", path.read_text())
        ]
        if not self.questions:
            raise SystemExit(f"{root} has no questions to edit")

    def address(self, path):
        return f"/questions/{path.stem.lower()}/"


def community(arguments, folder, entries):
    root = folder / "site"
    if arguments.site:
        shutil.copytree(arguments.site, root, ignore=shutil.ignore_patterns("public", ".git", "node_modules"))
    else:
        write_community(root, entries)
    return Site(root)


def write_community(root, entries):
    """A community of invented words, the same at every run: six of ten entries are questions, a third of these with
    an answer; the rest are how-tos, stories and people."""
    chance = random.Random(20261122)
    syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "en", "ar", "is", "ol")]
    words = ["".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(6000)]
    # Few words are said often and many seldom, as in any language.
    weights = [1 / (rank + 3) for rank in range(len(words))]

    def some(count):
        return " ".join(chance.choices(words, weights, k=count))

    def sentence():
        return some(chance.randint(6, 18)).capitalize() + "."

    def paragraph():
        return " ".join(sentence() for _ in range(chance.randint(2, 5)))

    tags = [some(1) + f"-{number}" for number in range(120)]
    people = [f"person-{number}" for number in range(max(20, entries // 20))]
    kinds = ["questions"] * 6 + ["how-tos"] * 2 + ["stories"] * 2
    slugs = [f"{some(2).replace(' ', '-')}-{number}" for number in range(entries)]
    root.mkdir(parents=True)
    (root / "longhouse.yaml").write_text("title: A measured community\nbase_url: https://community.example/\n")
    for kind in {*kinds, "people"}:
        (root / "content" / kind).mkdir(parents=True)
    for number, slug in enumerate(slugs):
        kind = kinds[number % len(kinds)]
        folder = root / "content" / kind
        near = slugs[(number * 7 + 10) % entries]
        near_kind = kinds[(number * 7 + 10) % entries % len(kinds)]
        day = f"20{10 + number % 16:02}-{1 + number % 12:02}-{1 + number % 28:02}"
        title = some(chance.randint(4, 9)).capitalize()
        front = f"tags: [{', '.join(chance.sample(tags, 3))}]\nauthors: {chance.choice(people)}\ndate: {day}\n"
        body = [paragraph() for _ in range(chance.randint(2, 6))]
        body.insert(1, f"## {some(3).capitalize()}")
        body.append(f"See [{some(2)}](../{near_kind}/{near}.md) and `{some(1)}`.")
        if number % 5 == 0:
            body.append("```python\n" + "\n".join(f"{w} = {n}" for n, w in enumerate(some(5).split())) + "\n```")
        if number % 7 == 0:
            body.append("\n".join(f"- {sentence()}" for _ in range(4)))
        text = "\n\n".join(body)
        (folder / f"{slug}.md").write_text(f"---\n{front}---\n# {title}\n\n{text}\n")
        if kind == "questions" and number % 3 == 0:
            (folder / slug).mkdir()
            (folder / slug / f"{chance.choice(people)}.md").write_text(f"{paragraph()}\n\n{paragraph()}\n")
    for handle in people:
        (root / "content/people" / f"{handle}.md").write_text(f"---\nname: {some(2).title()}\n---\n{paragraph()}\n")


if __name__ == "__main__":
    main()
