"""Judged sets as the measuring scripts read them: a folder with `docs.jsonl` or `documents.jsonl` (id, title, text, perhaps
tags and also) and a CSV file of questions whose column `document` names the pages that answer (several joined by `|`)."""
import csv, json


def page(document):
    front = {name: document[key] for name, key in (("tags", "tags"), ("also_asked", "also")) if document.get(key)}
    head = "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in front.items())
    head = f"---\n{head}---\n" if head else ""
    return f'{head}# {" ".join(document["title"].split())}\n\n## Answer\n\n{document["text"].strip()}\n'


def configuration(folder):
    config = folder / "longhouse.yaml"
    return config.read_text() if config.exists() else "language: en\n"


def read(folder):
    """Pages by id, and questions with the ids that answer them."""
    documents = next(folder / name for name in ("docs.jsonl", "documents.jsonl") if (folder / name).exists())
    documents = [json.loads(line) for line in documents.open(encoding="utf-8")]
    questions = next(folder / name for name in ("dev.csv", "questions-dev.csv") if (folder / name).exists())
    rows = [(" ".join(row["question"].split()), row["document"].split("|"))
            for row in csv.DictReader(questions.open(encoding="utf-8"))]
    return {it["id"]: page(it) for it in documents}, rows
