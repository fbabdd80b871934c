import { describe, expect, test } from 'vitest'
import { HEAD, problemsOf, said } from './linting.ts'

const user = (name: string) => `smtpUsers:\n  - username: ${name}\n    password: \${env:PASSWORD}\n`
const main = `${HEAD}account: main\n`
const sub = 'version: 1\naccount: main\nsubaccount: Acme\n'

/** What is found, with its level. */
async function levels(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const problems = await problemsOf(files)
  return problems.map(({ code, severity = 'error', at }) => `${code} ${severity} ${at?.file}`)
}

describe('lint:', () => {
  test('counts for its document, and for the subaccounts of its account', async () => {
    const files = (level: string) => ({
      'a.yaml': `${main}lint: { USER_UNLIMITED: ${level} }\n${user('first-app')}`,
      'b.yaml': sub + user('second-app'),
    })
    expect(await levels(files('off'))).toEqual([])
    expect(await levels(files('error'))).toEqual(['USER_UNLIMITED error a.yaml', 'USER_UNLIMITED error b.yaml'])
  })

  test('of a subaccount counts there alone', async () => {
    const files = {
      'a.yaml': main + user('first-app'),
      'b.yaml': `${sub}lint: { USER_UNLIMITED: off }\n${user('second-app')}`,
    }
    expect(await levels(files)).toEqual(['USER_UNLIMITED warning a.yaml'])
  })

  test('in a document without an account and without sections counts everywhere', async () => {
    const files = { 'a.yaml': main + user('first-app'), 'lints.yaml': 'version: 1\nlint: { USER_UNLIMITED: off }\n' }
    expect(await levels(files)).toEqual([])
  })

  test('is the strictest of what several documents say, in any order', async () => {
    for (const [one, other] of [
      ['off', 'error'],
      ['error', 'off'],
    ]) {
      const a = `${main}lint: { USER_UNLIMITED: ${one} }\n${user('first-app')}`
      const b = `${sub}lint: { USER_UNLIMITED: ${other} }\n${user('second-app')}`
      expect((await levels({ 'a.yaml': a, 'b.yaml': b })).at(-1)).toBe('USER_UNLIMITED error b.yaml')
    }
  })

  test('refuses codes and levels that it does not have', async () => {
    const text = `${main}lint: { USER_UNLIMTED: off, KEY_UNLIMITED: none }\n`
    expect(await problemsOf({ 'a.yaml': text })).toMatchObject([
      { code: 'UNKNOWN_FIELD', hint: 'did you mean "USER_UNLIMITED"?' },
      { code: 'BAD_VALUE', message: expect.stringContaining('off, warning, error') },
    ])
  })

  test('says nothing while the spec has other problems', async () => {
    expect(
      said(await problemsOf({ 'a.yaml': `${main}lint: { USER_UNLIMITED: error }\n${user('short')}  - {}\n` })),
    ).toEqual(['MISSING_FIELD a.yaml:10:5'])
  })
})
