"""Publishes a site to an S3 server on this machine by both recipes, the script and the workflow's job, and counts what
each publishing sends.

    python tests/hosts/s3.py target/debug/longhouse

It ends with 1 if there was anything to say.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import boto3
import yaml
from recipes import block
from servers import free_port, wait_for
from site_to_publish import Site
from web import FOREVER

PAGE = "how-tos/publishing/s3.md"
BUCKET = "acme-community"
TYPES = {
    "index.html": ["text/html", "text/html; charset=utf-8"],
    "notes.md": ["text/markdown; charset=utf-8"],
    "notes.txt": ["text/plain; charset=utf-8"],
    "robots.txt": ["text/plain; charset=utf-8"],
    "search/index.json": ["application/json"],
    "drawing.svg": ["image/svg+xml"],
    "module.wasm": ["application/wasm"],
    ".well-known/security.txt": ["text/plain; charset=utf-8"],
    "photo.webp": ["image/webp"],
    ".css": ["text/css", "text/css; charset=utf-8"],
    ".js": ["text/javascript", "application/javascript", "text/javascript; charset=utf-8"],
    ".gz": ["application/gzip", "binary/octet-stream", "application/octet-stream"],
    ".bin": ["application/octet-stream", "binary/octet-stream"],
}


class Bucket:
    """A bucket on a server of this machine."""

    def __init__(self, url):
        self.client = boto3.client("s3", endpoint_url=url)
        self.client.create_bucket(Bucket=BUCKET)

    def files(self):
        """What is in it: names, and when each was written last."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        return {it["Key"]: (it["LastModified"], it["ETag"]) for page in pages for it in page.get("Contents", [])}

    def head(self, name):
        return self.client.head_object(Bucket=BUCKET, Key=name)


def by_script(site, environment):
    """What somebody does at a machine that keeps the folder."""
    subprocess.run(["bash", "-c", block(PAGE, "bash publish.sh")], cwd=site.output.parent, env=environment, check=True,
                   stdout=subprocess.DEVNULL)


def by_workflow(site, environment):
    """What the job does: the folder is another one each time, and all files in it are new."""
    [job] = yaml.safe_load(block(PAGE, "yaml .github/workflows/publish.yml")).values()
    step = next(it for it in job["steps"] if it.get("name") == "Copy what has changed")
    folder = pathlib.Path(tempfile.mkdtemp())
    shutil.copytree(site.output, folder / "public", copy_function=shutil.copyfile)
    bash = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    # AWS has a host for each bucket; this server has one for all.
    variables = {name: value.replace("provider=AWS", "provider=Other") for name, value in step["env"].items()}
    subprocess.run(bash, cwd=folder, env={**environment, **variables}, check=True)
    shutil.rmtree(folder)


def tried(title, publish, program, folder, environment, url):
    problems = []
    site = Site(program, folder / "site", folder / "public", "https://community.acme.example/",
                example=False)
    site.build()
    bucket = Bucket(url)

    def sent(words):
        before = bucket.files()
        # Times of objects count in seconds.
        time.sleep(1.1)
        publish(site, environment)
        after = bucket.files()
        changed = [name for name in after if after[name] != before.get(name)]
        gone = [name for name in before if name not in after]
        print(f"{title}, {words}: {len(changed)} sent, {len(gone)} removed, {len(after)} there")
        return changed, gone

    def expect(holds, words):
        if not holds:
            problems.append(words)

    sent("first")
    public = {name for name in site.files() if not name.startswith((".longhouse", ".nojekyll"))}
    there = set(bucket.files())
    expect(there == public, f"missing {sorted(public - there)[:5]}, too many {sorted(there - public)[:5]}")
    for name in sorted(there):
        head = bucket.head(name)
        wanted = FOREVER if name.startswith("assets/") else "no-cache"
        expect(head.get("CacheControl") == wanted, f"{name}: {head.get('CacheControl')}")
        expect("ContentEncoding" not in head, f"{name}: {head.get('ContentEncoding')}")
    for wanted, types in TYPES.items():
        name = site.asset(wanted) if wanted in (".css", ".js", ".gz", ".bin") else wanted
        kind = bucket.head(name)["ContentType"]
        expect(kind in types, f"{name}: the type is {kind}")

    site.build()
    changed, gone = sent("nothing changed")
    expect(not changed and not gone, f"nothing changed, and sent were {changed[:5]}")

    site.edit()
    site.build()
    changed, gone = sent("one page edited")
    fresh = [name for name in changed if not name.startswith("assets/search/")]
    expect(0 < len(fresh) <= 8, f"one edit sends {len(fresh)} files beside the index: {fresh[:10]}")

    page = site.remove()
    (site.folder / "static/notes.md").unlink()
    site.build()
    changed, gone = sent("one page removed")
    expect({f"{page}index.html", "notes.md"} <= set(gone), f"removed are {gone[:5]}")
    expect(not any(name.startswith("assets/") for name in gone), "what open pages still load was removed")
    return problems


def main(program):
    folder = pathlib.Path(tempfile.mkdtemp())
    count = 0
    for title, publish in [("script", by_script), ("workflow", by_workflow)]:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        environment = {
            **os.environ, "HOME": str(folder), "AWS_ENDPOINT_URL": url,
            "RCLONE_S3_ENDPOINT": url, "RCLONE_CONFIG": "", "RCLONE_RETRIES": "1", "RCLONE_LOW_LEVEL_RETRIES": "1",
            "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
        }
        os.environ.update({name: environment[name] for name in environment if name.startswith("AWS_")})
        # Authorities of this machine's own are for its own proxies; rclone 1.60 cannot read such a list.
        environment.pop("AWS_CA_BUNDLE", None)
        with open(folder / "moto.log", "wb") as log:
            server = subprocess.Popen(["moto_server", "-H", "127.0.0.1", "-p", str(port)], stdout=log, stderr=log)
        try:
            wait_for(port, server)
            problems = tried(title, publish, program, folder / title, environment, url)
        finally:
            server.terminate()
            server.wait()
        for problem in problems[:40]:
            print(f"  {problem}")
        count += len(problems)
    shutil.rmtree(folder)
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
