"""What the documentation tells people to write, taken from its pages: no test has a copy of a recipe.

A recipe is a code block whose info string is a language and the name of a file, such as `nginx community.conf`.
"""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs/content"
FENCE = re.compile(r"^(?P<indent> *)```(?P<info>[^`\n]*)\n(?P<text>.*?)^(?P=indent)```$", re.DOTALL | re.MULTILINE)


def blocks(page):
    """Every code block of a page: pairs of its info string and its text, moved to the left as it was meant."""
    text = (PAGES / page).read_text(encoding="utf-8")
    found = []
    for fence in FENCE.finditer(text):
        indent = len(fence["indent"])
        lines = [line[indent:] if line[:indent].isspace() or not indent else line for line in fence["text"].split("\n")]
        found.append((fence["info"].strip(), "\n".join(lines)))
    return found


def block(page, info):
    """The one block of a page that is called so."""
    texts = [text for name, text in blocks(page) if name == info]
    if len(texts) != 1:
        raise SystemExit(f"{page} has {len(texts)} blocks called `{info}`, and must have one")
    return texts[0]


def publishing():
    """The pages with recipes, in their order by name."""
    return sorted(f"how-tos/publishing/{path.name}" for path in (PAGES / "how-tos/publishing").glob("*.md"))
