import { afterEach, describe, expect, test } from 'vitest'
import { kinds } from '../../../src/apis/index.ts'
import { type Fate, ownershipOf, ownershipText, SITUATIONS } from '../../../src/derive/pages/ownership.ts'
import { plan } from '../../../src/engine/plan/plan.ts'
import { MODES, type Mode } from '../../../src/model/desired/document-fields.ts'
import { type Memory, NO_MEMORY } from '../../../src/model/ledger/memory.ts'
import type { LedgerEntry } from '../../../src/model/ledger/record.ts'
import { closeHomes, home, STRONG, state, writes } from '../../cli/harness.ts'
import { desired, lamp, live, scene, toys } from '../../engine/toy.ts'

afterEach(closeHomes)

interface PlanJson {
  readonly changes?: readonly { readonly address: string; readonly action: string }[]
  readonly unmanaged?: readonly { readonly address: string }[]
  readonly gates?: readonly { readonly accept: string | null }[]
}

const WORDS: Readonly<Record<string, Fate>> = { create: 'made', update: 'updated', delete: 'deleted' }

/** What a plan does to the login `it-app`. */
function fateOf({ changes, unmanaged, gates }: PlanJson): Fate {
  const isIt = ({ address }: { readonly address: string }) => address === 'smtpUsers/it-app'
  if (changes === undefined || gates?.some((gate) => gate.accept === null)) return 'refused'
  const change = changes.find(isIt)
  if (change !== undefined) return WORDS[change.action] ?? 'untouched'
  return unmanaged?.some(isIt) ? 'listed' : 'untouched'
}

interface Scene {
  /** The section, where it is not the usual one. */
  readonly body?: string
  readonly head?: string
  readonly args?: string
  /** Whether `it-app` is live. */
  readonly live: boolean
  readonly before?: (at: Awaited<ReturnType<typeof home>>) => Promise<void> | void
}

const other = '  - { username: other-app }\n'
const section = (entry: string) => `smtpUsers:\n${other}${entry}`

/** How each situation comes about; those that need a ledger are made below, without an emulator. */
const SCENES: Readonly<Record<string, Scene>> = {
  new: { live: false, body: section('  - { username: it-app, password: "${env:PASSWORD}" }\n') },
  differs: { live: true, body: section('  - { username: it-app, description: New }\n') },
  same: { live: true, body: section('  - { username: it-app, openTracking: false }\n') },
  tombstone: { live: true, body: section('  - { username: it-app, state: absent }\n') },
  protected: { live: true, body: section('  - { username: it-app, state: absent, protect: true }\n') },
  foreign: { live: true, body: section('') },
  ignored: { live: true, head: 'ignore: [smtpUsers/it-*]\n', body: section('') },
  'left out': { live: true, body: 'webhooks: []\n' },
  excluded: {
    live: true,
    body: section('  - { username: it-app, state: absent }\n'),
    args: '--exclude smtpUsers/it-app',
  },
  unread: {
    live: true,
    body: section(''),
    before: (at) => at.emulator.faults([{ match: { path: '/v3/users/smtp/view' }, fault: 'status', status: 403 }]),
  },
  emptied: { live: true, body: 'smtpUsers: []\n' },
  'account renamed': {
    live: true,
    body: section('  - { username: it-app }\n'),
    before: async (at) => {
      expect((await at.run('apply --auto-approve')).code).toBe(0)
      at.file('mailconfig.yaml', at.text('mailconfig.yaml').replace('  main:', '  production:'))
    },
  },
}

const NEEDS_LEDGER = ['ours', 'changed', 'unproven']
const rows = SITUATIONS.flatMap(({ name, fates }) => MODES.map((mode) => ({ name, mode, fate: fates[mode] })))

describe('what is deleted when, on the emulator', () => {
  const here = rows.filter(
    ({ name, mode }) => !NEEDS_LEDGER.includes(name) && !(name === 'emptied' && mode === 'owned'),
  )

  test.each(here)('$name, $mode: $fate', async ({ name, mode, fate }) => {
    const one = SCENES[name] ?? expect.fail(`no scene for "${name}"`)
    const users = [{ username: 'other-app' }, ...(one.live ? [{ username: 'it-app', description: 'Old' }] : [])]
    const at = await home({ seed: state({ smtpUsers: users }) })
    at.spec(`manage: { default: ${mode} }\n${one.head ?? ''}${one.body ?? ''}`)
    await one.before?.(at)
    const { stdout } = await at.run(`plan --format json ${one.args ?? ''}`, { env: { PASSWORD: STRONG } })
    expect(fateOf(JSON.parse(stdout) as PlanJson)).toBe(fate)
    expect(writes(at.emulator)).toEqual([])
  })
})

describe('what is deleted when, by the ledger', () => {
  const remembering = (origin: LedgerEntry['origin'], proven: boolean): Memory => ({
    ...NO_MEMORY,
    knows: () => true,
    proves: () => proven,
    entry: (_, kind, key) =>
      kind === 'lamps' && key === 'it'
        ? { subaccount: null, kind, key, id: '7', fields: {}, secrets: {}, origin, run: 'r1' }
        : undefined,
  })
  const fate = (mode: Mode, memory: Memory, empty: boolean): Fate => {
    const there = { lamps: [live(lamp, '1', { name: 'other', on: true }), live(lamp, '7', { name: 'it' })] }
    const made = scene(empty ? [] : [desired(lamp, { name: 'other' })], there, { mode })
    const found = plan(made.spec, made.live, toys, {
      accept: [],
      runnerAddresses: [],
      usesCredential: () => false,
      memory,
    })
    if (!found.ok) return 'refused'
    const { changes, unmanaged, gates } = found.plan
    if (gates.some((gate) => gate.token === undefined)) return 'refused'
    const change = changes.find((one) => one.key === 'it')
    if (change !== undefined) return WORDS[change.action] ?? 'untouched'
    return unmanaged.some((one) => one.address === 'lamps/it') ? 'listed' : 'untouched'
  }
  const memories: Readonly<Record<string, Memory>> = {
    ours: remembering('made', true),
    changed: remembering('changed', true),
    unproven: remembering('made', false),
    emptied: remembering('adopted', true),
    foreign: { ...NO_MEMORY, knows: () => true, proves: () => true },
  }

  test.each(rows.filter(({ name }) => name in memories))('$name, $mode: $fate', ({ name, mode, fate: expected }) => {
    expect(fate(mode, memories[name] ?? NO_MEMORY, name === 'emptied')).toBe(expected)
  })
})

test('every situation is made to happen', () => {
  expect(SITUATIONS.map(({ name }) => name).sort()).toEqual([...Object.keys(SCENES), ...NEEDS_LEDGER].sort())
})

describe('explain --ownership', () => {
  test('says it of every kind', async () => {
    const at = await home()
    const { stdout } = await at.run('explain --ownership')
    expect(stdout).toBe(ownershipText(kinds))
    expect(stdout.match(/^\w+$/gm)).toEqual(kinds.map((kind) => kind.name))
  })

  test('says it of one kind, as text and as JSON', async () => {
    const at = await home()
    expect((await at.run('explain --ownership webhooks')).stdout).toBe(`webhooks
  matched by       url; can be renamed with moved:
  made             when the spec names it and it is not live
  updated          when a field that the spec names differs
  deleted          on "state: absent", in every mode
    additive       nothing else
    owned          what mailconfig made or adopted, once the spec no longer names it
    authoritative  whatever the spec does not name
`)
    const json = await at.run('explain --ownership apiKeys --format json')
    const apiKeys = kinds.find((kind) => kind.name === 'apiKeys') ?? expect.fail()
    expect(JSON.parse(json.stdout)).toEqual(ownershipOf(apiKeys))
    expect(ownershipOf(apiKeys)).toMatchObject({
      matchedBy: 'description; can be renamed with moved:',
      deleted: { additive: 'nothing else' },
    })
  })

  test('wants a kind', async () => {
    const at = await home()
    const wrong = await at.run('explain --ownership webhook')
    expect(wrong.stderr).toContain('did you mean "webhooks"?')
    const deep = await at.run('explain --ownership webhooks.url')
    expect(deep.stderr).toContain('"webhooks.url" is not a kind')
    expect([wrong.code, deep.code]).toEqual([1, 1])
  })
})
