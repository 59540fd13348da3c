"""Publishes a site by the recipes for Cloudflare and Netlify as far as that goes on one machine: Cloudflare's own server
runs the Worker, and Netlify's own parsers read the files.

    python tests/hosts/upload_hosts.py target/debug/longhouse

The Node packages of package.json must lie in node_modules beside it. It ends with 1 if there was anything to say.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import web
from recipes import ROOT, block
from servers import free_port, wait_for
from site_to_publish import Site

HERE = pathlib.Path(__file__).resolve().parent
GUARDS = {"Content-Security-Policy": "frame-ancestors 'self'", "X-Content-Type-Options": "nosniff"}
MOVED = block("how-tos/move-a-site.md", "text static/_redirects")


def cloudflare(program, folder):
    """Runs the Worker of the recipe, and looks at it as a browser does."""
    page = "how-tos/publishing/cloudflare.md"
    static = {
        "_headers": block(page, "text static/_headers"),
        "_redirects": MOVED,
        ".assetsignore": block(page, "text static/.assetsignore"),
    }
    site = Site(program, folder / "cloudflare", folder / "worker/public", "https://community.acme.workers.dev/", static)
    site.output.parent.mkdir()
    site.build()
    (folder / "worker/wrangler.jsonc").write_text(block(page, "json wrangler.jsonc"))
    settings = {
        "WRANGLER_SEND_METRICS": "false", "CLOUDFLARE_CF_FETCH_ENABLED": "false", "CI": "1",
        "XDG_CONFIG_HOME": str(folder / "config"), "HOME": str(folder),
    }
    port = free_port()
    command = [HERE / "node_modules/.bin/wrangler", "dev", "--local", "--ip", "127.0.0.1", "--port", str(port)]
    with open(folder / "wrangler.log", "wb") as log:
        process = subprocess.Popen(
            [*command, "--inspector-port", str(free_port())], cwd=folder / "worker", env={**os.environ, **settings},
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_for(port, process)
        host = web.Host("127.0.0.1", port, tls=False)
        web.look(host, site, GUARDS, cache="public, max-age=0, must-revalidate", strict=False)
        moved = host.get("/community/questions/?a=b")
        wanted = "https://community.acme.example/questions/?a=b"
        host.expect((moved.status, moved["location"]) == (301, wanted), f"moved: {moved.status} {moved['location']}")
        for name in ["_headers", "_redirects", ".assetsignore"]:
            host.expect(host.get(name).status == 404, f"{name} is served")
    finally:
        os.killpg(process.pid, 15)
        process.wait()
    # The rule of the recipe covers every address below /assets/, a missing one too. Cloudflare knows no other rule; all
    # files of a version appear at once, so no page asks for one that is still to come.
    known = [it for it in host.problems if "assets/" in it and "kept for ever although missing" in it]
    return [it for it in host.problems if it not in known]


def netlify(program, folder):
    """What Netlify's parsers make of the files of the recipe, for every file of a site."""
    headers = folder / "_headers"
    headers.write_text(block("how-tos/publishing/netlify.md", "text static/_headers"))
    redirects = folder / "_redirects"
    redirects.write_text(MOVED)
    site = Site(program, folder / "netlify", folder / "netlify-public", "https://community.netlify.app/")
    site.build()
    addresses = ["/" + web.address(name) for name in site.files()]
    command = ["node", HERE / "netlify.mjs", headers, redirects, *addresses]
    said = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    problems = said["errors"]
    for address, values in said["headers"].items():
        wanted = dict(GUARDS) | ({"Cache-Control": web.FOREVER} if address.startswith("/assets/") else {})
        if values != wanted:
            problems.append(f"{address} has {values}")
    moved = [(it["from"], it["to"], it["status"]) for it in said["redirects"]]
    if moved != [("/community/*", "https://community.acme.example/:splat", 301)]:
        problems.append(f"the redirects are {moved}")
    return problems


def versions():
    """The commands of the recipes have the versions that are tried here."""
    wanted = json.loads((HERE / "package.json").read_text())["dependencies"]
    text = (ROOT / "docs/content/how-tos/publishing/cloudflare.md").read_text()
    named = re.findall(r"wrangler@(\S+)", text)
    return [f"the recipe installs wrangler {it}, not {wanted['wrangler']}" for it in named if it != wanted["wrangler"]]


def main(program):
    folder = pathlib.Path(tempfile.mkdtemp())
    count = 0
    try:
        for title, problems in [
            ("Cloudflare", cloudflare(program, folder)), ("Netlify", netlify(program, folder)), ("versions", versions()),
        ]:
            print(f"{title}: {len(problems)} problems")
            for problem in problems[:40]:
                print(f"  {problem}")
            count += len(problems)
    finally:
        shutil.rmtree(folder)
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
