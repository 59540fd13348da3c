// What Netlify's own parsers make of a `_headers` and a `_redirects` file.
//
//   node tests/hosts/netlify.mjs HEADERS REDIRECTS ADDRESS…
//
// Prints JSON: the headers of each address, the redirects, and the parsers' complaints.

import { parseAllHeaders } from "@netlify/headers-parser";
import { parseAllRedirects } from "@netlify/redirect-parser";

const [headersFile, redirectsFile, ...addresses] = process.argv.slice(2);
const { headers, errors } = await parseAllHeaders({ headersFiles: [headersFile], minimal: false });
const parsed = await parseAllRedirects({ redirectsFiles: [redirectsFile], minimal: true });

const of = (address) =>
  Object.assign({}, ...headers.filter(({ forRegExp }) => forRegExp.test(address)).map(({ values }) => values));
console.log(
  JSON.stringify({
    headers: Object.fromEntries(addresses.map((address) => [address, of(address)])),
    redirects: parsed.redirects,
    errors: [...errors, ...parsed.errors].map(String),
  }),
);
