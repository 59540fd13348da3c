#!/usr/bin/env python3
"""Stands in for `curl` where a workflow asks GitHub's interface: answers from a folder, and knows nothing else."""

import json
import os
import pathlib
import re
import subprocess
import sys
import urllib.parse

STORE = pathlib.Path(os.environ["STAND_IN_STORE"]) / "state.json"
FLAGS = {"--fail", "--silent", "--show-error", "--get"}

arguments, values, url = sys.argv[1:], {}, ""
while arguments:
    name = arguments.pop(0)
    if name in FLAGS:
        continue
    if name.startswith("--"):
        values.setdefault(name, []).append(arguments.pop(0))
    else:
        url = name
parsed = urllib.parse.urlparse(url)
if parsed.netloc != "api.github.com":
    sys.exit(f"curl: a workflow asked {parsed.netloc}")
if not any(it.startswith("Authorization: Bearer ") for it in values.get("--header", [])):
    sys.exit("curl: nobody asks without a token")
query = dict(urllib.parse.parse_qsl(parsed.query)) | dict(it.split("=", 1) for it in values.get("--data-urlencode", []))
path = re.sub("^/repos/acme/community", "", parsed.path)
method = values.get("--request", ["GET"])[0]
data = values.get("--data", [None])[0]
sent = json.loads(sys.stdin.read() if data == "@-" else pathlib.Path(data[1:]).read_text(encoding="utf-8")) if data else None
state = json.loads(STORE.read_text(encoding="utf-8"))
answer = None

if method == "GET" and path == "/pulls":
    for it in state["pulls"]:
        if it["state"] == "open" and it["head"]["label"].startswith("acme:"):
            asked = ["git", "-C", os.environ["STAND_IN_ORIGIN"], "rev-parse", f"refs/heads/{it['head']['ref']}"]
            it["head"]["sha"] = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    answer = [
        it for it in state["pulls"] if query["state"] in ("all", it["state"]) and it["head"]["label"] == query["head"]
    ]
elif method == "GET" and (found := re.fullmatch(r"/issues/(\d+)/comments", path)):
    answer = [it for it in state["comments"] if it["issue"] == int(found[1])]
elif method == "POST" and (found := re.fullmatch(r"/issues/(\d+)/comments", path)):
    answer = {"id": len(state["comments"]) + 1, "issue": int(found[1]), "body": sent["body"], "user": {"type": "Bot"}}
    state["comments"].append(answer)
elif method == "PATCH" and (found := re.fullmatch(r"/issues/comments/(\d+)", path)):
    answer = next(it for it in state["comments"] if it["id"] == int(found[1]))
    answer["body"] = sent["body"]
elif method == "GET" and re.fullmatch(r"/pulls/\d+/comments", path):
    answer = [comment for review in state["reviews"] for comment in review["comments"]]
elif method == "POST" and re.fullmatch(r"/pulls/\d+/reviews", path):
    answer = sent
    state["reviews"].append(sent)
elif method == "POST" and path == "/pulls":
    answer = {**sent, "number": state["next"], "state": "open", "merged_at": None, "base": {"ref": sent["base"]}}
    answer["head"] = {"ref": sent["head"], "label": f"acme:{sent['head']}"}
    state["next"] += 1
    state["pulls"].append(answer)
elif method == "PATCH" and (found := re.fullmatch(r"/pulls/(\d+)", path)):
    answer = next(it for it in state["pulls"] if it["number"] == int(found[1]))
    answer |= {"title": sent["title"], "body": sent["body"]}
elif method == "POST" and (found := re.fullmatch(r"/statuses/([0-9a-f]{40})", path)):
    answer = {**sent, "sha": found[1]}
    state["statuses"].append(answer)
elif method == "GET" and (found := re.fullmatch(r"/commits/([0-9a-f]{40})/pulls", path)):
    answer = [it for it in state["pulls"] if it.get("merge_commit_sha") == found[1]]
else:
    sys.exit(f"curl: nobody stands in for {method} {path}")
STORE.write_text(json.dumps(state), encoding="utf-8")
print(json.dumps(answer))
