"""What several tests here need: repositories made of folders, and the project as it is here."""

import shutil
import subprocess
from pathlib import Path

from project import ROOT


def git(folder: Path, *arguments: str) -> None:
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main", *arguments]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def commit(folder: Path) -> None:
    """Makes a folder a repository with all that is in it."""
    git(folder, "init")
    git(folder, "add", "--all")
    git(folder, "commit", "--message", "Everything")


def copy(folder: Path) -> None:
    """Copies every file of the project that git knows or would add, as it is here."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout.decode().split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
