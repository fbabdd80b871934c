import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { apis, kinds } from '../../src/apis/index.ts'
import { specSchema } from '../../src/derive/schema/spec.ts'
import { compileValidator } from '../../src/derive/schema/validator.ts'
import { load } from '../../src/engine/load.ts'
import { formatAddress } from '../../src/model/address.ts'
import { isIgnored } from '../../src/model/desired/ignored.ts'
import type { Spec } from '../../src/model/desired/spec.ts'
import { canonicalText } from '../../src/model/value/canonical.ts'

const cwd = mkdtempSync(join(tmpdir(), 'mailconfig-rules-'))
afterAll(() => rmSync(cwd, { recursive: true }))
const validate = compileValidator(specSchema(kinds))
const RUNS = Number(process.env['MAILCONFIG_RUNS'] ?? 300)

/** Reads texts as the files of a spec, in this order. */
async function read(files: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text)
  return await load({
    paths: Object.keys(files),
    cwd,
    kinds,
    validate,
    env: { KEY: 'api-0123456789abcdef0123456789abcdef', PW: 'Correct-Horse-7!' },
    apis,
  })
}

const ACCOUNTS = {
  main: { api: 'smtp2go', apiKey: '${env:KEY}' },
  other: { api: 'smtp2go', region: 'eu', apiKey: '${env:KEY}' },
}
const modes = fc.constantFrom('additive', 'owned', 'authoritative')
const users = fc.subarray(['first-app', 'second-app', 'third.status', 'fourth#x'.replace('#x', '-x')])
const document = fc.record(
  {
    account: fc.constantFrom('main', 'other'),
    manage: fc.record({ default: modes, smtpUsers: modes, suppressions: modes }, { requiredKeys: [] }),
    ignore: fc.subarray([
      'smtpUsers/legacy-*',
      'smtpUsers/third.status',
      'suppressions/A@Example.org',
      'webhooks/*.events',
    ]),
    smtpUsers: users.map((names) => names.map((username) => ({ username, password: '${env:PW}' }))),
    suppressions: fc.subarray(['a@example.org', 'B@example.org', 'bücher.example']),
    overlay: fc.constant(true),
    vars: fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('1', '2')),
  },
  { requiredKeys: ['account'] },
)

/** What a spec comes to, without the order and the places of anything. */
function essence({ objects, scopes }: Pick<Spec, 'objects' | 'scopes'>) {
  return {
    objects: objects.map(({ scope, address, values, state }) => JSON.stringify([scope, address, values, state])).sort(),
    scopes: scopes
      .map(({ scope, sections, ignore }) =>
        JSON.stringify([
          scope,
          [...sections].map(([name, { mode, allowEmpty }]) => [name, mode, allowEmpty]).sort(),
          ignore.map(({ kind, key, field }) => JSON.stringify([kind, key, field])).sort(),
        ]),
      )
      .sort(),
  }
}

test(`a spec of several files means the same in every order (${RUNS} specs)`, async () => {
  const count = { sound: 0, broken: 0 }
  await fc.assert(
    fc.asyncProperty(fc.array(document, { minLength: 2, maxLength: 4 }), fc.nat(), async (documents, turn) => {
      const files = documents.map(
        (one, at) =>
          [
            `${'abcd'[at]}.yaml`,
            JSON.stringify({ version: 1, ...(at === 0 ? { accounts: ACCOUNTS } : {}), ...one }),
          ] as const,
      )
      const other = files
        .map((_, at) => files[(at * (files.length === 3 ? 2 : 3) + turn) % files.length] ?? files[0])
        .filter((one) => one !== undefined)
      const [one, two] = [await read(Object.fromEntries(files)), await read(Object.fromEntries(other))]
      expect(two.ok).toBe(one.ok)
      if (one.ok && two.ok) {
        count.sound += 1
        expect(essence(two.spec)).toEqual(essence(one.spec))
      } else if (!one.ok && !two.ok) {
        count.broken += 1
        expect([...new Set(two.problems.map(({ code }) => code))].sort()).toEqual(
          [...new Set(one.problems.map(({ code }) => code))].sort(),
        )
      }
    }),
    { numRuns: RUNS },
  )
  for (const times of Object.values(count)) expect(times).toBeGreaterThan(RUNS / 50)
})

describe('a rule', () => {
  const keys = {
    smtpUsers: fc.stringMatching(/^[A-Za-z0-9._@-]{5,20}$/),
    senderDomains: fc.domain(),
    suppressions: fc.emailAddress(),
    webhooks: fc.webUrl({ withQueryParameters: true }),
  }
  const FORMATS = { smtpUsers: 'period', senderDomains: 'domain', suppressions: 'sender', webhooks: 'url' } as const
  const one = fc.constantFrom<keyof typeof keys>('smtpUsers', 'senderDomains', 'suppressions', 'webhooks')
  const rulesOf = async (rule: string) => {
    const section = rule.split('/')[0] ?? ''
    const loaded = await read({
      'a.yaml': JSON.stringify({ version: 1, accounts: ACCOUNTS, account: 'main', ignore: [rule], [section]: [] }),
    })
    return loaded.ok ? (loaded.spec.scopes[0]?.ignore ?? []) : []
  }

  test('that is the address of an object means that object: print, then parse, gives it back', async () => {
    await fc.assert(
      fc.asyncProperty(
        one.chain((kind) => fc.tuple(fc.constant(kind), keys[kind], keys[kind])),
        async ([kind, key, another]) => {
          fc.pre(!/[*$]/.test(key + another) && key.toLowerCase() !== another.toLowerCase())
          const rules = await rulesOf(formatAddress(kind, key))
          const [live, other] = [key, another].map((text) => canonicalText(FORMATS[kind], text) ?? text)
          fc.pre(live?.toLowerCase() !== other?.toLowerCase())
          expect(isIgnored(rules, kind, live ?? '')).toBe(true)
          expect(isIgnored(rules, 'templates', live ?? '')).toBe(false)
          // It may protect a field of another object, and never another object.
          expect(isIgnored(rules, kind, other ?? '')).toBe(false)
        },
      ),
      { numRuns: RUNS },
    )
  })

  test.each([
    ['senderDomains/BÜCHER.example', 'senderDomains', 'xn--bcher-kva.example'],
    ['senderDomains/Example.COM.', 'senderDomains', 'example.com'],
    ['webhooks/https://H.example:443', 'webhooks', 'https://h.example/'],
    ['suppressions/A@Bücher.example', 'suppressions', 'a@xn--bcher-kva.example'],
    ['senderDomains/*.BÜCHER.example', 'senderDomains', 'mail.xn--bcher-kva.example'],
  ])('in another spelling means the same: %s', async (rule, kind, key) => {
    expect(isIgnored(await rulesOf(rule), kind, key)).toBe(true)
  })
})
