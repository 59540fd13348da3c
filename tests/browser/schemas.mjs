// Holds the schemas of docs/static/schema against the meta-schema and against real files: the configuration,
// the data and all front matter of whole sites, and the examples that the schemas themselves give.
//
// node schemas.mjs <schemas> <site>...

import { Ajv } from 'ajv';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { parse } from 'yaml';

const [schemas, ...sites] = process.argv.slice(2);
// Strict: a keyword that does not exist is an error too. `doNotSuggest` is one that editors know.
const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
ajv.addVocabulary(['doNotSuggest']);

const kinds = {
  questions: 'question', 'how-tos': 'how-to', stories: 'story', ideas: 'idea',
  announcements: 'announcement', people: 'person', links: 'link', pages: 'page',
};
let wrong = 0;
let files = 0;
const validators = new Map();
for (const file of readdirSync(schemas).sort()) {
  const schema = JSON.parse(readFileSync(join(schemas, file), 'utf8'));
  validators.set(basename(file, '.json'), ajv.compile(schema));
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const values = [...(property.examples ?? []), ...('default' in property ? [property.default] : [])];
    for (const value of values) {
      // An example of one field may leave out another that it needs.
      const part = ajv.compile({ ...property });
      if (!part(value)) complain(`${file}: ${name}: ${JSON.stringify(value)}`, part.errors);
    }
  }
}

for (const site of sites) {
  check('config', join(site, 'longhouse.yaml'));
  check('search-tests', join(site, 'search-tests.yaml'));
  check('moderation', join(site, 'data/moderation.yaml'));
  check('reactions', join(site, 'data/reactions.yaml'));
  const content = join(site, 'content');
  for (const path of walk(content).filter((path) => path.endsWith('.md'))) {
    const text = readFileSync(path, 'utf8');
    const fields = /^---\n([\s\S]*?)\n---\n/.exec(text);
    if (fields) validate(schemaOf(content, path), path, fields[1]);
  }
}

refuses('config', 'titel: A');
refuses('config', 'page_size: 0');
refuses('config', 'rules: {secret: off}');
refuses('question', 'state: open');
refuses('idea', 'state: shipped');
refuses('announcement', 'severity: urgent');
refuses('link', 'type: blog');
refuses('story', 'type: blog\ndate: yesterday');

if (wrong > 0) process.exit(1);
console.log(`${validators.size} schemas, ${files} files`);

function schemaOf(content, path) {
  const own = dirname(path);
  const isReply = existsSync(`${own}.md`)
    || (existsSync(join(own, 'index.md')) && !['index.md', '_index.md'].includes(basename(path)));
  return isReply ? 'answer' : kinds[relative(content, path).split('/')[0]] ?? 'page';
}

function check(schema, path) {
  if (existsSync(path)) validate(schema, path, readFileSync(path, 'utf8'));
}

function validate(schema, path, text) {
  files += 1;
  const validator = validators.get(schema);
  if (!validator(parse(text))) complain(`${path} (${schema})`, validator.errors);
}

function refuses(schema, text) {
  if (validators.get(schema)(parse(text))) complain(`${schema} takes ${text}`, []);
}

function complain(what, errors) {
  wrong += 1;
  console.error(what);
  for (const error of errors) {
    console.error(`  ${error.instancePath || '/'} ${error.message} ${JSON.stringify(error.params)}`);
  }
}

function walk(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : [path];
  });
}
