#!/usr/bin/env python3
"""The npm packages, installed from a registry of this machine by the real npm.

    test_npm.py                 what the script that starts the program does, with a small one in its place
    test_npm.py --smoke DIR     installs the tarballs in DIR into an empty folder, and walks the first way with them
"""

import base64
import contextlib
import hashlib
import http.server
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import unittest
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import npm_packages
from project import NPM, ROOT, VERSION, targets

PROGRAM = b"""#!/bin/sh
case "$1" in
say) shift; for it; do printf '<%s>' "$it"; done ;;
repeat) cat ;;
status) exit "$2" ;;
die) kill "-$2" $$; sleep 10 ;;
wait) trap 'echo told; exit 7' TERM; echo ready; while :; do sleep 0.05; done ;;
sleep) echo ready; exec sleep 60 ;;
esac
"""
# The package for the system on which this runs.
HERE = {("linux", "x86_64"): "linux-x64", ("linux", "aarch64"): "linux-arm64", ("darwin", "arm64"): "darwin-arm64"}
PLATFORM = f"{NPM}-{HERE[sys.platform, os.uname().machine]}"


@contextlib.contextmanager
def registry(folder: Path) -> Iterator[str]:
    """Serves the tarballs in a folder as npm's registry would, and yields its address."""
    packages: dict[str, tuple[dict, Path]] = {}
    for path in sorted(folder.glob("*.tgz")):
        with tarfile.open(path) as archive:
            manifest = json.load(archive.extractfile("package/package.json"))
        packages[manifest["name"]] = manifest, path

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = unquote(self.path).strip("/")
            if name in packages:
                manifest, path = packages[name]
                digest = base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
                manifest = manifest | {"dist": {"tarball": f"{address}{path.name}", "integrity": f"sha512-{digest}"}}
                version = manifest["version"]
                whole = {"name": name, "dist-tags": {"latest": version}, "versions": {version: manifest}}
                self.answer(json.dumps(whole).encode(), "application/json")
            elif (folder / name).suffix == ".tgz" and (folder / name).is_file():
                self.answer((folder / name).read_bytes(), "application/octet-stream")
            else:
                self.send_error(404)

        def answer(self, content: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        address = f"http://127.0.0.1:{server.server_port}/"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield address
        server.shutdown()


def npm(folder: Path, address: str, *arguments: str) -> None:
    """Runs npm in a folder, with a cache and settings of its own, so that nothing of this machine has a say."""
    settings = folder / ".npmrc"
    settings.write_text(f"registry={address}\ncache={folder}/.cache\naudit=false\nfund=false\nupdate-notifier=false\n")
    command = ["npm", *arguments, "--userconfig", str(settings), "--loglevel=error"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


class Installed(unittest.TestCase):
    """The packages with a small program in them, installed once for all tests."""

    @classmethod
    def setUpClass(cls) -> None:
        folder = Path(tempfile.mkdtemp(prefix="longhouse-npm-"))
        cls.addClassCleanup(shutil.rmtree, folder)
        cls.tarballs = folder / "tarballs"
        for target in targets():
            npm_packages.platform_package(target, PROGRAM, "", cls.tarballs)
        npm_packages.main_package(cls.tarballs)
        cls.address = cls.enterClassContext(registry(cls.tarballs))
        cls.folder = folder / "installed"
        cls.folder.mkdir()
        npm(cls.folder, cls.address, "install", NPM)

    def start(self, *arguments: str, **options: object) -> subprocess.Popen:
        command = [str(self.folder / "node_modules" / ".bin" / "longhouse"), *arguments]
        # Whoever runs this in the background made it deaf to interrupts, which its children would be, too.
        listening = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
        return subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=listening, **options
        )

    def ran(self, *arguments: str, given: str = "") -> tuple[int, str]:
        with self.start(*arguments, stdin=subprocess.PIPE) as process:
            out, errors = process.communicate(given, timeout=60)
            self.assertEqual(errors, "")
            return process.returncode, out

    def test_words_and_input_arrive_as_they_are(self) -> None:
        words = ["two words", "", "$HOME", "'\"`", "--", "*", "ä\n日本"]
        self.assertEqual(self.ran("say", *words), (0, "".join(f"<{it}>" for it in words)))
        self.assertEqual(self.ran("repeat", given="line\n" * 20_000), (0, "line\n" * 20_000))

    def test_it_ends_as_the_program_ends(self) -> None:
        for status in (0, 1, 2, 3, 255):
            self.assertEqual(self.ran("status", str(status))[0], status)
        for name in ("KILL", "TERM", "INT", "HUP"):
            self.assertEqual(self.ran("die", name)[0], -signal.Signals[f"SIG{name}"], name)

    def test_who_ends_the_script_ends_the_program(self) -> None:
        with self.start("wait") as process:
            self.assertEqual(process.stdout.readline(), "ready\n")
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.communicate(timeout=60)[0], "told\n")
            self.assertEqual(process.returncode, 7)

    def test_a_terminal_tells_both_and_that_is_once(self) -> None:
        with self.start("sleep", start_new_session=True) as process:
            self.assertEqual(process.stdout.readline(), "ready\n")
            os.killpg(process.pid, signal.SIGINT)
            process.communicate(timeout=60)
            self.assertEqual(process.returncode, -signal.SIGINT)
            self.assertTrue(self.ends(process.pid), "nothing is left of the group")

    def ends(self, group: int) -> bool:
        for _ in range(100):
            try:
                os.killpg(group, 0)
            except ProcessLookupError:
                return True
            time.sleep(0.05)
        return False

    def test_each_machine_gets_its_program_and_no_other(self) -> None:
        for target in targets():
            for processor in target.npm_cpu.split(","):
                with self.subTest(os=target.npm_os, cpu=processor), tempfile.TemporaryDirectory() as folder:
                    npm(Path(folder), self.address, "install", NPM, f"--os={target.npm_os}", f"--cpu={processor}")
                    scope = Path(folder) / "node_modules" / NPM.split("/")[0]
                    names = sorted(it.name for it in scope.iterdir())
                    self.assertEqual(names, ["longhouse", target.npm_package.split("/")[1]])
                    programs = json.loads((scope / "longhouse" / "programs.json").read_text())
                    self.assertTrue((scope.parent / programs[f"{target.npm_os} {processor}"]).is_file())

    def test_npx_needs_no_installation(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            settings = f"registry={self.address}\ncache={folder}/.cache\nupdate-notifier=false\n"
            (Path(folder) / ".npmrc").write_text(settings)
            command = ["npx", "--yes", f"{NPM}@{VERSION}", "say", "two words"]
            done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
            self.assertEqual(done.stdout, "<two words>")

    def test_nothing_runs_when_it_is_installed(self) -> None:
        for path in self.tarballs.glob("*.tgz"):
            with tarfile.open(path) as archive:
                manifest = json.load(archive.extractfile("package/package.json"))
                self.assertNotIn("scripts", manifest)
                self.assertNotIn("binding.gyp", " ".join(archive.getnames()))
                self.assertEqual(manifest["version"], VERSION)

    def refused(self, command: list[str], *parts: str) -> None:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stdout), (3, ""), done.stderr)
        for part in parts:
            self.assertIn(part, done.stderr)
        self.assertNotIn("    at ", done.stderr, "no stack trace")

    def test_the_package_with_the_program_is_missing(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            npm(Path(folder), self.address, "install", NPM, "--omit=optional")
            command = [f"{folder}/node_modules/.bin/longhouse", "--version"]
            self.refused(command, f"The package {PLATFORM}", "--omit=optional", f"npm install --include=optional {NPM}@{VERSION}")

    def test_there_is_no_program_for_the_system(self) -> None:
        script = self.folder / "node_modules" / NPM / "longhouse.js"
        pretend = self.folder / "pretend.js"
        pretend.write_text("Object.defineProperty(process, 'platform', { value: 'sunos' });")
        self.refused(["node", "--require", str(pretend), str(script)], "There is no ready program for sunos", "cargo install")

    def test_the_program_cannot_be_started(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            npm(Path(folder), self.address, "install", NPM)
            (Path(folder) / "node_modules" / PLATFORM / "bin" / "longhouse").chmod(0o644)
            self.refused([f"{folder}/node_modules/.bin/longhouse"], "cannot be started", f"npm install {NPM}@{VERSION}")


def smoke(tarballs: Path) -> None:
    """What somebody does who has Node alone: an empty folder, an installation, and the first way."""
    started = time.monotonic()
    with registry(tarballs) as address, tempfile.TemporaryDirectory(prefix="longhouse-npm-") as folder:
        npm(Path(folder), address, "install", NPM)
        command = [sys.executable, str(ROOT / "packaging" / "smoke.py"), "npx", "--no-install", "longhouse"]
        subprocess.run(command, cwd=folder, check=True)
    print(f"npm install and the first way: {time.monotonic() - started:.1f} s")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--smoke"]:
        smoke(Path(sys.argv[2]).resolve())
    else:
        unittest.main()
