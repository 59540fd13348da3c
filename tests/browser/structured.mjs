// Holds what pages say to search engines against the types of schema.org, as schema-dts has them: a property that does
// not exist, or that takes something else, is an error of the TypeScript compiler.
//
// node structured.mjs <built site>...

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const sites = process.argv.slice(2);

/** Everything that the pages below a folder say, by page. */
function said(site) {
  const pages = readdirSync(site, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.html'));
  return pages.sort().flatMap((path) => {
    const found = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(readFileSync(join(site, path), 'utf8'));
    return found ? [[path, JSON.parse(found[1])]] : [];
  });
}

/** One of each form: what differs in texts only has the same types. */
function forms(all) {
  const form = (value) => (typeof value === 'string' && !value.startsWith('https://schema.org') ? '' : value);
  const seen = new Map(all.map((it) => [JSON.stringify(it[1], (key, value) => (key.startsWith('@') ? value : form(value))), it]));
  return [...seen.values()];
}

/** What the compiler says of some data; nothing if it has the right types. */
function complaints(all) {
  // The compiler finds the package from here only.
  const folder = mkdtempSync(join(here, 'structured-'));
  try {
    const lines = all.map(([path, data], at) => `// ${path}\nexport const page${at}: Graph = ${JSON.stringify(data)};`);
    const file = join(folder, 'data.ts');
    writeFileSync(file, `import type { Graph } from 'schema-dts';\n${lines.join('\n')}\n`);
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--ignoreConfig', '--module', 'nodenext', '--pretty', 'false', file];
    execFileSync(join(here, 'node_modules/.bin/tsc'), options, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    return '';
  } catch (error) {
    return error.stdout || String(error);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

let problems = 0;
const wrong = { '@context': 'https://schema.org', '@graph': [{ '@type': 'QAPage', mainEntity: { '@type': 'Question', answers: 3 } }] };
if (!complaints([['control', wrong]]).includes('answers')) {
  problems++;
  console.log('control: a property that does not exist is not noticed');
}
for (const site of sites) {
  const all = said(site);
  const types = all.flatMap(([, data]) => data['@graph'].map((it) => it['@type']));
  const found = complaints(forms(all));
  if (found || !types.length) {
    problems++;
    console.log(`${relative('.', site)}: ${found || 'no page says anything'}`);
  }
  const counts = [...new Set(types)].sort().map((type) => `${types.filter((it) => it === type).length} ${type}`);
  console.log(`${relative('.', site)}: ${counts.join(', ')}`);
}
console.log(`${problems} problems`);
process.exit(problems ? 1 : 0);
