// Where this page is. An address begins with `/` at the root of the site, whatever the base path, and is not
// percent-encoded; a file is the path at which the site has it.

/** The path of the site as it stands in an address, with a slash at both ends. */
export const base = new URL("..", import.meta.url).pathname;

/** The address of this page, or of another one. */
export function address(url = location.href) {
  const path = decoded(new URL(url, location.href).pathname).normalize("NFC");
  const root = decoded(base).normalize("NFC");
  const below = path.startsWith(root) ? `/${path.slice(root.length)}` : path;
  return below.replace(/\/index\.html$/, "/");
}

/** The file at an address. @type {(address: string) => string} */
export function file(address) {
  const path = address.slice(1);
  return path === "" || path.endsWith("/") ? `${path}index.html` : path;
}

/** The file of the site that something on this page is loaded from; nothing if it comes from elsewhere.
 * @type {(url: string) => string | undefined} */
export function fileOf(url) {
  if (!url) return undefined;
  const { origin, href } = new URL(url, location.href);
  return origin === location.origin ? file(address(href)) : undefined;
}

/** What leads to an address. @type {(address: string, fragment?: string) => string} */
export function href(address, fragment) {
  const path = address.slice(1).split("/").map(encodeURIComponent).join("/");
  return `${base}${path}${fragment ? `#${encodeURIComponent(fragment)}` : ""}`;
}

/** Something that the preview itself says of this page, as JSON.
 * @template {keyof Said} Name
 * @param {Name} name
 * @returns {Promise<Said[Name]>} */
export async function ask(name) {
  const response = await fetch(`${base}_longhouse/${name}?page=${encodeURIComponent(address())}`, { cache: "no-store" });
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return response.json();
}

/** @type {(path: string) => string} */
function decoded(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    // What is no UTF-8 is no address of ours.
    return path;
  }
}
