"""Serves a site by the recipes for nginx and Caddy, word by word, and looks at it as a browser does.

    python tests/hosts/servers.py target/debug/longhouse

Only the ports and folders of the recipes are replaced. It ends with 1 if there was anything to say.
"""

import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import web
from recipes import block
from site_to_publish import Site

NAME = "community.acme.example"
GUARDS = {
    "Content-Security-Policy": "frame-ancestors 'self'",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
}

# What a test of Caddy needs beside the recipe: free ports, and certificates of its own.
SETTINGS = "{{\nadmin off\nlocal_certs\nskip_install_trust\nhttp_port {}\nhttps_port {}\n}}\n"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def replaced(text, words):
    """The text with each of the words replaced; one that is not there is a recipe that this test does not know."""
    for old, new in words.items():
        if old not in text:
            raise SystemExit(f"the recipe does not say {old!r}")
        text = text.replace(old, str(new))
    return text


def wait_for(port, process):
    for _ in range(300):
        if process.poll() is not None:
            raise SystemExit(f"{process.args[0]} ended with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{process.args[0]} does not listen")


def certificate(folder):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
        + ["-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, stderr=subprocess.DEVNULL,
    )


def nginx(folder, configuration):
    """Starts nginx with a configuration as /etc/nginx/nginx.conf would include it."""
    (folder / "nginx.conf").write_text(f"""
        daemon off;
        user root;
        worker_processes 1;
        pid {folder}/nginx.pid;
        error_log {folder}/error.log;
        events {{}}
        http {{
            include /etc/nginx/mime.types;
            default_type application/octet-stream;
            access_log off;
            {configuration}
        }}
    """.replace("user root;", "user root;" if os.geteuid() == 0 else ""))
    # Relative names, as in `include mime.types`, are meant from the folder of the configuration.
    shutil.copy("/etc/nginx/mime.types", folder / "mime.types")
    command = ["nginx", "-c", folder / "nginx.conf", "-p", folder, "-e", folder / "error.log"]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    if tried.returncode != 0 or "[emerg]" in tried.stderr:
        raise SystemExit(tried.stderr)
    return subprocess.Popen(command)


def caddy(folder, configuration):
    """Starts Caddy with a site block; the certificate is its own."""
    (folder / "Caddyfile").write_text(configuration)
    environment = {**os.environ, "XDG_DATA_HOME": str(folder / "data"), "XDG_CONFIG_HOME": str(folder / "config")}
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", folder / "Caddyfile"]
    with open(folder / "log", "wb") as log:
        return subprocess.Popen(command, env=environment, stderr=log)


def http2(port):
    """The version of the protocol that a client that knows several ends with."""
    command = ["curl", "-sko", "/dev/null", "-w", "%{http_version}", "--http2", "--resolve", f"{NAME}:{port}:127.0.0.1"]
    return subprocess.run([*command, f"https://{NAME}:{port}/"], capture_output=True, text=True, check=False).stdout


def tried(title, start, site, guards, path="/", redirects=True, more=None):
    """Serves a built site, looks at it, and tells what was found."""
    site.build()
    folder = pathlib.Path(tempfile.mkdtemp())
    plain, secure = free_port(), free_port()
    process = start(folder, plain, secure)
    try:
        wait_for(secure, process)
        host = web.Host(NAME, secure, path=path)
        host.wait()
        web.look(host, site, guards)
        if redirects:
            answer = web.Host(NAME, plain, tls=False).get("/questions/?a=b")
            there = answer["location"].replace(f":{secure}", "")
            host.expect(answer.status in (301, 308), f"over HTTP: {answer.status}")
            host.expect(there == f"https://{NAME}/questions/?a=b", f"over HTTP it leads to {there}")
            host.expect(http2(secure) == "2", f"HTTP/{http2(secure)} is spoken, not HTTP/2")
        if more:
            more(host)
        bare = host.get(path.removesuffix("/") or "/")
        host.expect(bare.status in (200, 301, 302, 308), f"{path} without its slash: {bare.status}")
        changed = web.look_after_rebuilds(host, site)
    finally:
        process.terminate()
        process.wait()
    print(f"{title}: {len(site.files())} files, {changed} changed by an edit, {len(host.problems)} problems")
    for problem in host.problems[:40]:
        print(f"  {problem}")
    return len(host.problems)


def whole(program, folder):
    """The recipes for a host with nothing but the site."""
    site = Site(program, folder / "nginx", folder / "nginx-public", f"https://{NAME}/")

    def with_nginx(place, plain, secure):
        recipe = block("how-tos/publishing/nginx.md", "nginx community.conf")
        return nginx(place, replaced(recipe, {
            "listen 80;": f"listen 127.0.0.1:{plain};",
            "    listen [::]:80;\n": "",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{secure} ssl http2;",
            "    listen [::]:443 ssl http2;\n": "",
            "/etc/ssl/community.pem": folder / "cert.pem",
            "/etc/ssl/community.key": folder / "key.pem",
            "/srv/community/public": site.output,
        }))

    problems = tried("nginx", with_nginx, site, GUARDS)
    site = Site(program, folder / "caddy", folder / "caddy-public", f"https://{NAME}/")

    def with_caddy(place, plain, secure):
        recipe = block("how-tos/publishing/caddy.md", "text Caddyfile")
        return caddy(place, SETTINGS.format(plain, secure) + replaced(recipe, {"/srv/community/public": site.output}))

    return problems + tried("Caddy", with_caddy, site, GUARDS)


def below_a_path(program, folder):
    """The recipes for a site below a path of another one."""
    page = "how-tos/publishing/sub-path.md"
    guards = {name: value for name, value in GUARDS.items() if name != "Strict-Transport-Security"}
    site = Site(program, folder / "sub-nginx", folder / "sub-nginx-www/community", f"https://{NAME}/community/")

    def with_nginx(place, _, secure):
        location = replaced(block(page, "nginx community-location.conf"), {"/srv/www": site.output.parent})
        move = block("how-tos/move-a-site.md", "nginx www.conf").replace("/community/", "/moved/")
        return nginx(place, f"""
            {block(page, "nginx community-map.conf")}
            server {{
                listen 127.0.0.1:{secure} ssl;
                server_name {NAME};
                ssl_certificate {folder}/cert.pem;
                ssl_certificate_key {folder}/key.pem;
                gzip on;
                gzip_vary on;
                gzip_types text/css application/javascript text/javascript;
                {location}
                {move}
            }}""")

    def has_moved(host):
        moved = host.get("/moved/questions/?a=b")
        there = "https://community.acme.example/questions/?a=b"
        host.expect((moved.status, moved["location"]) == (301, there), f"moved: {moved.status} {moved['location']}")

    below = {"path": "/community/", "redirects": False}
    problems = tried("nginx below a path", with_nginx, site, guards, **below, more=has_moved)
    site = Site(program, folder / "sub-caddy", folder / "sub-caddy-www/community", f"https://{NAME}/community/")

    def with_caddy(place, plain, secure):
        inner = replaced(block(page, "text Caddyfile"), {"/srv/www": site.output.parent})
        return caddy(place, SETTINGS.format(plain, secure) + f"{NAME} {{\n{inner}\nhandle {{\nrespond 404\n}}\n}}\n")

    return problems + tried("Caddy below a path", with_caddy, site, guards, **below)


def main(program):
    folder = pathlib.Path(tempfile.mkdtemp())
    certificate(folder)
    try:
        problems = whole(program, folder) + below_a_path(program, folder)
    finally:
        shutil.rmtree(folder)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
