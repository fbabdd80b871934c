import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { lints } from '../../../src/model/lint/lints.ts'
import type { Problem } from '../../../src/model/problem.ts'
import { type Case, cases, expectedIn } from './brute-force.ts'
import { HEAD, problemsOf } from './linting.ts'

const CODES: ReadonlySet<string> = new Set(lints.map(({ code }) => code))

function textOf({ main, acme }: Case): string {
  const { providers, ...rest } = main
  const office = providers === undefined ? '' : `---\nversion: 1\naccount: office\n${stringify({ providers })}`
  const inside =
    Object.keys(acme).length === 0 ? '' : `---\nversion: 1\nsubaccount: Acme\naccount: main\n${stringify(acme)}`
  return `${HEAD}account: main\n${stringify(rest)}${office}${inside}`
}

/** The findings of lints, with their scope, which the place of the section tells. */
function found(problems: readonly Problem[], text: string): readonly string[] {
  const documents = text.split('\n---\n')
  const scopeOf = (document = 0) =>
    documents[document]?.includes('account: office') === true && document > 0
      ? 'office'
      : document > 0
        ? 'main/Acme'
        : 'main'
  return problems
    .filter(({ code }) => CODES.has(code))
    .map(({ code, message, source }) => `${code} ${scopeOf(source?.document)} ${/^(.*?): /.exec(message)?.[1]}`)
    .sort()
}

test('a lint finds something exactly where its condition holds', async () => {
  const seen = new Set<string>()
  await fc.assert(
    fc.asyncProperty(cases, async (one) => {
      const text = textOf(one)
      const problems = await problemsOf({ 'mailconfig.yaml': text })
      expect(problems.filter(({ severity }) => severity !== 'warning')).toEqual([])
      const expected = expectedIn(one)
      for (const line of expected) seen.add(line.split(' ')[0] ?? '')
      expect(found(problems, text)).toEqual(expected)
    }),
    { numRuns: 400 },
  )
  expect([...CODES].filter((code) => !seen.has(code))).toEqual([])
})

test('a comment takes away exactly what it allows', async () => {
  const key = ({ code, message, source }: Problem) => `${code} ${source?.document} ${message}`
  await fc.assert(
    fc.asyncProperty(cases, fc.nat(), async (one, choice) => {
      const lines = textOf(one).split('\n')
      const before = (await problemsOf({ 'mailconfig.yaml': lines.join('\n') })).filter(({ code }) => CODES.has(code))
      const chosen = before[choice % Math.max(before.length, 1)]
      if (chosen?.at === undefined) return
      const { line } = chosen.at
      const comment = `# mailconfig: allow ${chosen.code} because it is meant`
      const text = [...lines.slice(0, line - 1), comment, ...lines.slice(line - 1)].join('\n')
      const problems = await problemsOf({ 'mailconfig.yaml': text })
      const after = problems.filter(({ code }) => CODES.has(code)).map(key)
      const gone = before.map(key).filter((said) => !after.includes(said))
      expect(problems.map(({ code }) => code)).not.toContain('UNUSED_ALLOW')
      expect(gone).toContain(key(chosen))
      const isSame = ({ code, source }: Problem) =>
        code === chosen.code &&
        source?.document === chosen.source?.document &&
        JSON.stringify(source?.path.slice(0, 2)) === JSON.stringify(chosen.source?.path.slice(0, 2))
      expect(gone.filter((said) => !before.filter(isSame).map(key).includes(said))).toEqual([])
      expect(after.filter((said) => !before.map(key).includes(said))).toEqual([])
    }),
    { numRuns: 200 },
  )
})
