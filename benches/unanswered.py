#!/usr/bin/env python3
"""How well the search knows that it has no answer, on judged questions with and without the pages that answer them.

    cargo build && benches/unanswered.py target/debug/longhouse SET …

A SET is a folder with `docs.jsonl` or `documents.jsonl` (id, title, text, perhaps tags and also) and a CSV file of
questions whose column `document` names the pages that answer (several joined by `|`), or a folder with `content/`,
whose questions are asked by their own titles. Documents are cut into parts; each part is taken out once, and all
questions are asked: those whose pages are still there can be answered, the others cannot. What is told of each kind:
how many of them were told that the answer is perhaps not here.

  --parts N   into how many parts (2): with more, less is missing at a time, and pages that say the same remain
  --alike     takes out pages that say nearly the same as one that is taken out as well
  --half H    asks only for the documents of one half, `0` or `1`: one to calibrate with, the other to quote
  --at X …    the figure from which on a hit is good enough, to try others than the engine's
"""
import argparse, json, pathlib, re, shutil, subprocess, sys, tempfile, zlib
from collections import Counter

import judged

CODE = (pathlib.Path(__file__).parent.parent / "search/src/rank/coverage.rs").read_text()
ENGLISH, ELSEWHERE = (float(it) for it in re.findall(r"const ENOUGH\w*: f32 = ([\d.]+)", CODE))
options = argparse.ArgumentParser()
options.add_argument("program")
options.add_argument("sets", nargs="+", type=pathlib.Path)
options.add_argument("--parts", type=int, default=2)
options.add_argument("--alike", action="store_true")
options.add_argument("--half", type=int)
options.add_argument("--at", type=float, nargs="+")
options = options.parse_args()


def read(folder):
    """Pages by id, questions with the ids that answer them, and the configuration."""
    config = judged.configuration(folder)
    if (folder / "content").is_dir():
        pages, rows = {}, []
        for path in sorted((folder / "content").glob("**/*.md")):
            text = path.read_text()
            # Replies lie in a folder that is named after their question.
            if path.parent.with_suffix(".md").exists():
                pages.setdefault(path.parent.name, "")
                pages[path.parent.name] += "\n\n## Answer\n\n" + text.split("\n---\n")[-1]
                continue
            title = re.search(r"^# +(.+)$|^title: *\"?(.+?)\"?$", text, re.M)
            pages[path.stem] = text + pages.get(path.stem, "")
            if title:
                rows.append((title[1] or title[2], [path.stem]))
        return pages, rows, config
    pages, rows = judged.read(folder)
    return pages, [row for row in rows if all(it in pages for it in row[1])], config


def alike(pages):
    """For each page those that share half of its rarer words."""
    words = {name: set(re.findall(r"\w+", text.lower())) for name, text in pages.items()}
    spread = Counter(word for it in words.values() for word in it)
    rare = {name: {word for word in it if spread[word] <= max(3, len(pages) // 20)} for name, it in words.items()}
    holds = {}
    for name, it in rare.items():
        for word in it:
            holds.setdefault(word, []).append(name)
    near = {}
    for name, it in rare.items():
        shared = Counter(other for word in it for other in holds[word] if other != name)
        near[name] = [other for other, count in shared.items() if count * 2 >= min(len(it), len(rare[other]))]
    return near


def ask(pages, rows, config, root):
    shutil.rmtree(root, ignore_errors=True)
    (root / "content/questions").mkdir(parents=True)
    (root / "longhouse.yaml").write_text(config)
    for name, text in pages.items():
        (root / f"content/questions/{name}.md").write_text(text, encoding="utf-8")
    asked = "".join(question + "\n" for question, _ in rows)
    command = [options.program, "search", "--root", root, "--json", "--limit", "5", "-"]
    answers = subprocess.run(command, input=asked, capture_output=True, text=True, check=True).stdout.splitlines()
    return [json.loads(line) for line in answers]


for folder in options.sets:
    pages, rows, config = read(folder)
    near = alike(pages) if options.alike else {}
    # Asked are all questions; a half of the documents may be kept aside for later.
    half = lambda name: zlib.crc32(name.encode()) % 2
    if options.half is not None:
        rows = [row for row in rows if half(row[1][0]) == options.half]
    covered = {True: [], False: []}
    for part in range(options.parts):
        gone = {name for number, name in enumerate(pages) if number * 7919 % options.parts == part}
        gone |= {other for name in gone for other in near.get(name, ())}
        left = {name: text for name, text in pages.items() if name not in gone}
        with tempfile.TemporaryDirectory() as root:
            answers = ask(left, rows, config, pathlib.Path(root) / "site")
        for (question, wanted), hits in zip(rows, answers, strict=True):
            is_there = any(name in left for name in wanted)
            covered[is_there].append(hits[0]["coverage"] if hits else 0.0)
    for at in options.at or [ENGLISH if "language: en" in config else ELSEWHERE]:
        told = {kind: sum(it < at for it in found) / max(1, len(found)) for kind, found in covered.items()}
        print(f"{folder.name:20} at {at:.3f}   answerable {told[True]:.3f} of {len(covered[True])}"
              f"   unanswerable {told[False]:.3f} of {len(covered[False])}", flush=True)
