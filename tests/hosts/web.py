"""What a reader's browser must get from a host, whichever it is: every status with its headers, types, hidden files,
and short answers for what did not change."""

import gzip
import http.client
import re
import ssl
import time

FOREVER = "public, max-age=31536000, immutable"
HTML = r"text/html; ?charset=utf-8"

# What each file is announced as, whatever spelling the host prefers.
TYPES = {
    ".well-known/security.txt": r"text/plain; ?charset=utf-8",
    "404.html": HTML,
    "data.csv": r"text/csv(; ?charset=utf-8)?",
    "feed.json": r"application/(feed\+)?json",
    "feed.xml": r"(text|application)/xml(; ?charset=utf-8)?",
    "film.mp4": r"video/mp4",
    # Caddy goes by the table of the system, and Debian's says "audio". Browsers play it either way.
    "film.webm": r"(video|audio)/webm",
    "font.woff2": r"font/woff2",
    "index.html": HTML,
    "drawing.svg": r"image/svg\+xml(; ?charset=utf-8)?",
    "module.wasm": r"application/wasm",
    "notes.md": r"text/markdown; ?charset=utf-8",
    "notes.txt": r"text/plain; ?charset=utf-8",
    "paper.pdf": r"application/pdf",
    "photo.avif": r"image/avif",
    "photo.jpg": r"image/jpeg",
    "photo.webp": r"image/webp",
    "robots.txt": r"text/plain; ?charset=utf-8",
    "search/index.json": r"application/json",
    "site.webmanifest": r"application/manifest\+json",
    "sitemap.xml": r"(text|application)/xml(; ?charset=utf-8)?",
    "sound.mp3": r"audio/mpeg",
}


class Answer:
    """A status, headers by their names in small letters, and the body as the browser would have it."""

    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.raw = response.read()
        self.body = gzip.decompress(self.raw) if self.headers.get("content-encoding") == "gzip" else self.raw

    def __getitem__(self, name):
        return self.headers.get(name.lower(), "")


class Host:
    """A server on this machine that believes to be `name`."""

    def __init__(self, name, port, tls=True, path="/"):
        self.name, self.port, self.tls, self.path = name, port, tls, path
        self.problems = []

    def get(self, address, method="GET", headers=None):
        """The answer to an address below the path of the site, or to a whole path if it begins with a slash."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        if self.tls:
            # The name is said in the handshake, too: servers choose the certificate by it.
            connection.connect()
            connection.sock = ssl._create_unverified_context().wrap_socket(connection.sock, server_hostname=self.name)
        target = address if address.startswith("/") else self.path + address
        try:
            connection.request(method, target, headers={"Host": self.name, **(headers or {})})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def wait(self):
        """Waits until it has a certificate: Caddy makes one after it listens."""
        for _ in range(300):
            try:
                self.get("")
                return
            except ssl.SSLError:
                time.sleep(0.1)
        raise SystemExit(f"{self.name} has no certificate")

    def expect(self, holds, words):
        """Notes what does not hold."""
        if not holds:
            self.problems.append(words)

    def guarded(self, answer, words, headers):
        """The headers that everything has, files for the theme and pages for missing addresses too."""
        for name, value in headers.items():
            self.expect(answer[name] == value, f"{words}: {name} is {answer[name]!r}, not {value!r}")


def look(host, site, headers, cache="no-cache", strict=True):
    """Looks at the site as it was just built. `headers` is what every answer has; `cache` what says "ask again";
    `strict` is for servers that the recipe configures wholly: there every type is ours to say."""
    missing = (site.output / "404.html").read_bytes()

    types = dict(TYPES)
    if host.path != "/":
        # What the top of a host says of itself does not count anywhere else.
        del types[".well-known/security.txt"]
    for name in ["", "questions/", "search/", *types]:
        answer = host.get(name)
        file = site.output / (f"{name}index.html" if name == "" or name.endswith("/") else name)
        if not strict and name.endswith(".html") and answer.status in (301, 302, 307, 308):
            # Hosts that show /a/index.html at /a/ lead there.
            continue
        host.expect(answer.status == 200, f"{name or '/'}: {answer.status}")
        host.expect(answer.body == file.read_bytes(), f"{name or '/'}: another body than the file")
        host.expect(answer["cache-control"] == cache, f"{name or '/'}: {answer['cache-control']!r}")
        host.guarded(answer, name or "/", headers)
        wanted = types.get(name, HTML)
        if strict or "charset" not in wanted or "html" in wanted:
            kind = answer["content-type"].lower()
            host.expect(re.fullmatch(wanted, kind), f"{name or '/'}: the type is {kind!r}")

    for ending in [".css", ".js", ".gz", ".bin", ".svg", ".json", ".png"]:
        name = next((it for it in site.files() if it.startswith("assets/") and it.endswith(ending)), None)
        if name is None:
            continue
        for accepted in ["identity", "gzip"]:
            answer = host.get(name, headers={"Accept-Encoding": accepted})
            host.expect(answer.status == 200, f"{name}: {answer.status}")
            host.expect(answer["cache-control"] == FOREVER, f"{name}: {answer['cache-control']!r}")
            host.expect(answer.body == (site.output / name).read_bytes(), f"{name}, {accepted}: another body")
            host.guarded(answer, name, headers)
        if ending in (".css", ".js"):
            kind = answer["content-type"].lower()
            host.expect(re.match(r"text/css|(text|application)/javascript", kind), f"{name}: {kind!r}")
            if strict:
                host.expect(answer["content-encoding"] == "gzip", f"{name} is not compressed")
                host.expect("accept-encoding" in answer["vary"].lower(), f"{name}: no Vary")
        if ending == ".gz":
            host.expect(len(answer.raw) < 1.05 * len(answer.body), f"{name} became larger on the way")

    hidden = [".longhouse", ".nojekyll", ".git/config", "questions/.hidden", ".env"]
    for name in ["nothing/", "nothing.html", "nothing.md", "nothing.webmanifest", "assets/nothing.js", "assets/", "files/", *hidden]:
        answer = host.get(name)
        host.expect(answer.status == 404, f"{name}: {answer.status}, not 404")
        host.expect(answer.body == missing, f"{name}: not the page for missing addresses")
        host.expect(re.fullmatch(HTML, answer["content-type"].lower()), f"{name}: missing as {answer['content-type']}")
        host.expect("immutable" not in answer["cache-control"], f"{name}: may be kept for ever although missing")
        host.guarded(answer, name, headers)

    answer = host.get("questions")
    host.expect(answer.status in (301, 307, 308), f"questions without a slash: {answer.status}")
    there = answer["location"].removeprefix(f"https://{host.name}").removeprefix(f"http://{host.name}:{host.port}")
    host.expect(there == f"{host.path}questions/", f"questions without a slash leads to {answer['location']!r}")

    for name in ["", "feed.xml", host_asset(site)]:
        first = host.get(name)
        again = host.get(name, headers={"If-None-Match": first["etag"]})
        host.expect(first["etag"] and again.status == 304, f"{name or '/'}: asked again, {again.status}")
        host.expect(not again.raw, f"{name or '/'}: asked again, it has a body")
    host.expect(host.get("", method="HEAD").status == 200, "HEAD is refused")
    host.expect(host.get("", method="POST").status in (403, 404, 405, 501), "POST is taken")
    for climb in ["..%2f..%2f..%2fetc/passwd", "%2e%2e/%2e%2e/longhouse.yaml", "assets/..%5c..%5clonghouse.yaml"]:
        answer = host.get(climb)
        is_away = answer.status in (400, 403, 404) or (not strict and answer.status == 307)
        host.expect(is_away and b"title:" not in answer.body, f"{climb}: {answer.status}")


def host_asset(site):
    return site.asset(".css")


def look_after_rebuilds(host, site):
    """A build that changes nothing costs a browser that was there before nothing; one edit costs one page and what
    lists it. Returns how many files the edit changed."""
    names = [name for name in site.files() if not name.startswith(".") and not name.endswith("404.html")]
    before = {name: (site.output / name).read_bytes() for name in names}
    known = {name: host.get(address(name))["etag"] for name in names}
    site.build()
    for name in names:
        status = host.get(address(name), headers={"If-None-Match": known[name]}).status
        host.expect(status == 304, f"{name}: {status} after a build that changed nothing")
    page = site.edit()
    site.build()
    changed = 0
    for name in names:
        file = site.output / name
        if not file.exists():
            continue
        is_same = file.read_bytes() == before[name]
        changed += not is_same
        status = host.get(address(name), headers={"If-None-Match": known[name]}).status
        host.expect(status == (304 if is_same else 200), f"{name}: {status}, and it is {'the same' if is_same else 'new'}")
    host.expect(b"One more sentence" in host.get(page).body, f"{page}: the edit does not show")
    return changed


def address(name):
    """The address of a file as readers know it."""
    return name.removesuffix("index.html") if name == "index.html" or name.endswith("/index.html") else name
