import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exporterOf, REASONS, readExported, type SuppressionReason } from '../../../src/engine/suppressions/exported.ts'
import { mergeExports } from '../../../src/engine/suppressions/merge.ts'
import { columnsOf, fileRows } from '../../../src/engine/suppressions/rows.ts'
import { StrongestReasons } from '../../../src/engine/suppressions/strongest.ts'

const row = (all: Record<string, string>) => new Map(Object.entries(all))

test.each([
  [['email', 'created'], 'sendgrid'],
  [['status', 'reason', 'email', 'created'], 'sendgrid'],
  [['address', 'code', 'error', 'createdat'], 'mailgun'],
  [['address', 'tags', 'createdat'], 'mailgun'],
  [['emailaddress', 'suppressionreason', 'origin', 'createdat'], 'postmark'],
  [['emailaddress', 'lastupdatetime', 'reason'], 'ses'],
  [['email', 'why'], 'csv'],
  [['name'], undefined],
])('columns %j are of %s', (columns, from) => {
  expect(exporterOf(columns)).toBe(from)
})

test.each([
  ['sendgrid', { email: 'a@b.example', created: '1', reason: '550', status: '5.1.1' }, 'x.csv', 'bounce'],
  ['sendgrid', { email: 'a@b.example', created: '1', ip: '192.0.2.1' }, 'x.csv', 'complaint'],
  ['sendgrid', { email: 'a@b.example', created: '1' }, 'spam_reports.csv', 'complaint'],
  ['sendgrid', { email: 'a@b.example', created: '1' }, 'list.csv', 'unsubscribe'],
  ['mailgun', { address: 'a@b.example', code: '550', error: '', createdat: '1' }, 'x.csv', 'bounce'],
  ['mailgun', { address: 'a@b.example', tags: '*', createdat: '1' }, 'x.csv', 'unsubscribe'],
  ['mailgun', { address: 'a@b.example', createdat: '1' }, 'x.csv', 'complaint'],
  ['postmark', { emailaddress: 'a@b.example', suppressionreason: 'HardBounce' }, 'x.json', 'bounce'],
  ['postmark', { emailaddress: 'a@b.example', suppressionreason: 'SpamComplaint' }, 'x.json', 'complaint'],
  [
    'postmark',
    { emailaddress: 'a@b.example', suppressionreason: 'ManualSuppression', origin: 'Recipient' },
    'x.json',
    'unsubscribe',
  ],
  [
    'postmark',
    { emailaddress: 'a@b.example', suppressionreason: 'ManualSuppression', origin: 'Customer' },
    'x.json',
    'manual',
  ],
  ['ses', { emailaddress: 'a@b.example', reason: 'COMPLAINT', lastupdatetime: '1' }, 'x.json', 'complaint'],
  ['ses', { emailaddress: 'a@b.example', reason: 'BOUNCE', lastupdatetime: '1' }, 'x.json', 'bounce'],
  ['csv', { email: 'a@b.example', reason: 'opted out' }, 'x.csv', 'unsubscribe'],
  ['csv', { email: 'a@b.example' }, 'x.csv', 'manual'],
] as const)('%s says %j in %s: %s', (from, cells, name, reason) => {
  expect(readExported(from, row(cells), name)?.reason).toBe(reason)
})

function inFolder<T>(files: Readonly<Record<string, string>>, run: (path: (name: string) => string) => T): T {
  const dir = mkdtempSync(join(tmpdir(), 'mailconfig-exports-'))
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text)
    return run((name) => join(dir, name))
  } finally {
    rmSync(dir, { recursive: true })
  }
}

describe('rows of a file', () => {
  test('are the same however long it is and wherever a quoted line break stands', () => {
    const cell = fc.stringMatching(/^[a-z ,"\n]{0,6}$/)
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 40 }), fc.nat(70_000), (rows, size) => {
        const filler = `${quoted('x'.repeat(size))},"y"`
        const text = ['a,b', filler, ...rows.map((one) => one.map(quoted).join(','))].join('\n')
        inFolder({ 'x.csv': text }, (path) => {
          expect(columnsOf(path('x.csv'))).toEqual(['a', 'b'])
          const read: string[][] = []
          for (const one of fileRows(path('x.csv'))) read.push([...one.values()])
          read.shift()
          expect(read).toEqual(rows)
        })
      }),
      { numRuns: 60 },
    )
  })
})

describe('a merge', () => {
  const address = fc.constantFrom('a@x.example', 'b@x.example', 'C@X.example', 'd@y.example', 'e@y.example')
  const rows = fc.array(fc.tuple(address, fc.constantFrom(...REASONS)), { maxLength: 20 })
  const WORD: Readonly<Record<SuppressionReason, string>> = {
    complaint: 'spam',
    unsubscribe: 'unsubscribed',
    manual: 'other',
    bounce: 'bounced',
  }

  test('adds each address once with its strongest reason, and none that the list has', () => {
    fc.assert(
      fc.property(
        rows,
        rows,
        fc.subarray(['a@x.example', 'c@x.example']),
        fc.boolean(),
        (one, two, known, keepBounces) => {
          const text = (all: typeof one) =>
            ['email,reason', ...all.map(([who, why]) => `${who},${WORD[why]}`)].join('\n')
          inFolder({ '1.csv': text(one), '2.csv': text(two) }, (path) => {
            const written: [string, string][] = []
            const files = ['1.csv', '2.csv'].map((name) => ({ path: path(name), name, from: 'csv' as const }))
            const counts = mergeExports(files, known, { keepBounces, write: (...pair) => void written.push(pair) })
            const strongest = new Map<string, number>()
            for (const [who, why] of [...one, ...two]) {
              const key = who.toLowerCase()
              strongest.set(key, Math.min(strongest.get(key) ?? 9, REASONS.indexOf(why)))
            }
            const wanted = [...strongest].filter(
              ([who, rank]) => !known.includes(who) && (keepBounces || REASONS[rank] !== 'bounce'),
            )
            expect(written.map(([who]) => who).sort()).toEqual(wanted.map(([who]) => who).sort())
            for (const [who, why] of written) {
              const word = ['Complained', 'Unsubscribed', 'Suppressed', 'Bounced'][strongest.get(who) ?? 9]
              expect(why.startsWith(`${word} (`), why).toBe(true)
            }
            expect(counts).toMatchObject({ rows: one.length + two.length, added: written.length, odd: 0 })
          })
        },
      ),
      { numRuns: 100 },
    )
  })
})

test('very many addresses are told apart', () => {
  const reasons = new StrongestReasons()
  for (let at = 0; at < 200_000; at += 1) reasons.note(`person-${at}@x.example`, at % 2 === 0 ? 'bounce' : 'manual')
  for (let at = 0; at < 200_000; at += 3) reasons.note(`person-${at}@x.example`, 'complaint')
  expect(reasons.take('nobody@x.example')).toBeUndefined()
  for (let at = 0; at < 200_000; at += 1) {
    const wanted = at % 3 === 0 ? 'complaint' : at % 2 === 0 ? 'bounce' : 'manual'
    if (reasons.take(`person-${at}@x.example`) !== wanted) throw new Error(`person-${at}`)
  }
  expect(reasons.take('person-1@x.example')).toBeUndefined() // once
})
