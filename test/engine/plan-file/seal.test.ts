import { describe, expect, test } from 'vitest'
import { markWith, objectMarks, secretMarks, touchedBy } from '../../../src/engine/plan-file/marks.ts'
import { openSavedText, sealed } from '../../../src/engine/plan-file/seal.ts'
import { staleness } from '../../../src/engine/plan-file/staleness.ts'
import { isRecord } from '../../../src/model/json.ts'
import { string, type Values } from '../../../src/model/kind/field.ts'
import { defineKind } from '../../../src/model/kind/kind.ts'
import type { Change } from '../../../src/model/run/change.ts'
import type { ChangeDocument, PlanDocument } from '../../../src/model/run/plan-document.ts'
import type { SavedPart } from '../../../src/model/run/plan-file.ts'
import { Secret } from '../../../src/model/secret.ts'
import { lamp } from '../toy.ts'

const SALT = '00112233445566778899aabbccddeeff'
const mark = markWith(new Secret('the credential'), SALT, 'account home')

function changed(name: string, more: Partial<ChangeDocument> = {}): ChangeDocument {
  return {
    address: `lamps/${name}`,
    account: 'home',
    subaccount: null,
    kind: 'lamps',
    key: name,
    action: 'update',
    reason: 'unknown',
    fields: [{ path: 'on', before: false, after: true, sensitive: false }],
    source: { file: 'toy.yaml', line: 1, column: 1 },
    risk: { level: 'low', why: [] },
    calls: 1,
    ...more,
  }
}

function planOf(...changes: readonly ChangeDocument[]): PlanDocument {
  return {
    formatVersion: '1.0',
    mailconfig: '1.2.3',
    specHash: 'sha256:0',
    accounts: [{ name: 'home', api: 'smtp2go', url: 'https://example.com' }],
    changes,
    unmanaged: [{ address: 'lamps/loose', account: 'home', subaccount: null }],
    summary: { create: 0, update: changes.length, delete: 0, noop: 0, unmanaged: 1, calls: 1 },
    gates: [{ number: 'G1', code: 'DARK', reason: 'it is dark', addresses: [], accept: 'G1:1234', accepted: true }],
    warnings: [{ code: 'W', severity: 'warning', message: 'mind the lamp', at: { file: 'a', line: 1, column: 1 } }],
  }
}

const SAVED: Omit<SavedPart, 'checksum' | 'seal'> = {
  id: 'one',
  at: '2026-01-31T12:00:00.000Z',
  mode: 'apply',
  files: ['toy.yaml'],
  specFiles: { 'toy.yaml': 'sha256:0' },
  account: ['home'],
  only: ['lamps/*'],
  exclude: ['lamps/x'],
  varFiles: ['vars.yaml'],
  accept: ['G1:1234'],
  seconds: 0.2,
  keyedBy: 'credential',
  salt: SALT,
  bound: [{ account: 'home', api: 'smtp2go', url: 'https://example.com', mark: mark('account') }],
  vars: { colour: mark('red') },
  secrets: { 'home:lamps/desk code': mark('1234') },
  objects: { 'home:lamps/desk': { on: mark('false') }, 'home:lamps/new': null },
}
const DOCUMENT = sealed(planOf(changed('desk', { renamedFrom: 'old', verb: 'reopen' })), SAVED, mark)

/** Every member of a JSON value, with a way to take it out. */
function cuts(value: unknown, path = ''): { readonly path: string; readonly take: () => void }[] {
  if (Array.isArray(value)) return value.flatMap((item, at) => cuts(item, `${path}[${at}]`))
  if (!isRecord(value)) return []
  return Object.keys(value).flatMap((name) => [
    { path: `${path}.${name}`, take: () => Reflect.deleteProperty(value, name) },
    ...cuts(value[name], `${path}.${name}`),
  ])
}

describe('the text of a saved plan', () => {
  test('is opened as it was saved, whatever its white space and order', () => {
    const turned = Object.fromEntries(Object.entries(DOCUMENT).reverse())
    for (const text of [JSON.stringify(DOCUMENT), JSON.stringify(turned, null, 4)])
      expect(openSavedText(text)).toEqual({ ok: true, document: DOCUMENT, intact: true })
  })

  test('without any one of its members is no plan, or not the one that was saved', () => {
    const count = cuts(structuredClone(DOCUMENT)).length
    expect(count).toBeGreaterThan(70)
    for (let at = 0; at < count; at++) {
      const copy = structuredClone(DOCUMENT)
      const cut = cuts(copy)[at]
      cut?.take()
      const opened = openSavedText(JSON.stringify(copy))
      const isSeal = cut?.path === '.saved.seal'
      expect({ path: cut?.path, sound: opened.ok && opened.intact }).toEqual({ path: cut?.path, sound: false })
      if (isSeal) expect(opened.ok).toBe(false)
    }
  })

  test('has another seal with another key', () => {
    const other = markWith(new Secret('another credential'), SALT, 'account home')
    expect(sealed(planOf(changed('desk')), SAVED, other).saved.seal).not.toBe(
      sealed(planOf(changed('desk')), SAVED, mark).saved.seal,
    )
  })
})

describe('a mark', () => {
  test('depends on the secret, the salt and the purpose, and holds nothing of the text', () => {
    const marks = [
      mark,
      markWith(new Secret('the credential2'), SALT, 'account home'),
      markWith(new Secret('the credential'), `${SALT}0`, 'account home'),
      markWith(new Secret('the credential'), SALT, 'account away'),
    ].map((one) => one('a'))
    expect(new Set(marks).size).toBe(4)
    expect(marks.every((one) => /^[0-9a-f]{32}$/.test(one))).toBe(true)
    expect(mark('a')).toBe(mark('a'))
  })

  const updated = (live: Values, desired: Values = {}, kind: Change['kind'] = lamp): Change => ({
    action: 'update',
    kind,
    scope: { account: 'home', subaccount: null },
    key: 'desk',
    address: 'lamps/desk',
    desired: {
      kind,
      scope: { account: 'home', subaccount: null },
      key: 'desk',
      address: 'lamps/desk',
      values: desired,
      state: 'present',
      protect: false,
      source: { file: 'toy.yaml', document: 0, path: [] },
    },
    live: { key: 'desk', id: '1', values: live, dormant: false },
    fields: [],
  })

  test('of an object is that of its values, and not of their order or case where that means nothing', () => {
    const one = objectMarks(updated({ switches: ['a', 'b'], glow: { level: 1, hue: 'Red' } }), mark)
    expect(objectMarks(updated({ switches: ['b', 'a'], glow: { hue: 'red', level: 1 } }), mark)).toEqual(one)
    const other = objectMarks(updated({ switches: ['a'], glow: { level: 1, hue: 'red' } }), mark)
    expect(Object.keys(one ?? {}).filter((name) => one?.[name] !== other?.[name])).toEqual(['switches'])
  })

  test('of an object leaves out counters and what is only shown sometimes', () => {
    const kind = defineKind({
      ...lamp,
      fields: {
        ...lamp.fields,
        hours: string('How long.', { computed: true, changesWith: [] }),
        dust: string('Sometimes.', { unreadable: 'sometimes' }),
        glow: { ...lamp.fields.glow, fields: { hue: string('Sometimes.', { unreadable: 'sometimes' }) } },
      },
    })
    const one = objectMarks(updated({ on: true, hours: '1', dust: 'a', glow: { hue: 'a' } }, {}, kind), mark)
    expect(objectMarks(updated({ on: true, hours: '2', glow: { hue: 'b' } }, {}, kind), mark)).toEqual(one)
  })

  test('is made of every secret of a touched object, at any depth', () => {
    const desired = { code: new Secret('1'), glow: { inner: new Secret('2'), level: 3 } }
    const marks = secretMarks(touchedBy([updated({}, desired)]), () => mark)
    expect(Object.keys(marks)).toEqual(['home:lamps/desk code', 'home:lamps/desk glow.inner'])
    expect(new Set(Object.values(marks)).size).toBe(2)
  })
})

describe('a plan made again', () => {
  const again = (...changes: readonly ChangeDocument[]) => ({
    plan: planOf(...changes),
    objects: { 'home:lamps/desk': { on: mark('false') } },
    secrets: SAVED.secrets,
  })
  const now = changed('desk', { renamedFrom: 'old', verb: 'reopen' })

  test('is the same with other lines, reasons, risks, warnings and gates', () => {
    const moved = { ...now, source: null, reason: 'drift' as const, risk: { level: 'high' as const, why: ['x'] } }
    const plan = { ...again(moved).plan, warnings: [], gates: [] }
    expect(staleness(DOCUMENT, { ...again(), plan })).toEqual([])
  })

  test.each([
    [{ ...now, fields: [{ path: 'on', before: false, after: null, sensitive: false }] }, 'by the spec: on'],
    [{ ...now, calls: 2 }, 'in another way'],
    [{ ...now, verb: 'close' }, 'in another way'],
    [{ ...now, renamedFrom: 'older' }, 'in another way'],
    [{ ...now, action: 'delete' as const }, 'was to be updated, and would be deleted now'],
  ])('differs by %o', (change, words) => {
    const found = staleness(DOCUMENT, again(change))
    expect(found.map(({ code }) => code)).toEqual(['STALE_OBJECT'])
    expect(found[0]?.message).toContain(words)
  })

  test('names what it finds, and counts the rest', () => {
    const many = Array.from({ length: 70 }, (_, at) => changed(`lamp-${at}`, { action: 'create' }))
    const found = staleness(DOCUMENT, again(now, ...many))
    expect(found).toHaveLength(51)
    expect(found.at(-1)?.message).toBe('and 20 more')
  })

  test('shows no value of a secret', () => {
    const secret = { path: 'code', before: 'canary-before', after: 'canary-after', sensitive: true }
    const document = sealed(planOf(changed('desk', { fields: [secret] })), SAVED, mark)
    const made = { ...again(changed('desk', { fields: [{ ...secret, before: 'canary-now' }] })), objects: {} }
    expect(JSON.stringify(staleness(document, made))).not.toContain('canary')
  })
})
