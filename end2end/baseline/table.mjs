// The security baseline's table: which test shows which statement, and whether it does. Reads the statements of
// docs/security-baseline.md and what the test runs left in target/baseline, prints the table, and writes it into
// docs/security.md. Called by `make baseline` and at the end of `make test`; fails where a statement does not hold.

import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const results = join(root, 'target/baseline');
const page = join(root, 'docs/security.md');

/** A statement's number and its first words, as docs/security-baseline.md has it. */
function statements() {
  const text = readFileSync(join(root, 'docs/security-baseline.md'), 'utf8');
  const items = text.split(/^- (?=B\d)/m).slice(1);
  return items.map((item) => {
    const [, number, words] = item.match(/^B(\d+)\s+([\s\S]*?)(?=\n\n|\n## |$(?![\s\S]))/);
    return { number: Number(number), words: words.replace(/\s+/g, ' ').trim() };
  });
}

/** Every number at the beginning of a test's name: `b20_b21_…`, `b20 b21 …`. */
function numbersOf(name) {
  const [prefix] = name.match(/^(b\d\d[_ ])*/);
  return [...prefix.matchAll(/b(\d\d)/g)].map(([, number]) => Number(number));
}

/** Of the lines that `cargo test` prints: `test sign_in::b05_two_tabs ... ok`. */
function rustTests() {
  const file = join(results, 'cargo.txt');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').matchAll(/^test (\S+) \.\.\. (\w+)/gm) : [];
  return [...lines].flatMap(([, path, verdict]) => {
    const name = path.split('::').find((part) => numbersOf(part).length > 0);
    const outcome = { ok: 'passed', ignored: 'skipped' }[verdict] ?? 'failed';
    return name ? [{ name: path.replace('::tests::', '::'), numbers: numbersOf(name), outcome }] : [];
  });
}

/** Of Playwright's reports; a test of two projects, without JavaScript and with it, stands here twice. */
function browserTests() {
  const reports = existsSync(results) ? readdirSync(results).filter((name) => name.endsWith('.json')) : [];
  const specs = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specs)];
  return reports.flatMap((report) => {
    const { suites } = JSON.parse(readFileSync(join(results, report), 'utf8'));
    return suites.flatMap(specs).flatMap(({ title, file, tests }) => {
      const name = `${file}: ${title.replace(/, (the browser|with JavaScript|without JavaScript)$/, '')}`;
      return tests.map(({ status }) => {
        const outcome = { expected: 'passed', skipped: 'skipped' }[status] ?? 'failed';
        return { name, numbers: numbersOf(title), outcome };
      });
    });
  });
}

const remarks = JSON.parse(readFileSync(join(import.meta.dirname, 'remarks.json'), 'utf8'));
const tests = [...rustTests(), ...browserTests()];
const rows = statements().map(({ number, words }) => {
  const own = tests.filter((test) => test.numbers.includes(number) && test.outcome !== 'skipped');
  const failed = own.filter(({ outcome }) => outcome === 'failed');
  const remark = remarks[`B${number}`];
  const verdict = own.length === 0 ? 'NO TEST' : failed.length > 0 ? 'FAILS' : 'holds';
  const names = [...new Set((failed.length > 0 ? failed : own).map(({ name }) => name))].sort();
  return { number, words, verdict, remark, names };
});

for (const { number, words, verdict, remark, names } of rows) {
  const shown = words.length > 72 ? `${words.slice(0, 71)}…` : words;
  console.log(`${`B${number}`.padEnd(4)}${verdict.padEnd(8)}${shown.padEnd(74)}${names[0] ?? ''}`);
  for (const name of names.slice(1)) console.log(`${' '.repeat(86)}${name}`);
  if (remark) console.log(`${' '.repeat(12)}not checked: ${remark}`);
}
const broken = rows.filter(({ verdict }) => verdict !== 'holds');
console.log(`security baseline: ${rows.length - broken.length} of ${rows.length} statements hold`);

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
const table = rows.map(({ number, words, verdict, remark, names }) => {
  const what = remark ? `${verdict}; not checked: ${remark}` : verdict;
  return `| B${number} | ${cell(words)} | ${cell(what)} | ${names.map((name) => `\`${cell(name)}\``).join('<br>')} |`;
});
const begin = '<!-- The table is written by `make baseline`. -->';
const end = '<!-- End of the table. -->';
const before = readFileSync(page, 'utf8');
const [head, tail] = [before.split(begin)[0], before.split(end)[1]];
if (tail === undefined) throw new Error(`${page} has no place for the table: ${begin} … ${end}`);
const head_row = '| | Statement | Verdict | Shown by |\n|---|---|---|---|';
writeFileSync(page, `${head}${begin}\n\n${head_row}\n${table.join('\n')}\n\n${end}${tail}`);
process.exitCode = broken.length === 0 ? 0 : 1;
