#!/usr/bin/env python3
"""How steady hits are while a question is typed: how often the right page, once shown, leaves the list again.

    cargo build && benches/keystrokes.py target/debug/longhouse SET …

A SET is a folder with `docs.jsonl` or `documents.jsonl` (id, title, text, perhaps tags and also) and a CSV file of
questions whose column `document` names the pages that answer (several joined by `|`). Each question is typed letter by
letter, and asked after every one. Told is of how many questions the right page was shown among the first five at all, at
how many of these it left again, at how many it was there at the end, and at how many letters nothing was found.

  --every N    only every so many questions (1)
  --keywords   types the words of the question that say something: those of four letters and more, at most four of them
"""
import argparse, json, pathlib, re, subprocess, tempfile

import judged

options = argparse.ArgumentParser()
options.add_argument("program")
options.add_argument("sets", nargs="+", type=pathlib.Path)
options.add_argument("--every", type=int, default=1)
options.add_argument("--keywords", action="store_true")
options = options.parse_args()


def keywords(question):
    words = [word for word in re.findall(r"[\w.+#-]+", question) if len(word) > 3]
    return " ".join(words[:4])


for folder in options.sets:
    pages, rows = judged.read(folder)
    rows = rows[::options.every]
    if options.keywords:
        rows = [(keywords(question), wanted) for question, wanted in rows if keywords(question)]
    asked = [[question[:end] for end in range(2, len(question) + 1) if question[end - 1] != " "] for question, _ in rows]
    with tempfile.TemporaryDirectory() as root:
        root = pathlib.Path(root)
        (root / "content/questions").mkdir(parents=True)
        (root / "longhouse.yaml").write_text(judged.configuration(folder))
        for name, text in pages.items():
            (root / f"content/questions/{name}.md").write_text(text, encoding="utf-8")
        command = [options.program, "search", "--root", root, "--json", "--limit", "5", "-"]
        lines = "".join(beginning + "\n" for beginnings in asked for beginning in beginnings)
        answers = iter(subprocess.run(command, input=lines, capture_output=True, text=True, check=True).stdout.splitlines())
    shown = left = kept = nothing = letters = 0
    for (_, wanted), beginnings in zip(rows, asked, strict=True):
        found = [json.loads(next(answers)) for _ in beginnings]
        right = [any(hit["url"].split("#")[0].strip("/").split("/")[-1] in wanted for hit in hits) for hits in found]
        nothing, letters = nothing + sum(not hits for hits in found), letters + len(found)
        shown, kept = shown + any(right), kept + (right[-1:] == [True])
        left += any(before and not after for before, after in zip(right, right[1:]))
    share = lambda count: count / max(1, shown)
    print(f"{folder.name:20} questions {len(rows):5}   shown {shown:5}   left again {left:5} ({share(left):.3f})"
          f"   there at the end {kept:5}   nothing at {nothing / max(1, letters):.4f} of the letters", flush=True)
