import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { holdLease, type LeaseOptions } from '../../../src/ledger/stores/lease.ts'
import { openStore } from '../../../src/ledger/stores/open.ts'
import { type Lease, LockedError } from '../../../src/ledger/stores/store.ts'
import { lease } from '../conformance.ts'

let cwd = ''
let nowMs = 0
let sleepers: { readonly at: number; readonly ms: number; readonly wake: () => void }[] = []
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'mailconfig-lease-'))
  nowMs = Date.parse('2026-03-01T12:00:00Z')
  sleepers = []
})
afterEach(() => rm(cwd, { recursive: true, force: true }))

/** A clock that stands until it is moved. */
const now = () => new Date(nowMs)
function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const wake = () => {
      sleepers = sleepers.filter((one) => one !== sleeper)
      done()
    }
    const sleeper = { at: nowMs + ms, ms, wake }
    if (signal?.aborted) return done()
    signal?.addEventListener('abort', wake, { once: true })
    sleepers.push(sleeper)
  })
}

/** Moves the clock to the next one who sleeps, once there is one. */
async function next(): Promise<void> {
  await until(() => sleepers.length > 0)
  const [first] = sleepers.toSorted((one, other) => one.at - other.at)
  nowMs = Math.max(nowMs, first?.at ?? nowMs)
  first?.wake()
}

async function until(claim: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await claim())) await new Promise((done) => setTimeout(done, 1))
}

const open = () => openStore('ledger.json', { cwd, env: {}, now })

function options(more: Partial<LeaseOptions> = {}): LeaseOptions {
  return { owner: 'ada', command: 'apply', ttl: 60_000, waitMs: 0, now, sleep, ...more }
}

/** A lease of somebody else that ends so many milliseconds from now. */
const theirs = (ms: number) => ({ ...lease('eve', 0), expires: new Date(nowMs + ms).toISOString() })

test('the lease says who, what, where and until when', async () => {
  const store = await open()
  const { held, release } = await holdLease(store, ['main'], options({ url: 'https://ci.example.com/1' }))
  expect(await store.holders(['main'])).toEqual([
    {
      id: held.lease.id,
      owner: 'ada',
      command: 'apply',
      url: 'https://ci.example.com/1',
      since: '2026-03-01T12:00:00.000Z',
      expires: '2026-03-01T12:01:00.000Z',
    },
  ])
  await release()
  expect(await store.holders(['main'])).toEqual([])
})

test('without time to wait a lock is refused at once', async () => {
  const [store, other] = [await open(), await open()]
  await other.lock(['main'], theirs(60_000), now())
  await expect(holdLease(store, ['main'], options())).rejects.toBeInstanceOf(LockedError)
  expect(sleepers).toEqual([])
})

test('it waits for the time it is given, tells of it once, and says who was in the way', async () => {
  const [store, other] = [await open(), await open()]
  await other.lock(['main'], theirs(3_600_000), now())
  const waited: Lease[] = []
  const holding = holdLease(store, ['main'], options({ waitMs: 10_000, onWait: (holder) => waited.push(holder) }))
  let refused: unknown
  holding.catch((error) => {
    refused = error
  })
  while (refused === undefined) {
    await until(() => sleepers.length > 0 || refused !== undefined)
    if (refused === undefined) await next()
  }
  expect(refused).toMatchObject({ code: 'LEDGER_LOCKED', holder: { owner: 'eve' } })
  expect(now().toISOString()).toBe('2026-03-01T12:00:10.000Z')
  expect(waited).toMatchObject([{ owner: 'eve' }])
})

test('an expired lease is taken over, with a note', async () => {
  const [store, other] = [await open(), await open()]
  await other.lock(['main'], theirs(5_000), now())
  const before: Lease[] = []
  const holding = holdLease(store, ['main'], options({ waitMs: 60_000, onTakeover: (lease) => before.push(lease) }))
  while (nowMs < Date.parse('2026-03-01T12:00:05Z')) await next()
  expect((await holding).held.tookOver?.owner).toBe('eve')
  expect(before).toMatchObject([{ owner: 'eve' }])
  await (await holding).release()
})

test('it is renewed every third of its time, for as long as it is held', async () => {
  const store = await open()
  const holding = await holdLease(store, ['main'], options())
  const expires = async () => (await store.holders(['main']))[0]?.expires
  for (const wanted of ['12:01:20', '12:01:40', '12:02:00', '12:02:20', '12:02:40']) {
    await next()
    await until(async () => (await expires()) === `2026-03-01T${wanted}.000Z`)
  }
  await holding.release()
  await holding.release()
  expect(sleepers).toEqual([])
  expect(holding.lost.aborted).toBe(false)
})

test('a lease that was taken over is reported as lost', async () => {
  const [store, other] = [await open(), await open()]
  const holding = await holdLease(store, ['main'], options())
  await other.unlock(holding.held.lease.id)
  const held = await other.lock(['main'], theirs(3_600_000), now())
  await next()
  await until(() => holding.lost.aborted)
  expect(holding.lost.reason).toMatchObject({ code: 'LEASE_LOST' })
  await holding.release()
  expect(await other.holders(['main'])).toMatchObject([{ id: held.lease.id }])
})

test('a renewal that fails is tried again until the time is up', async () => {
  const store = await open()
  const holding = await holdLease(store, ['main'], options())
  await until(() => sleepers.length > 0)
  await rm(join(cwd, 'ledger.json.lock'), { recursive: true })
  await writeFile(join(cwd, 'ledger.json.lock'), '')
  const pauses: number[] = []
  while (!holding.lost.aborted) {
    const pausing = () => sleepers.find(({ ms }) => [20_000, 6_000, 4_000].includes(ms)) // not what guards the renewal
    await until(() => pausing() !== undefined || holding.lost.aborted)
    const sleeper = pausing()
    if (sleeper === undefined) break
    pauses.push(sleeper.ms)
    nowMs = sleeper.at
    sleeper.wake()
  }
  expect(now().toISOString()).toBe('2026-03-01T12:01:00.000Z')
  expect(pauses.slice(0, 7)).toEqual([20_000, 6_000, 6_000, 6_000, 6_000, 6_000, 6_000])
  expect(holding.lost.reason).toMatchObject({ code: 'LEASE_LOST', message: expect.stringContaining('renewed in time') })
})

test('waiting ends when the signal says so', async () => {
  const [store, other] = [await open(), await open()]
  await other.lock(['main'], theirs(3_600_000), now())
  const stop = new AbortController()
  const holding = holdLease(store, ['main'], options({ waitMs: 3_600_000, signal: stop.signal }))
  await until(() => sleepers.length > 0)
  stop.abort()
  await expect(holding).rejects.toMatchObject({ message: expect.stringContaining('stopped while waiting') })
})

test('a lease that comes after the signal is given back', async () => {
  const store = await open()
  const stop = new AbortController()
  const holding = holdLease(store, ['main'], options({ signal: stop.signal }))
  stop.abort()
  await expect(holding).rejects.toMatchObject({ message: expect.stringContaining('stopped while waiting') })
  expect(await store.holders(['main'])).toEqual([])
})

describe('where clocks may differ', () => {
  test('a lease that looks expired is watched before it is taken over', async () => {
    const [store, other] = [await open(), await open()]
    await other.lock(['main'], theirs(1000), now())
    nowMs += 5000 // by this clock it ended four seconds ago
    const startedAt = performance.now()
    const holding = holdLease(store, ['main'], options({ waitMs: 3_600_000, watchMs: 300 }))
    const pump = setInterval(() => sleepers[0]?.wake(), 5)
    const { held, release } = await holding
    clearInterval(pump)
    expect(held.tookOver?.owner).toBe('eve')
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(300)
    await release()
  })

  test('and one that is renewed meanwhile is nobody else’s', async () => {
    const [store, other] = [await open(), await open()]
    const held = await other.lock(['main'], theirs(1000), now())
    nowMs += 20_000
    let renewals = 0
    const renewing = setInterval(() => {
      renewals += 1
      void held.renew(new Date(Date.parse('2026-03-01T12:00:01Z') + renewals).toISOString())
    }, 30)
    const stop = new AbortController()
    const holding = holdLease(store, ['main'], options({ waitMs: 3_600_000, watchMs: 300, signal: stop.signal }))
    const pump = setInterval(() => sleepers[0]?.wake(), 5)
    setTimeout(() => stop.abort(), 1200)
    await expect(holding).rejects.toMatchObject({ code: 'LEDGER_LOCKED' })
    clearInterval(pump)
    clearInterval(renewing)
    expect((await store.holders(['main']))[0]?.owner).toBe('eve')
  })
})
