import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { holdLease } from '../../src/ledger/stores/lease.ts'
import { openStore } from '../../src/ledger/stores/open.ts'
import { type Lease, type LeaseRequest, LedgerError, LockedError, type Store } from '../../src/ledger/stores/store.ts'

/** A place for one ledger that nobody has used yet. */
export interface Place {
  readonly url: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** What no message may show. */
  readonly secret: string
  /** Makes it unreachable. */
  fail(): Promise<void>
}

const MANY = 8
const HOUR = 3_600_000
const HOSTILE = [
  '__proto__',
  'constructor',
  '../../etc/passwd',
  "x'; drop table mailconfig_ledger; --",
  'a"b\\c',
  '{x,"y"}',
  'with space\tand\nline',
  'Zürich 東京 🦊',
  '1',
  '%2e%2e%2f',
  '.',
]

/** What every sort of store does, whatever it is made of. */
export function conforms(newPlace: () => Promise<Place>): void {
  const opened: Store[] = []
  let place: Place
  let program = ''
  let folder = ''

  beforeAll(async () => {
    folder = mkdtempSync(join('node_modules', '.mailconfig-ledger-')) // inside, so that packages are found
    program = join(process.cwd(), folder, 'program.mjs')
    await buildProgram(program)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()))
  })

  async function begin(): Promise<Store> {
    place = await newPlace()
    return open()
  }

  async function open(): Promise<Store> {
    const store = await openStore(place.url, place)
    opened.push(store)
    return store
  }

  /** As many stores on the same place as run side by side. */
  const many = () => Promise.all(Array.from({ length: MANY }, open))

  describe('records', () => {
    test('an unused place has no names, no records and no holders', async () => {
      const store = await begin()
      expect(await store.names()).toEqual([])
      expect(await store.read(['main'])).toEqual(new Map())
      expect(await store.holders(['main'])).toEqual([])
    })

    test('what is written is read by another, under the tag that the write answered', async () => {
      const store = await begin()
      const tag = await store.write('main', json(1), undefined)
      const read = await (await open()).read(['main', 'other'])
      expect([...read.keys()]).toEqual(['main'])
      expect(parsed(read.get('main')?.text)).toEqual(parsed(json(1)))
      expect(read.get('main')?.tag).toBe(tag)
      expect(await store.names()).toEqual(['main'])
    })

    test('a write has to name the record that it replaces', async () => {
      const store = await begin()
      await expect(store.write('main', json(0), 'made-up')).rejects.toMatchObject({ code: 'LEDGER_CHANGED' })
      const first = await store.write('main', json(1), undefined)
      await expect(store.write('main', json(2), undefined)).rejects.toMatchObject({ code: 'LEDGER_CHANGED' })
      const second = await store.write('main', json(3), first)
      expect(second).not.toBe(first)
      await expect(store.write('main', json(4), first)).rejects.toMatchObject({ code: 'LEDGER_CHANGED' })
      expect(parsed((await store.read(['main'])).get('main')?.text)).toEqual(parsed(json(3)))
    })

    test('of many writers of one record exactly one wins', async () => {
      const store = await begin()
      const tag = await store.write('main', json('before'), undefined)
      const writers = await many()
      const results = await Promise.allSettled(writers.map((writer, at) => writer.write('main', json(at), tag)))
      const won = results.findIndex(({ status }) => status === 'fulfilled')
      expect(results.map((result) => (result.status === 'fulfilled' ? 'won' : codeOf(result.reason))).sort()).toEqual([
        ...Array.from({ length: MANY - 1 }, () => 'LEDGER_CHANGED'),
        'won',
      ])
      expect(parsed((await store.read(['main'])).get('main')?.text)).toEqual(parsed(json(won)))
    })

    test('writers of different records do not lose each other', async () => {
      const store = await begin()
      const names = Array.from({ length: MANY }, (_, at) => `account-${at}`)
      const writers = await many()
      await Promise.all(writers.map((writer, at) => writer.write(names[at] ?? '', json(at), undefined)))
      expect([...(await store.names())].sort()).toEqual(names)
      const read = await store.read(names)
      expect(names.map((name) => parsed(read.get(name)?.text))).toEqual(names.map((_, at) => parsed(json(at))))
    })

    test('names that look like something else are names', async () => {
      const store = await begin()
      for (const name of HOSTILE) await store.write(name, json(name), undefined)
      const read = await (await open()).read(HOSTILE)
      expect(HOSTILE.map((name) => parsed(read.get(name)?.text))).toEqual(HOSTILE.map((name) => parsed(json(name))))
      expect([...(await store.names())].sort()).toEqual([...HOSTILE].sort())
      expect(Object.keys({})).toEqual([])
    })

    test('a record of 5 MB, and texts of any language, come back whole', async () => {
      const store = await begin()
      const text = json('ä 東京 🦊 \u0000 \u2028 \ud800'.repeat(250_000))
      expect(text.length).toBeGreaterThan(5_000_000)
      await store.write('main', text, undefined)
      const read = (await (await open()).read(['main'])).get('main')?.text
      expect(parsed(read ?? '""') === undefined).toBe(false)
      expect(JSON.stringify(parsed(read)) === JSON.stringify(parsed(text))).toBe(true) // toEqual would print it all
    })
  })

  describe('leases', () => {
    test('a lease keeps others out until it is released, and says whose it is', async () => {
      const [one, other] = [await begin(), await open()]
      const asked = lease('one', HOUR)
      const held = await one.lock(['main'], asked, new Date())
      expect(held.tookOver).toBeUndefined()
      const refused = await other.lock(['main'], lease('other', HOUR), new Date()).catch((error) => error)
      expect(refused).toBeInstanceOf(LockedError)
      expect(refused.holder).toMatchObject({ id: asked.id, owner: asked.owner, command: 'apply', url: asked.url })
      expect(refused.message).toContain(asked.owner)
      expect(await other.holders(['main'])).toMatchObject([{ id: asked.id, owner: asked.owner }])
      await held.release()
      await held.release()
      expect(await one.holders(['main'])).toEqual([])
      await (await other.lock(['main'], lease('other', HOUR), new Date())).release()
    })

    test('of many who ask at once exactly one gets it', async () => {
      await begin()
      expect(await race(await many())).toEqual(1)
    })

    test('of many processes that ask at once exactly one gets it', async () => {
      await begin()
      expect(await raceOfProcesses('none before')).toEqual(1)
    })

    test('of many who find an expired lease exactly one takes it over', async () => {
      const dead = await begin()
      const expired = lease('dead', -HOUR)
      await dead.lock(['main'], expired, new Date())
      const stores = await many()
      const results = await Promise.allSettled(
        stores.map((store, at) => store.lock(['main'], lease(`${at}`, HOUR), new Date())),
      )
      const won = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
      expect(won).toHaveLength(1) // whoever finds it freed by another has taken nothing over
      expect([expired.id, undefined]).toContain(won[0]?.tookOver?.id)
    })

    test('of many processes that find the lease of a dead one exactly one takes it over', async () => {
      const store = await begin()
      const child = await start('dead', new Date(Date.now() - HOUR))
      expect(await child.go()).toBe('won')
      expect(await store.holders(['main'])).toMatchObject([{ id: 'dead' }])
      expect(await raceOfProcesses('one dead')).toEqual(1)
    })

    test('who lost a lease cannot renew it, write under it, or free the other one', async () => {
      const [slow, quick] = [await begin(), await open()]
      const lost = await slow.lock(['main'], lease('slow', -1), new Date())
      const held = await quick.lock(['main'], lease('quick', HOUR), new Date())
      await expect(lost.renew(later(HOUR))).rejects.toMatchObject({ code: 'LEASE_LOST' })
      await expect(slow.write('main', json(1), undefined)).rejects.toMatchObject({ code: 'LEASE_LOST' })
      await lost.release()
      expect(await slow.holders(['main'])).toMatchObject([{ id: held.lease.id }])
      await quick.write('main', json(2), undefined)
    })

    test('a lease that is renewed is not taken over', async () => {
      const [one, other] = [await begin(), await open()]
      const held = await one.lock(['main'], lease('one', -HOUR), new Date())
      await held.renew(later(HOUR))
      await expect(other.lock(['main'], lease('other', HOUR), new Date())).rejects.toBeInstanceOf(LockedError)
      await held.renew(later(-HOUR))
      expect((await other.lock(['main'], lease('other', HOUR), new Date())).tookOver?.id).toBe(held.lease.id)
    })

    test('anybody can free a lease by its id, and another id frees nothing', async () => {
      const [one, other] = [await begin(), await open()]
      const held = await one.lock(['main'], lease('one', HOUR), new Date())
      await other.unlock('made-up')
      expect(await other.holders(['main'])).toHaveLength(1)
      await other.unlock(held.lease.id)
      expect(await one.holders(['main'])).toEqual([])
      await expect(one.write('main', json(1), undefined)).rejects.toMatchObject({ code: 'LEASE_LOST' })
      await expect(held.renew(later(HOUR))).rejects.toMatchObject({ code: 'LEASE_LOST' })
    })

    test('all accounts are locked or none', async () => {
      const [one, other] = [await begin(), await open()]
      const held = await one.lock(['b'], lease('one', HOUR), new Date())
      await expect(other.lock(['a', 'b', 'c'], lease('other', HOUR), new Date())).rejects.toBeInstanceOf(LockedError)
      await held.release()
      expect(await other.holders(['a', 'b', 'c'])).toEqual([])
      const all = await other.lock(['c', 'b', 'a', 'b'], lease('other', HOUR), new Date())
      expect(await one.holders(['a', 'b', 'c'])).toMatchObject([{ id: all.lease.id }])
      for (const name of ['a', 'b', 'c']) await expect(one.lock([name], lease('x', HOUR), new Date())).rejects.toThrow()
      await all.renew(later(2 * HOUR))
      await all.release()
      expect(await one.holders(['a', 'b', 'c'])).toEqual([])
    })

    test('who holds a lease can write as often as it likes, and nobody else can', async () => {
      const [one, other] = [await begin(), await open()]
      const held = await one.lock(['main'], lease('one', HOUR), new Date())
      let tag: string | undefined
      for (let at = 0; at < 5; at++) tag = await one.write('main', json(at), tag)
      await expect(other.write('main', json('x'), tag)).rejects.toMatchObject({ code: 'LEDGER_LOCKED' })
      await held.renew(later(HOUR))
      tag = await one.write('main', json('end'), tag)
      await held.release()
      await other.write('main', json('other'), tag)
    })

    test('who waits gets it when it is released', async () => {
      const [one, other] = [await begin(), await open()]
      const held = await one.lock(['main'], lease('one', HOUR), new Date())
      const waitedFor: Lease[] = []
      const options = { owner: 'other', command: 'plan', ttl: HOUR, waitMs: 60_000, now: () => new Date() }
      const holding = await holdLease(other, ['main'], {
        ...options,
        onWait: (holder) => waitedFor.push(holder),
        sleep: async (_ms, signal) => {
          if (waitedFor.length === 1) await held.release()
          await until(signal)
        },
      })
      expect(waitedFor).toMatchObject([{ id: held.lease.id }])
      await holding.release()
      expect(await one.holders(['main'])).toEqual([])
    })
  })

  test('a place that cannot be reached is an error in words, without a password', async () => {
    const store = await begin()
    await store.write('main', json(1), undefined)
    const held = await store.lock(['main'], lease('one', HOUR), new Date())
    await place.fail()
    const calls = [
      () => store.names(),
      () => store.read(['main']),
      () => store.write('main', json(2), undefined),
      () => store.lock(['main'], lease('two', HOUR), new Date()),
      () => held.renew(later(HOUR)),
      () => store.holders(['main']),
      () => store.unlock('x'),
    ]
    for (const call of calls) {
      const error = await call().then(
        () => undefined,
        (reason) => reason,
      )
      expect(error).toBeInstanceOf(LedgerError)
      expect(error.code).toBe('LEDGER_UNREACHABLE')
      expect(error.message).toContain(store.where)
      expect(`${error.stack} ${JSON.stringify(error)} ${error.cause}`).not.toContain(place.secret)
    }
    await expect(held.release()).rejects.toBeInstanceOf(LedgerError)
  })

  /** How many of them get the lease. */
  async function race(stores: readonly Store[]): Promise<number> {
    const results = await Promise.allSettled(
      stores.map((store, at) => store.lock(['main'], lease(`${at}`, HOUR), new Date())),
    )
    const lost = results.flatMap((result) => (result.status === 'rejected' ? [codeOf(result.reason)] : []))
    expect(new Set(lost)).toEqual(new Set(['LEDGER_LOCKED']))
    return results.length - lost.length
  }

  async function raceOfProcesses(name: string): Promise<number> {
    const expires = new Date(Date.now() + HOUR)
    const children = await Promise.all(Array.from({ length: 4 }, (_, at) => start(`${name} ${at}`, expires)))
    const said = await Promise.all(children.map((child) => child.go()))
    expect(said.filter((word) => word !== 'won')).toEqual(Array.from({ length: 3 }, () => 'LEDGER_LOCKED'))
    return said.filter((word) => word === 'won').length
  }

  /** A process that waits for the word to try. */
  async function start(id: string, expires: Date) {
    const env = { PATH: process.env['PATH'], ...place.env }
    const child = spawn(process.execPath, [program, place.url, id, expires.toISOString()], {
      cwd: place.cwd,
      env,
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const died = once(child, 'exit').then(([code]) => [`ended with ${code} before it was ready`])
    const [ready] = await Promise.race([once(child.stdout, 'data'), died])
    expect(String(ready)).toBe('ready\n')
    return {
      go: async (): Promise<string> => {
        child.stdin.write('go\n')
        const [said] = await once(child.stdout, 'data')
        if (child.exitCode === null) await once(child, 'exit')
        return String(said).trim().split(':')[0] ?? ''
      },
    }
  }
}

/** Makes conformance-process.ts a program that node runs. */
export async function buildProgram(outfile: string): Promise<void> {
  const entryPoints = ['test/ledger/conformance-process.ts']
  await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external' })
}

/** A lease that ends so many milliseconds from now. */
export function lease(owner: string, ttl: number): LeaseRequest {
  const url = 'https://ci.example.com/jobs/7'
  return { id: crypto.randomUUID(), owner, command: 'apply', url, since: new Date().toISOString(), expires: later(ttl) }
}

export function later(ms: number): string {
  return new Date(Date.now() + ms).toISOString()
}

/** A record, as far as a store cares. */
export function json(value: unknown): string {
  return JSON.stringify({ format: 1, value })
}

export function codeOf(error: unknown): string {
  return error instanceof LedgerError ? error.code : String(error)
}

function parsed(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text)
}

/** A short moment; for ever, in the renewal of a lease that has an hour. */
function until(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((done) => {
    if (signal?.aborted) return done()
    if (signal === undefined) return void setTimeout(done, 5)
    signal.addEventListener('abort', () => done(), { once: true })
  })
}
