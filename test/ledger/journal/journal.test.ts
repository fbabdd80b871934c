import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Fault, FaultName } from '../../../src/apis/emulator.ts'
import { openFile } from '../../../src/ledger/stores/file.ts'
import { LedgerError, type Store } from '../../../src/ledger/stores/store.ts'
import { CANARIES, planOf } from '../../apis/kinds/world.ts'
import { linesOf, openPast, type Past, warned } from '../past.ts'

const password = '${env:BILLING_PASSWORD}'
const owned = { manage: { default: 'owned' } }
const users = (...names: string[]) => names.map((username) => ({ username, password }))
const hook = (name: string, more: Readonly<Record<string, unknown>> = {}) => ({
  url: `https://hooks.example.com/${name}`,
  events: ['bounce'],
  ...more,
})
const refusal = { request_id: 'r', data: { error: 'no', error_code: 'E_ApiResponseCodes.API_EXCEPTION' } }

describe('the journal', () => {
  let past: Past
  beforeEach(async () => {
    past = await openPast()
  })
  afterEach(() => past.close())
  const writes = () => past.world.emulator.requests().filter((request) => request.writes)
  /** A store that fails on its n-th write, and after it. */
  const failing = (nth: number, code = 'LEDGER_NOT_WRITTEN'): Store => {
    const real = openFile(past.path, { cwd: past.world.folder, now: () => new Date() })
    let count = 0
    return {
      ...real,
      write: async (...args) => {
        count += 1
        if (count >= nth) throw new LedgerError(code, 'the disk is full')
        return await real.write(...args)
      },
    }
  }

  it('has what was done, by whom, and what was there before', async () => {
    const first = await past.apply({ smtpUsers: users('billing-app'), webhooks: [hook('a')] })
    await past.apply({
      smtpUsers: [{ username: 'billing-app', description: 'Bills', openTracking: true }],
      webhooks: [{ ...hook('a'), state: 'absent' }],
    })
    const { history, entries, serial } = past.record()
    expect(history).toMatchObject([
      {
        id: first.run,
        command: 'apply',
        by: 'ada@build-7',
        state: 'done',
        changes: [
          { address: 'smtpUsers/billing-app', action: 'create', outcome: 'done', secrets: { password: /^v1\./ } },
          { address: 'webhooks/https://hooks.example.com/a', action: 'create', outcome: 'done' },
        ].map((change) => ({
          ...change,
          ...('secrets' in change ? { secrets: { password: expect.stringMatching(/^v1\./) } } : {}),
        })),
      },
      {
        state: 'done',
        changes: [
          {
            address: 'smtpUsers/billing-app',
            before: { description: '', openTracking: false },
            after: { description: 'Bills', openTracking: true },
          },
          { action: 'delete', before: { url: 'https://hooks.example.com/a', events: ['bounce'] } },
        ],
      },
    ])
    expect(Object.keys(entries)).toEqual(['smtpUsers/billing-app'])
    expect(entries['smtpUsers/billing-app']).toMatchObject({ origin: 'made', fields: { description: 'Bills' } })
    expect(serial).toBe(4)
  })

  it('says which changes failed and which were not tried, and holds what was made all the same', async () => {
    past.world.emulator.faults([
      { match: { path: '/v3/users/smtp/add', nth: 1 }, fault: 'status', status: 422, body: refusal },
    ])
    await past.apply({
      smtpUsers: users('billing-app'),
      webhooks: [hook('a', { usernames: ['billing-app'] }), hook('b')],
    })
    const [run] = past.record().history
    expect(run?.state).toBe('partial')
    expect(run?.changes.map(({ address, outcome }) => [address, outcome])).toEqual([
      ['smtpUsers/billing-app', 'failed'],
      ['webhooks/https://hooks.example.com/a', 'skipped'],
      ['webhooks/https://hooks.example.com/b', 'done'],
    ])
    expect(Object.keys(past.record().entries)).toEqual(['webhooks/https://hooks.example.com/b'])
  })

  it('is corrected by what was read back', async () => {
    await past.apply({ smtpUsers: [...users('billing-app')] })
    past.world.emulator.faults([
      { match: { path: '/v3/users/smtp/edit' }, fault: 'status', status: 200, body: { request_id: 'r', data: [{}] } },
    ])
    const spec = { smtpUsers: [{ username: 'billing-app', description: 'New' }] }
    const { results } = await past.apply(spec)
    expect(results).toMatchObject([{ error: { code: 'DID_NOT_STICK' } }])
    expect(past.record().history.at(-1)?.changes).toMatchObject([{ outcome: 'unknown' }])
    expect(past.record().entries['smtpUsers/billing-app']?.fields).not.toHaveProperty('description')
    expect(linesOf(await past.plan(spec))).toEqual(['update smtpUsers/billing-app spec'])
  })

  it('applies nothing that it could not announce', async () => {
    await expect(past.apply({ smtpUsers: users('billing-app') }, { store: failing(1) })).rejects.toMatchObject({
      code: 'LEDGER_NOT_WRITTEN',
    })
    expect(writes()).toEqual([])
  })

  it('announces before the first call', async () => {
    const seen: number[] = []
    const real = openFile(past.path, { cwd: past.world.folder, now: () => new Date() })
    const store: Store = {
      ...real,
      write: async (...args) => {
        seen.push(writes().length)
        return await real.write(...args)
      },
    }
    await past.apply({ smtpUsers: users('billing-app') }, { store })
    expect(seen).toEqual([0, 1])
  })

  it('that cannot be written any more stops the run, and what was announced is looked at next time', async () => {
    const names = Array.from({ length: 12 }, (_, at) => `user-${at}`)
    past.world.emulator.faults([{ match: { path: '/v3/users/smtp/add' }, fault: 'latency', ms: 500 }])
    const spec = { ...owned, smtpUsers: users(...names) }
    const { results, failure } = await past.apply(spec, { store: failing(2) })
    expect(failure).toMatchObject({ code: 'LEDGER_NOT_WRITTEN', message: expect.stringContaining('the disk is full') })
    const done = results.filter(({ outcome }) => outcome === 'done').length
    expect(done).toBeGreaterThan(0)
    expect(results.filter(({ outcome }) => outcome === 'skipped')).toMatchObject(
      Array.from({ length: 12 - done }, () => ({ error: { message: expect.stringContaining('ledger') } })),
    )
    const planned = await past.plan(spec)
    expect(warned(planned)).toEqual(['RUN_INTERRUPTED'])
    expect(planOf(planned).warnings[0]?.message).toContain(`${done} are made, ${12 - done} are not`)
    await past.apply(spec)
    expect(Object.keys(past.record().entries).length).toBe(12)
    expect(warned(await past.plan(spec))).toEqual([])
  })

  it('goes on with its own record where only the answer of a write was lost', async () => {
    const real = openFile(past.path, { cwd: past.world.folder, now: () => new Date() })
    let count = 0
    const store: Store = {
      ...real,
      write: async (...args) => {
        const tag = await real.write(...args)
        count += 1
        if (count === 2) throw new LedgerError('LEDGER_UNREACHABLE', 'the answer was lost')
        return tag
      },
    }
    past.world.emulator.faults([{ match: { path: '/v3/users/smtp/add' }, fault: 'latency', ms: 300 }])
    const spec = { smtpUsers: users(...Array.from({ length: 24 }, (_, at) => `user-${at}`)) }
    const { results, failure } = await past.apply(spec, { store })
    expect(failure).toBe(undefined)
    const done = results.filter(({ outcome }) => outcome === 'done').length
    expect([done > 0, done < 24]).toEqual([true, true])
    expect(Object.keys(past.record().entries).length).toBe(done)
    expect(past.record().history).toMatchObject([{ state: 'partial' }])
  })

  it('does not write over what somebody else has written', async () => {
    const { store, change } = changing(past)
    const { results, failure } = await past.apply({ smtpUsers: users('billing-app') }, { store })
    expect(results).toMatchObject([{ outcome: 'done' }])
    expect(failure).toMatchObject({ code: 'LEDGER_CHANGED' })
    expect(past.text()).toBe(change())
  })

  it('writes seldom, however much is done', async () => {
    let count = 0
    const real = openFile(past.path, { cwd: past.world.folder, now: () => new Date() })
    const store: Store = {
      ...real,
      write: async (...args) => {
        count += 1
        return await real.write(...args)
      },
    }
    await past.apply({ smtpUsers: users(...Array.from({ length: 60 }, (_, at) => `user-${at}`)) }, { store })
    expect(count).toBeLessThan(30)
    expect(Object.keys(past.record().entries).length).toBe(60)
  })

  it('is no run at all where nothing is to be done', async () => {
    await past.apply({ smtpUsers: users('billing-app') })
    const before = past.text()
    await past.apply({ smtpUsers: users('billing-app') })
    expect(past.text()).toBe(before)
  })

  it('of a run that is at work is left alone', async () => {
    const spec = { ...owned, smtpUsers: users('billing-app') }
    const store = openFile(past.path, { cwd: past.world.folder, now: () => new Date() })
    const expires = new Date(Date.now() + 60_000).toISOString()
    const held = await store.lock(
      ['main'],
      { id: 'l1', owner: 'grace', command: 'apply', since: expires, expires },
      new Date(),
    )
    past.world.emulator.faults([{ match: { path: '/v3/users/smtp/add' }, fault: 'latency', ms: 300 }])
    const running = past.apply(spec, { store, lease: 'l1' })
    while (writes().length === 0) await sleep(5)
    const planned = await past.plan(spec)
    expect(warned(planned)).toEqual(['LEDGER_BUSY'])
    await running
    await held.release()
    expect(warned(await past.plan(spec))).toEqual([])
  })
})

/** A store in which somebody else writes while a run is under way. */
function changing(past: Past) {
  const real = openFile(past.path, { cwd: past.world.folder, now: () => new Date() })
  const other = openFile(past.path, { cwd: past.world.folder, now: () => new Date() })
  let changed = ''
  const store: Store = {
    ...real,
    write: async (account, text, tag) => {
      const next = await real.write(account, text, tag)
      await other.write(account, JSON.stringify({ ...JSON.parse(text), lineage: 'another' }), next)
      changed = past.text()
      return next
    },
  }
  return { store, change: () => changed }
}

describe('a run that is killed', () => {
  const folder = join('node_modules', '.cache', `mailconfig-journal-${process.pid}`)
  const program = join(folder, 'apply.mjs')
  let past: Past
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true })
    await build({
      entryPoints: ['test/ledger/journal-process.ts'],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
    })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  beforeEach(async () => {
    past = await openPast({ seed: { smtp2go: { scopes: { '': { smtpUsers: [{ username: 'legacy-app' }] } } } } })
  })
  afterEach(() => past.close())

  /** Applies in a process of its own and kills it when the n-th write has come in. */
  const killed = async (spec: Readonly<Record<string, unknown>>, fault: FaultName, nth: number, paths: string[]) => {
    const { emulator } = past.world
    const hung: Fault = { match: { path: paths[nth - 1] ?? '', nth: 1 }, fault, ms: 600_000 }
    emulator.clearRequests()
    emulator.faults([hung])
    await past.world.load(spec)
    const child = spawn(process.execPath, [program, join(past.world.folder, 'mailconfig.yaml'), past.path], {
      env: { ...process.env, ...CANARIES, URL: emulator.smtp2go, KEY: emulator.apiKey, TOKEN: emulator.token },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    const writes = () => emulator.requests().filter((request) => request.writes)
    while (writes().length < nth && child.exitCode === null) await sleep(2)
    expect(child.exitCode).toBe(null)
    while (fault === 'hang-after-commit' && !writes().every(({ committed }) => committed)) await sleep(2)
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }

  const before = { ...owned, smtpUsers: users('billing-app', 'old-app') }
  const spec = {
    ...owned,
    smtpUsers: [{ username: 'billing-app', password, description: 'Bills' }, ...users('new-app')],
    webhooks: [hook('a')],
    allowedSenders: { mode: 'disabled', entries: ['example.com'] },
  }
  /** The writes of that spec after the one before, in their order. */
  const paths = [
    '/v3/allowed_senders/add',
    '/v3/users/smtp/edit',
    '/v3/users/smtp/add',
    '/v3/webhook/add',
    '/v3/users/smtp/remove',
  ]
  const points = paths.flatMap((path, at) =>
    (['latency', 'hang-after-commit'] as const).map((fault) => [at + 1, fault, path] as const),
  )

  it.each(points)(
    'at write %i (%s of %s) is made good by the next one, without a double and nothing lost',
    async (nth, fault) => {
      await past.apply(before)
      await killed(spec, fault, nth, paths)
      expect(past.record().history.at(-1)).toMatchObject({ by: 'a dying runner', state: 'running' })
      const planned = await past.plan(spec)
      expect(warned(planned)).toEqual(['RUN_INTERRUPTED'])
      const done = fault === 'latency' ? nth - 1 : nth
      expect(planOf(planned).warnings[0]?.message).toContain(`of 5 changes that it announced, ${done} are made`)
      expect(linesOf(planned).length).toBe(5 - done)
      await past.apply(spec)
      const { entries, history } = past.record()
      expect(Object.entries(entries).map(([address, { origin }]) => [address, origin])).toEqual([
        ['allowedSenders', 'changed'],
        ['smtpUsers/billing-app', 'made'],
        ['smtpUsers/new-app', 'made'],
        ['webhooks/https://hooks.example.com/a', 'made'],
      ])
      expect(entries['allowedSenders']?.members).toEqual(['example.com'])
      expect(history.flatMap(({ changes }) => changes.filter(({ outcome }) => outcome === 'pending'))).toEqual([])
      expect(warned(await past.plan(spec))).toEqual([])
      expect(linesOf(await past.plan(spec))).toEqual([])
      const added = past.world.emulator.requests().filter(({ path, committed }) => /\/add$/.test(path) && committed)
      expect(new Set(added.map(({ body }) => JSON.stringify(body))).size).toBe(added.length)
      // What the dead run made is ours: it goes when it leaves the spec, and what was there before stays.
      const gone = await past.plan({
        ...owned,
        smtpUsers: [],
        webhooks: [],
        allowedSenders: { mode: 'disabled', entries: [] },
      })
      expect(linesOf(gone).sort()).toEqual([
        'delete smtpUsers/billing-app spec',
        'delete smtpUsers/new-app spec',
        'delete webhooks/https://hooks.example.com/a spec',
        'update allowedSenders spec',
      ])
    },
    60_000,
  )
})
