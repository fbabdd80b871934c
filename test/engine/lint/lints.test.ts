import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { lints } from '../../../src/model/lint/lints.ts'
import { FIXED } from './fixtures.ts'
import { HEAD, problemsOf, said, specOf } from './linting.ts'

/** Files that the examples name. */
const beside = { 'templates/large.html': `<p>${'x'.repeat(102 * 1024)}</p>` }

/** A text with a line before the one with this number. */
function withLine(text: string, number: number, line: string): string {
  const lines = text.split('\n')
  const indent = /^ */.exec(lines[number - 1] ?? '')?.[0] ?? ''
  return [...lines.slice(0, number - 1), indent + line, ...lines.slice(number - 1)].join('\n')
}

describe.each(lints)('$code', ({ code, severity, fix, example }) => {
  const bad = { ...specOf(example), ...beside }

  test('is found once in its example, and nothing else is', async () => {
    const problems = await problemsOf(bad)
    expect(problems.map((one) => [one.code, one.severity ?? 'error'])).toEqual([[code, severity]])
    expect(problems[0]).toMatchObject({ hint: fix, at: { file: 'mailconfig.yaml' } })
  })

  test('is not found where its advice was followed', async () => {
    expect(said(await problemsOf(specOf(FIXED[code])))).toEqual([])
  })

  test('is allowed by a comment above its line, and by one behind it', async () => {
    const [found] = await problemsOf(bad)
    const line = found?.at?.line ?? 0
    const comment = `# mailconfig: allow ${code} because a test wants it`
    const above = withLine(HEAD + example, line, comment)
    const behind = (HEAD + example)
      .split('\n')
      .map((text, at) => (at + 1 === line ? `${text} ${comment}` : text))
      .join('\n')
    for (const text of [above, behind])
      expect(said(await problemsOf({ ...beside, 'mailconfig.yaml': text }))).toEqual([])
  })

  test('can be switched off, and made an error', async () => {
    const level = (word: string) => ({ ...beside, ...specOf(`lint: { ${code}: ${word} }\n${example}`) })
    expect(said(await problemsOf(level('off')))).toEqual([])
    expect((await problemsOf(level('error'))).map((one) => [one.code, one.severity])).toEqual([[code, undefined]])
    expect((await problemsOf(level('error'), 'errors')).map((one) => one.code)).toEqual([code])
    expect(said(await problemsOf(level('warning'), 'errors'))).toEqual([])
  })
})

test('docs/problems.md has the words of each lint', () => {
  const page = new Set(readFileSync('docs/problems.md', 'utf8').split('\n'))
  const rows = lints.map(({ code, says, fix }) => `| \`${code}\` | ${says} | ${fix} |`)
  expect(rows.filter((row) => !page.has(row))).toEqual([])
})

test('no lint is looked for where nobody asks', async () => {
  const all = { ...beside, ...specOf(lints.map(({ example }) => example)[0] ?? '') }
  expect(said(await problemsOf(all, 'errors'))).toEqual([])
})
