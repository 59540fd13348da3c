"""Sites to publish: the example or a fresh one, and beside it one file of each type that a site may have."""

import os
import pathlib
import shutil
import subprocess

from recipes import ROOT

# Files that are published as they are, with what begins them, as far as a host looks at it.
STATIC = {
    ".well-known/security.txt": "Contact: mailto:security@acme.example\nPreferred-Languages: en, fr\n# Grüße\n",
    "notes.md": "# Grüße\n",
    "notes.txt": "Grüße\n",
    "data.csv": "name\nJosé\n",
    "site.webmanifest": '{"name": "Acme"}\n',
    "font.woff2": "wOF2",
    "film.mp4": "film",
    "film.webm": "film",
    "sound.mp3": "ID3",
    "photo.avif": "photo",
    "photo.webp": "photo",
    "photo.jpg": "photo",
    "drawing.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
    "paper.pdf": "%PDF-1.7\n",
    "module.wasm": "\0asm",
}

PAGES = {
    "publish-this-site.md": "# Publish this site\n\n1. Build it.\n2. Upload it.\n",
    "take-it-down.md": "# Take this site down\n\n1. Delete the folder.\n",
}


class Site:
    """A folder with a site, and the folder that it is built into. Without the example it is small, for hosts that are
    slow to take many files."""

    def __init__(self, program, folder, output, base_url, static=None, example=True):
        self.program = pathlib.Path(program).resolve()
        self.folder = pathlib.Path(folder)
        self.output = pathlib.Path(output)
        self.base_url = base_url
        if example:
            shutil.copytree(ROOT / "example-site", self.folder)
        else:
            subprocess.run([self.program, "init", self.folder], check=True, stdout=subprocess.DEVNULL)
        for name, text in PAGES.items():
            (self.folder / "content/how-tos").mkdir(exist_ok=True)
            (self.folder / "content/how-tos" / name).write_text(text, encoding="utf-8")
        for name, text in (STATIC | (static or {})).items():
            path = self.folder / "static" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def build(self):
        environment = {name: value for name, value in os.environ.items() if name not in ("CI", "SOURCE_DATE_EPOCH")}
        command = [self.program, "build", "--quiet", "--output", self.output, "--base-url", self.base_url]
        subprocess.run(command, cwd=self.folder, env=environment, check=True)

    def edit(self):
        """Changes one how-to by a sentence, and says at which address it is."""
        path = self.folder / "content/how-tos/publish-this-site.md"
        path.write_text(path.read_text(encoding="utf-8") + "\nOne more sentence, written later.\n", encoding="utf-8")
        return "how-tos/publish-this-site/"

    def remove(self):
        """Removes another how-to, and says at which address it was."""
        (self.folder / "content/how-tos/take-it-down.md").unlink()
        return "how-tos/take-it-down/"

    def files(self):
        """The names of all files of the built site, sorted."""
        return sorted(str(path.relative_to(self.output)) for path in self.output.rglob("*") if path.is_file())

    def asset(self, ending):
        """The address of one file below /assets/ with this ending."""
        return next(name for name in self.files() if name.startswith("assets/") and name.endswith(ending))
