// A stand-in for a git host on loopback: the pages of GitHub that somebody sees who writes a file in a repository that
// is not theirs, without scripts, on top of a real repository.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync, existsSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join, normalize, sep } from "node:path";

/** Hosts refuse addresses that are longer, in bytes. */
const LONGEST = 8192;

/** Serves the repository at `/owner/name`. `host.user` is who is signed in: `{ login, name }`; `host.pulls` are the pull
 * requests that were made: `{ branch, path, title, user }`. */
export async function gitHost(repository, name = "/acme/community") {
  /** @type {any} Its address and its end are added when it serves. */
  const host = { user: null, pulls: [], proposed: new Map(), merge, checkout };
  const git = (...parameters) => execFileSync("git", parameters, { cwd: repository, encoding: "utf8", env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" } });
  const as = ({ login, name }) => ["-c", `user.name=${name}`, "-c", `user.email=1234+${login}@users.noreply.github.com`, "-c", "commit.gpgSign=false"];
  const maintainer = { login: "maintainer", name: "Maintainer" };
  git("init", "--quiet", "--initial-branch=main", ".");
  git("add", "--all");
  git(...as(maintainer), "commit", "--quiet", "-m", "Begin");

  /** What a maintainer does: the branch becomes part of the main one. */
  function merge({ branch }) {
    git("checkout", "--quiet", "main");
    git(...as(maintainer), "merge", "--quiet", "--no-ff", "-m", "Merge", branch);
  }

  /** Shows the files of a pull request, as a check of it sees them. */
  function checkout({ branch }) {
    git("checkout", "--quiet", branch);
  }

  function propose(/** @type {Record<string, string>} */ { path, value, message }) {
    const inside = normalize(path);
    if (!path || inside.startsWith("..") || inside.startsWith(sep) || inside.startsWith(".git")) return null;
    const branch = `patch-${host.proposed.size + 1}`;
    git("checkout", "--quiet", "-b", branch, "main");
    mkdirSync(dirname(join(repository, inside)), { recursive: true });
    // The editor ends each line alike, whatever a form sends.
    writeFileSync(join(repository, inside), value.replaceAll("\r\n", "\n"));
    git("add", "--", inside);
    git(...as(host.user), "commit", "--quiet", "-m", message || `Create ${inside}`);
    git("checkout", "--quiet", "main");
    host.proposed.set(branch, { branch, path: inside, user: host.user });
    return branch;
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://host");
    const send = (status, body) => response.writeHead(status, { "content-type": "text/html; charset=utf-8" }).end(`<!doctype html><html lang="en"><meta charset="utf-8"><title>Stand-in</title><body>${body}`);
    if (request.url.length > LONGEST) return send(414, "<h1>URI too long</h1>");
    if (!url.pathname.startsWith(`${name}/`)) return send(404, "<h1>Not found</h1>");
    if (!host.user) return send(401, "<h1>Sign in</h1>");
    const page = decodeURIComponent(url.pathname.slice(name.length));
    const parts = [];
    for await (const part of request) parts.push(part);
    const form = Object.fromEntries(new URLSearchParams(Buffer.concat(parts).toString()));
    if (page === "/new/main") return send(200, editor(name, url.searchParams.get("filename") ?? "", url.searchParams.get("value") ?? "", false));
    if (page.startsWith("/edit/main/")) {
      const path = page.slice("/edit/main/".length);
      const file = join(repository, normalize(path));
      if (!file.startsWith(repository + sep) || !existsSync(file)) return send(404, "<h1>Not found</h1>");
      return send(200, editor(name, path, readFileSync(file, "utf8"), true));
    }
    if (page === "/commit" && request.method === "POST") {
      // Another file of this name is never overwritten.
      if (form.isNew && existsSync(join(repository, normalize(form.filename)))) return send(422, "<h1>A file with the same name already exists</h1>");
      return send(200, `<h1>Propose changes</h1><p>You’re making changes in a project that you don’t have write access to.</p><form method="post" action="${name}/propose"><input type="hidden" name="path" value="${escape(form.filename)}"><textarea hidden name="value">\n${escape(form.value)}</textarea><label>Commit message <input name="message"></label><button>Propose changes</button></form>`);
    }
    if (page === "/propose" && request.method === "POST") {
      const branch = propose(form);
      if (!branch) return send(422, "<h1>That is no path</h1>");
      return response.writeHead(303, { location: `${name}/compare/${branch}` }).end();
    }
    if (page.startsWith("/compare/") && host.proposed.has(page.slice(9))) {
      const branch = page.slice(9);
      // The first press shows the form, the second sends it.
      const wanted = url.searchParams.has("expand");
      const form = wanted ? `<form method="post" action="${name}/pulls"><input type="hidden" name="branch" value="${branch}"><label>Title <input name="title" value="Create ${escape(host.proposed.get(branch).path)}"></label><button>Create pull request</button></form>` : `<form action="${name}/compare/${branch}"><input type="hidden" name="expand" value="1"><button>Create pull request</button></form>`;
      return send(200, `<h1>Comparing changes</h1>${form}`);
    }
    if (page === "/pulls" && request.method === "POST" && host.proposed.has(form.branch)) {
      host.pulls.push({ ...host.proposed.get(form.branch), title: form.title });
      return send(200, `<h1>${escape(form.title)}</h1><p>Open</p>`);
    }
    return send(404, "<h1>Not found</h1>");
  }).listen(0, "127.0.0.1");
  await new Promise((ready) => server.once("listening", ready));
  host.url = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}${name}`;
  host.close = () => { server.closeAllConnections(); server.close(); };
  return host;
}

function escape(text) {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** The editor. A textarea drops the line feed behind its tag, and no other. */
function editor(name, path, value, isThere) {
  return `<h1>${isThere ? "Edit file" : "New file"}</h1><form method="post" action="${name}/commit"><input type="hidden" name="isNew" value="${isThere ? "" : "1"}"><p><label>File name <input name="filename" size="60" value="${escape(path)}"></label><p><label>Contents<br><textarea name="value" rows="20" cols="80">\n${escape(value)}</textarea></label><p><button>Commit changes...</button></form>`;
}
