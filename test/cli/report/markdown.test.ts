import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RunRecord } from '../../../src/cli/report/content/record.ts'
import { COMMENT_SIZE, markdownReport } from '../../../src/cli/report/markdown/markdown.ts'
import type { ChangeDocument, PlanDocument } from '../../../src/model/run/plan-document.ts'
import { nodesOf } from './nodes.ts'
import { change, planOf } from './plans.ts'

function told(plan: PlanDocument | undefined, parts: Partial<RunRecord> = {}): RunRecord {
  return {
    command: 'plan',
    target: 'prod',
    problems: [],
    files: [],
    strict: false,
    ...(plan === undefined ? {} : { plan }),
    ...parts,
  }
}

function report(plan: PlanDocument | undefined, parts: Partial<RunRecord> = {}, size?: number): string {
  return markdownReport(told(plan, parts), size)
}

const gate = {
  number: 'G1',
  code: 'MANY_DELETES',
  reason: '2 of 3 smtpUsers would be deleted',
  addresses: [],
  accept: 'G1:3f9c',
  accepted: false,
}

test('a plan with nothing to do is a marker and one line', () => {
  expect(report(planOf([]))).toBe(
    '<!-- mailconfig:prod -->\n**mailconfig plan:** nothing to do. 3 objects are as the spec says.\n',
  )
})

test('says the verdict, gates, deletes, updates and creates in this order', () => {
  const text = report(
    planOf(
      [
        change({ key: 'new', action: 'create' }),
        change({ key: 'changed' }),
        change({ key: 'gone', action: 'delete', source: null, risk: { level: 'high', why: ['it is deleted'] } }),
      ],
      { gates: [gate], unmanaged: [{ address: 'smtpUsers/legacy', account: 'main', subaccount: null }] },
    ),
  )
  expect(nodesOf(text).filter((node) => node.type === 'heading').length).toBe(5)
  const places = [
    '1 to create, 1 to update, 1 to delete',
    'G1:3f9c',
    'smtpUsers/gone',
    'smtpUsers/changed',
    'smtpUsers/new',
    'smtpUsers/legacy',
  ].map((one) => text.indexOf(one))
  expect(places.every((place) => place > 0)).toBe(true)
  expect(places).toEqual([...places].sort((one, other) => one - other))
})

test('drift and risk are said', () => {
  const text = report(planOf([change({ reason: 'drift', risk: { level: 'medium', why: ['password is sent again'] } })]))
  expect(text).toContain('drift')
  expect(text).toContain('medium risk')
  expect(text).toContain('password is sent again')
})

test('a sensitive field shows no value', () => {
  const text = report(
    planOf([change({ fields: [{ path: 'password', before: 'canary-1', after: 'canary-2', sensitive: true }] })]),
  )
  expect(text).toContain('password: (sensitive)')
  expect(text).not.toContain('canary')
})

test('problems are listed with their places where there is no plan', () => {
  const problem = {
    code: 'UNKNOWN_FIELD',
    severity: 'error' as const,
    message: 'no field "statuss"',
    hint: 'did you mean "status"?',
    at: { file: 'a.yaml', line: 3, column: 5 },
  }
  const text = report(undefined, { problems: [problem] })
  expect(text).toContain('### mailconfig plan: 1 problem')
  expect(text).toContain('- `a.yaml:3:5` `UNKNOWN_FIELD` no field "statuss" · did you mean "status"?')
})

test('the report of an apply begins with what failed', () => {
  const one = { account: 'main', subaccount: null, action: 'create' as const }
  const text = report(planOf([change()]), {
    command: 'apply',
    results: [
      { ...one, address: 'smtpUsers/good', outcome: 'done' },
      { ...one, address: 'smtpUsers/bad', outcome: 'failed', error: { message: 'no' } },
    ],
  })
  expect(text).toContain('### mailconfig apply: 1 of 2 changes done, 1 failed')
  expect(text.indexOf('smtpUsers/bad')).toBeLessThan(text.indexOf('smtpUsers/good'))
})

describe('a large plan', () => {
  const many = (action: ChangeDocument['action'], number: number, length = 1) =>
    Array.from({ length: number }, (_, at) =>
      change({ kind: 'suppressions', key: `${action}-${at}-${'x'.repeat(length)}@example.org`, action }),
    )

  test('of 5,000 changes fits a comment, with every delete named', () => {
    const text = report(planOf([...many('create', 2500), ...many('update', 1500), ...many('delete', 1000)]))
    expect(text.length).toBeLessThanOrEqual(COMMENT_SIZE)
    for (let at = 0; at < 1000; at++) expect(text).toContain(`suppressions/delete-${at}-x@example.org`)
    expect(text).toMatch(/To update \(1,500\)[\s\S]*and [\d,]+ more, see the full plan/)
    expect(text).toMatch(/To create \(2,500\)[\s\S]*and [\d,]+ more, see the full plan/)
  })

  test('of 5,000 deletes counts what it cannot name', () => {
    const text = report(planOf(many('delete', 5000, 100)))
    expect(text.length).toBeLessThanOrEqual(COMMENT_SIZE)
    const named = text.match(/`suppressions\/delete-/g)?.length ?? 0
    expect(named).toBeGreaterThan(100)
    expect(text).toContain('5,000 objects of `suppressions` in `main`')
    expect(text).toContain(`and ${(5000 - named).toLocaleString('en-US')} others`)
  })

  test('of deletes in more places than fit counts all of them', () => {
    const places = Array.from({ length: 400 }, (_, at) =>
      many('delete', 10, 40).map((one) => ({ ...one, subaccount: `subaccount-${at}` })),
    )
    const text = report(planOf(places.flat()), {}, 10_000)
    expect(text.length).toBeLessThanOrEqual(10_000)
    const told = text.match(/10 objects of `suppressions` in `main\/subaccount-/g)?.length ?? 0
    expect(told).toBeGreaterThan(10)
    expect(text).toContain(`and ${(4000 - told * 10).toLocaleString('en-US')} more, see the full plan`)
  })

  test('fills the room that there is with fields', () => {
    const text = report(planOf(many('update', 1000)))
    expect(text.length).toBeGreaterThan(COMMENT_SIZE * 0.9)
    expect(text).toContain('```diff')
    expect(text).not.toContain('see the full plan')
  })

  test.each([4000, 10_000, 60_000])('never has more than %i characters, whatever is in it', (size) => {
    const word = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.constantFrom('x'.repeat(900), '`'.repeat(50), '\u202e'.repeat(200)),
    )
    const anyChange = fc.record({
      key: word,
      action: fc.constantFrom('create' as const, 'update' as const, 'delete' as const),
      why: word,
      after: word,
      subaccount: fc.option(word),
    })
    const anyPlan = fc.record({
      changes: fc.array(anyChange, { maxLength: 60 }),
      reasons: fc.array(word, { maxLength: 60 }),
      message: word,
    })
    fc.assert(
      fc.property(anyPlan, ({ changes, reasons, message }) => {
        const plan = planOf(
          changes.map(({ key, action, why, after, subaccount }) =>
            change({
              key,
              action,
              subaccount,
              risk: { level: 'high', why: [why] },
              fields: [{ path: 'description', before: null, after, sensitive: false }],
            }),
          ),
          { gates: reasons.map((reason, at) => ({ ...gate, number: `G${at}`, reason })) },
        )
        const text = report(
          plan,
          {
            error: { message, hint: message },
            problems: reasons.map((reason) => ({ code: 'BAD', severity: 'error', message: reason })),
            url: 'https://ci.example.org/1',
          },
          size,
        )
        expect(text.length).toBeLessThanOrEqual(size)
        const deletes = plan.changes.filter((one) => one.action === 'delete').length
        if (deletes > 0) expect(text).toContain(`To delete (${deletes})`)
      }),
      { numRuns: 40 },
    )
  })
})

describe('hostile names', () => {
  const HOSTILE = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '</code></summary></details>',
    '--><h1>out</h1><!--',
    '@everyone',
    '#123',
    'GH-7',
    'owner/repo#9',
    'https://evil.example/',
    'www.evil.example',
    'someone@evil.example',
    '`@you`',
    '``',
    '` `` ```',
    '| a | b |',
    '\n\n# heading\n',
    '\r\n- item',
    '[x](https://evil.example)',
    '![x](https://evil.example/i.png)',
    '*bold*',
    '_it_',
    '~~no~~',
    '\u202egnp.exe',
    '\u200b\u0000\u001b[31m',
    '$x$',
    ':smile:',
    '&lt;b&gt;',
    '\\`',
    '```\nout\n```',
    '<!--',
    '[^1]',
    '1. x',
    '--- ',
    'a\ud800b',
    '0123456789abcdef0123456789abcdef01234567',
  ]
  const piece = fc.oneof(
    fc.constantFrom(...HOSTILE),
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom(' ', '\n', '`', '<', '@a', '#1'),
  )
  const hostile = fc.array(piece, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''))
  const ALLOWED = new Set([
    'root',
    'heading',
    'paragraph',
    'text',
    'list',
    'listItem',
    'inlineCode',
    'code',
    'html',
    'strong',
  ])
  const TAGS =
    /^(?:<!-- mailconfig:[\w./,=-]* -->|<details><summary>(?:<code>[^<>]*<\/code>)?[^<>]*<\/summary>|<\/details>)(?:\n|$)/

  function wrongIn(text: string): string[] {
    return nodesOf(text).flatMap(({ type, value = '' }) => {
      if (!ALLOWED.has(type)) return [`a ${type}`]
      if (type === 'html') {
        let rest = value
        while (rest !== '' && TAGS.test(rest)) rest = rest.replace(TAGS, '')
        return rest === '' ? [] : [`html: ${rest}`]
      }
      if (type === 'text' && /@[\w-]|#\d|GH-\d|www\.|:\/\/|:smile:|\b[0-9a-f]{40}\b/.test(value))
        return [`text: ${value}`]
      return []
    })
  }

  function everywhere(name: string): string {
    const field = (before: unknown, after: unknown) => ({ path: name, before, after, sensitive: false })
    const parts = { key: name, subaccount: name, risk: { level: 'high' as const, why: [name] }, renamedFrom: name }
    const fields = [
      field(name, `${name}!`),
      field(`${name}\n1`, `${name}\n2`),
      field([name], [name, `${name}2`]),
      field(null, { [name]: name }),
    ]
    const source = { file: name, line: 1, column: 1 }
    const problem = { code: 'BAD_VALUE', severity: 'error' as const, message: name, hint: name, at: source }
    const changes = [
      change({ ...parts, fields }),
      change({ ...parts, action: 'delete', source }),
      change({ ...parts, action: 'create', fields }),
      change(),
    ]
    const plan = planOf(changes, {
      accounts: [{ name, api: 'smtp2go', url: name }],
      gates: [{ ...gate, reason: name }],
      unmanaged: [{ address: name, account: name, subaccount: name }],
      warnings: [problem],
    })
    const result = { address: name, account: name, subaccount: name, action: 'update' as const }
    return (
      report(plan, { target: name, error: { message: name, hint: name } }) +
      report(plan, {
        target: name,
        results: [
          { ...result, outcome: 'failed', error: { message: name, hint: name } },
          { ...result, outcome: 'done', note: name },
        ],
      })
    )
  }

  test.each(HOSTILE)('%j stays a name', (name) => {
    expect(wrongIn(everywhere(name))).toEqual([])
  })

  test('any mixture of them stays a name, and is on one line', () => {
    fc.assert(
      fc.property(hostile, (name) => {
        const text = everywhere(name)
        expect(wrongIn(text)).toEqual([])
        expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
      }),
      { numRuns: 150 },
    )
  })

  test('what breaks out would be found', () => {
    const text = report(planOf([change()]))
    expect(wrongIn(text)).toEqual([])
    for (const bad of ['@you', '[a](b)', '<img>', '#12', 'https://a.example', '| a |\n| - |', '> x'])
      expect(wrongIn(`${text}\n${bad}\n`)).not.toEqual([])
  })
})
