import { readFile } from 'node:fs/promises'

/** What is compiled into reports: what docs/problems.md says of each code. */
export async function reportDefines() {
  const text = await readFile('docs/problems.md', 'utf8')
  const rows = [...text.matchAll(/^\| `([A-Z0-9_]+)` \| (.*?) \|(?: (.*?) \|)?$/gm)]
  const rules = Object.fromEntries(rows.map(([, code, means, todo]) => [code, { means, todo }]))
  return { MAILCONFIG_RULES: JSON.stringify(rules) }
}
