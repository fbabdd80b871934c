import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { kinds } from '../../../src/apis/index.ts'
import { format } from '../../../src/engine/format/format.ts'
import { load } from '../../../src/engine/load.ts'
import { openWorld, specOf, type World } from '../../apis/kinds/world.ts'
import { account, provider, put } from '../account.ts'
import { loading } from '../loading.ts'
import { commentsOf, restyled, tape } from '../restyle.ts'

async function formatted(text: string): Promise<string> {
  const found = await format({ name: 'mailconfig.yaml', path: '/x/mailconfig.yaml', root: '/x', text }, kinds)
  if (found.ok) return found.text
  throw new Error(`not formatted: ${JSON.stringify(found.problems)}\n${text}`)
}

describe('format', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())

  it('changes no meaning and no comment, is done after one time, and leaves an export as it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        account,
        fc.array(provider, { maxLength: 3 }),
        fc.array(fc.nat(1000), { minLength: 31, maxLength: 67 }),
        async (scope, providers, numbers) => {
          put(world.emulator, scope, providers)
          const exported = await world.exported()
          expect(await formatted(exported)).toBe(exported)
          const text = restyled(exported, tape(numbers))
          const once = await formatted(text)
          expect(await formatted(once)).toBe(once)
          expect(commentsOf(once)).toEqual(commentsOf(text))
          expect(await objectsOf(once)).toEqual(await objectsOf(text))
        },
      ),
      { numRuns: Number(process.env['MAILCONFIG_RUNS'] ?? 60) },
    )
  }, 7_200_000)

  async function objectsOf(text: string) {
    writeFileSync(join(world.folder, 'mailconfig.yaml'), text)
    const { objects, scopes } = specOf(await load(loading(world)))
    const plain = objects.map(({ kind, scope, key, values, state }) => ({ kind: kind.name, scope, key, values, state }))
    return { objects: new Set(plain.map((one) => JSON.stringify(one, sortKeys))), scopes: scopes.length }
  }
})

function sortKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

test('keys go into their order, with what is written about them', async () => {
  const text = `# yaml-language-server: $schema=./mailconfig.schema.json
version: 1

# who gets what
webhooks:
  - events: [ spam,bounce ] # which
    # where to
    url: 'https://hooks.example.com/mail'
    later: 1
smtpUsers:
    # billing
    - status:   "sandbox"   # for now
      username:   "billing-app"  # its login
      state: present

accounts: {main: {apiKey: "\${env:KEY}",   api: smtp2go}}
`
  expect(await formatted(text)).toBe(`# yaml-language-server: $schema=./mailconfig.schema.json
version: 1

accounts: { main: { api: smtp2go, apiKey: "\${env:KEY}" } }
smtpUsers:
  # billing
  - username: billing-app # its login
    status: sandbox       # for now
    state: present

# who gets what
webhooks:
  - # where to
    url: https://hooks.example.com/mail
    events: [spam, bounce] # which
    later: 1
`)
})

test.each([
  ['a word that others take for a truth', 'description: "yes"\n'],
  ['a number that is a text', 'description: "12:30"\n'],
  ['a date', "description: '2026-01-01'\n"],
  ['nothing', 'description: ""\n'],
  ['what would be a comment', 'description: "a # b"\n'],
  ['a name in braces', 'vars: { a: "{{name}}" }\n'],
])('quotes stay around %s', async (_, text) => {
  expect(await formatted(text)).toBe(text.replaceAll("'", '"'))
})

test('an anchor stays before its alias, even where the order of keys would be another one', async () => {
  const text =
    'webhooks:\n  - url: https://a.example.com\n    events: &e [bounce]\nallowedSenders:\n  entries: *e\n  mode: allow\n'
  const out = await formatted(text)
  expect(out.indexOf('&e')).toBeLessThan(out.indexOf('*e'))
})

test('brackets that hold too much, or a comment, become lines', async () => {
  const many = Array.from({ length: 12 }, (_, at) => `user-${at}@example.com`)
  const out = await formatted(`allowedSenders: { mode: allow, entries: [${many.join(', ')}] }\nvars: [a, # why\n b]\n`)
  expect(out).toBe(
    `vars:\n  - a # why\n  - b\nallowedSenders:\n  mode: allow\n  entries:\n${many.map((one) => `    - ${one}\n`).join('')}`,
  )
})

test('documents, line breaks of Windows and a text without an end are kept', async () => {
  expect(await formatted('version: 1\r\n---\r\n# two\r\nversion: 1\r\n')).toBe(
    'version: 1\r\n---\r\n# two\r\nversion: 1\r\n',
  )
  expect(await formatted('version: 1')).toBe('version: 1\n')
  expect(await formatted('')).toBe('')
  expect(await formatted('# nothing yet\n')).toBe('# nothing yet\n')
})

test('a broken file is refused, with both places of a repeated key', async () => {
  const found = await format({ name: 'a.yaml', path: '/a.yaml', root: '/', text: 'a: 1\nb: 2\na: 3\n' }, kinds)
  expect(found.ok ? [] : found.problems.map(({ code, at }) => [code, at?.line])).toEqual([['DUPLICATE_YAML_KEY', 3]])
})
