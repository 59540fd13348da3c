// Holds the reports of `check` for programs against their schemas, on real sites and on one whose files are called
// and filled so that a careless report would fall apart.
//
// node reports.mjs <longhouse> <site>...
//
// What is below of SARIF is the part of the OASIS schema that we write, each object closed: a property that the
// standard does not have, or not at that place, is an error.

import { Ajv } from 'ajv';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const [longhouse, ...sites] = process.argv.slice(2);
const text = { type: 'string' };
const filled = { type: 'string', minLength: 1 };
const count = { type: 'integer', minimum: 1 };
const object = (properties, optional = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});
const list = (items, more = {}) => ({ type: 'array', items, ...more });
const level = { enum: ['none', 'note', 'warning', 'error'] };
const message = object({ text: filled });
const place = object({ uri: { type: 'string', pattern: '^([A-Za-z0-9._~/-]|%[0-9A-F]{2})+$' }, uriBaseId: filled });
const region = object({ startLine: count, startColumn: count, endLine: count, endColumn: count });

const schemas = {
  json: list(object({
    file: filled, line: count, column: count, end_line: count, end_column: count,
    severity: { enum: ['error', 'warning'] }, rule: filled, message: filled, help: text,
    fix: { type: ['string', 'null'] },
  })),
  gitlab: list(object({
    description: filled,
    check_name: filled,
    fingerprint: filled,
    severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
    location: object({
      path: { type: 'string', minLength: 1, not: { pattern: '^(\\./|/)' } },
      lines: object({ begin: count, end: count }),
    }),
  })),
  sarif: object({
    $schema: { const: 'https://json.schemastore.org/sarif-2.1.0.json' },
    version: { const: '2.1.0' },
    runs: list(object({
      tool: object({
        driver: object({
          name: filled,
          version: filled,
          semanticVersion: { type: 'string', pattern: '^[0-9]+\\.[0-9]+\\.[0-9]+' },
          rules: list(object({
            id: filled, shortDescription: message, help: message, helpUri: filled,
            defaultConfiguration: object({ level }),
          }, ['helpUri']), { uniqueItems: true }),
        }),
      }),
      columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
      results: list(object({
        ruleId: filled,
        ruleIndex: { type: 'integer', minimum: 0 },
        level,
        message,
        locations: list(object({ physicalLocation: object({ artifactLocation: place, region }) })),
        partialFingerprints: { type: 'object', additionalProperties: filled },
        fixes: list(object({
          description: message,
          artifactChanges: list(object({
            artifactLocation: place,
            replacements: list(object({ deletedRegion: region, insertedContent: object({ text }) }), { minItems: 1 }),
          }), { minItems: 1 }),
        }), { uniqueItems: true, minItems: 1 }),
      }, ['fixes'])),
    }), { minItems: 1 }),
  }),
};

const ajv = new Ajv({ strict: true, strictRequired: false, strictTypes: false, allErrors: true });
const validators = Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, ajv.compile(schema)]));
const hostile = mkdtempSync(join(tmpdir(), 'longhouse-reports-'));
let wrong = 0;
let problems = 0;
try {
  harden(hostile);
  for (const site of [...sites, hostile, join(hostile, 'below')]) {
    const found = {};
    for (const format of ['json', 'gitlab', 'sarif', 'github']) {
      const run = spawnSync(longhouse, ['check', '--root', site, '--format', format], { encoding: 'utf8' });
      if (run.status !== 0 && run.status !== 1) complain(`${site}: ${format} ended with ${run.status}`, run.stderr);
      if (/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/u.test(run.stdout)) {
        complain(`${site}: ${format} holds characters that a terminal obeys`, '');
      }
      if (run.stdout.includes('##[') || run.stdout.includes('##vso[')) complain(`${site}: ${format} holds a command`, '');
      if (format === 'github') {
        found.github = run.stdout.split('\n').slice(0, -1);
        const form = /^::(error|warning) file=[^:,\r\n]+,line=\d+(,col=\d+,endLine=\d+,endColumn=\d+|,endLine=\d+),title=[a-z-]+::.+$/u;
        for (const line of found.github) if (!form.test(line)) complain(`${site}: github`, line);
      } else {
        if (format !== 'github' && /^\s*::/mu.test(run.stdout)) complain(`${site}: ${format} begins a line with ::`, '');
        found[format] = JSON.parse(run.stdout);
        if (!validators[format](found[format])) {
          complain(`${site}: ${format}`, JSON.stringify(validators[format].errors.slice(0, 5), null, 1));
        }
      }
    }
    const [{ results, tool }] = found.sarif.runs;
    const counts = [found.json, found.gitlab, results, found.github].map((it) => it.length);
    if (new Set(counts).size !== 1) complain(`${site}: not the same problems in each`, counts.join(', '));
    if (new Set(found.gitlab.map((it) => it.fingerprint)).size !== counts[0]) complain(`${site}: one fingerprint twice`, '');
    for (const it of results) {
      if (tool.driver.rules[it.ruleIndex].id !== it.ruleId) complain(`${site}: ${it.ruleId} is not its rule`, '');
    }
    problems += counts[0];
  }
} finally {
  rmSync(hostile, { recursive: true, force: true });
}
if (problems < 20) complain('there was next to nothing to report', '');
if (wrong > 0) process.exit(1);
console.log(`4 formats, ${sites.length + 2} sites, ${problems} problems in each`);

/** Writes a site, and one below it, as somebody would who wants to be heard by a machine. */
function harden(root) {
  const evil = ['::error file=x::owned', '::set-output name=a::b', '##[add-path]/tmp', '##vso[task.setvariable variable=a]b',
    '%0A::stop-commands::x', '\u001b]0;owned\u0007', '\u202egnp.exe', '"}],"runs":[{', '{0} [link](https://evil.example)', '](x)', '\\'];
  const write = (path, content) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  for (const at of ['', 'below/']) {
    write(`${at}longhouse.yaml`, 'base_url: https://community.example.org/\ntags: {known: [a]}\n');
    evil.forEach((it, n) => {
      const quoted = JSON.stringify(it);
      write(`${at}content/questions/q${n}.md`,
        `---\nacepted: ${quoted}\n${quoted}: x\ntags: [${quoted}]\n---\n# Why?\n\n[x](<${it}.md>)\n${it}\n![${it}](gone.png)\n`);
    });
    for (const name of ['::error::x.md', 'a\n::error::y.md', '##[error]z.md', 'a,b=c%0Ad.md', 'ä ö \u{1f600}.md', 'esc\u001b[31m.md']) {
      write(`${at}content/questions/${name}`, '# Why?\n\n[x](gone.md)\n');
    }
  }
  execFileSync('git', ['init', '--quiet', root]);
  execFileSync('git', ['-C', root, 'add', '--all']);
  execFileSync('git', ['-C', root, '-c', 'user.name=a', '-c', 'user.email=a@example.org', 'commit', '--quiet', '-m', 'a']);
}

function complain(what, why) {
  wrong += 1;
  console.error(`${what}\n  ${String(why).slice(0, 2000)}`);
}
