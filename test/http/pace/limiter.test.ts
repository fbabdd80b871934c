import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SMTP2GO_LIMITS } from '../../../src/apis/smtp2go/client/limits.ts'
import { limiter } from '../../../src/http/pace/limiter.ts'
import type { Clock } from '../../../src/model/transport.ts'

type Alarm = { at: number; ring: () => void }

/** Time that moves only when told to. */
function handClock() {
  let now = 0
  let alarms: Alarm[] = []
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  const clock: Clock = {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const alarm = { at: now + ms, ring: resolve }
        alarms.push(alarm)
        signal?.addEventListener('abort', () => {
          alarms = alarms.filter((one) => one !== alarm)
          resolve()
        })
      }),
  }
  return {
    clock,
    alarms: () => alarms.length,
    async advance(ms: number) {
      const end = now + ms
      await settle()
      for (;;) {
        const due = alarms.filter((one) => one.at <= end).sort((a, b) => a.at - b.at)[0]
        if (due === undefined) break
        alarms = alarms.filter((one) => one !== due)
        now = Math.max(now, due.at)
        due.ring()
        await settle()
      }
      now = end
    },
  }
}

describe('the limiter', () => {
  test('lets no more calls run at once than allowed, in the order they came', async () => {
    const { clock, advance } = handClock()
    const limit = limiter({ concurrency: 2, clock })
    const order: number[] = []
    const ends: (() => void)[] = []
    for (const n of [1, 2, 3, 4]) {
      limit.acquire('/a').then((end) => {
        order.push(n)
        if (end) ends.push(end)
      })
    }
    await advance(1000)
    expect(order).toEqual([1, 2])
    ends[0]?.()
    ends[0]?.() // a turn ends once
    await advance(1000)
    expect(order).toEqual([1, 2, 3])
  })

  test('starts no more calls in a second than allowed', async () => {
    const { clock, advance } = handClock()
    const limit = limiter({ perSecond: 10, concurrency: 1000, clock })
    let started = 0
    for (let n = 0; n < 40; n++) limit.acquire('/a').then(() => started++)
    await advance(0)
    expect(started).toBe(10)
    await advance(1000)
    expect(started).toBe(20)
    await advance(2000)
    expect(started).toBe(40)
  })

  test('holds back an endpoint that the vendor limits without holding back others', async () => {
    const { clock, advance } = handClock()
    const limit = limiter({ concurrency: 1000, endpoints: SMTP2GO_LIMITS, clock })
    const started: string[] = []
    for (const path of [...Array(7).fill('/api_keys/add'), '/users/smtp/view']) {
      limit.acquire(path).then(() => started.push(path))
    }
    await advance(0)
    expect(started.filter((path) => path === '/api_keys/add')).toHaveLength(5)
    expect(started).toContain('/users/smtp/view')
    await advance(59_000)
    expect(started).toHaveLength(6)
    await advance(1_001)
    expect(started).toHaveLength(8)
  })

  test('a pause stops the whole account, and ends', async () => {
    const { clock, advance } = handClock()
    const limit = limiter({ clock })
    limit.pause(5000)
    limit.pause(1000) // a shorter one does not shorten it
    let started = 0
    limit.acquire('/a').then(() => started++)
    await advance(4999)
    expect(started).toBe(0)
    await advance(1)
    expect(started).toBe(1)
  })

  test('halves the rate once for a burst of refusals and recovers slowly', async () => {
    const { clock, advance } = handClock()
    const limit = limiter({ perSecond: 40, clock })
    await advance(100)
    for (let n = 0; n < 8; n++) limit.slow(50)
    expect(limit.rate()).toBe(20)
    await advance(100)
    limit.slow(150)
    expect(limit.rate()).toBe(10)
    for (let n = 0; n < 10; n++) limit.ok()
    expect(limit.rate()).toBeGreaterThan(10.9)
    expect(limit.rate()).toBeLessThan(11.1)
    for (let n = 0; n < 5000; n++) limit.ok()
    expect(limit.rate()).toBe(40)
  })

  test('the rate never falls to nothing', async () => {
    const { clock, advance } = handClock()
    const limit = limiter({ perSecond: 4, clock })
    for (let n = 0; n < 20; n++) {
      await advance(10)
      limit.slow(clock.now())
    }
    let started = 0
    for (let n = 0; n < 3; n++) limit.acquire('/a').then(() => started++)
    await advance(5000)
    expect(started).toBe(3)
  })

  test('a wait that is called off takes no turn and leaves no alarm behind', async () => {
    const { clock, advance, alarms } = handClock()
    const limit = limiter({ clock })
    limit.pause(60_000)
    const stop = new AbortController()
    const waiting = limit.acquire('/a', stop.signal)
    await advance(10)
    expect(alarms()).toBe(1)
    stop.abort()
    expect(await waiting).toBeUndefined()
    expect(await limit.acquire('/a', stop.signal)).toBeUndefined()
    expect(alarms()).toBe(0)
  })

  test('a limiter that is stopped ends every wait', async () => {
    const { clock, alarms } = handClock()
    const limit = limiter({ clock, endpoints: SMTP2GO_LIMITS })
    limit.pause(60_000)
    const waiting = [limit.acquire('/a'), limit.acquire('/api_keys/add')]
    limit.stop()
    expect(await Promise.all([...waiting, limit.acquire('/a')])).toEqual([undefined, undefined, undefined])
    expect(alarms()).toBe(0)
  })

  test('whatever comes, every call gets its turn and no window holds too many', async () => {
    const calls = fc.array(
      fc.record({ after: fc.integer({ min: 0, max: 400 }), lasts: fc.integer({ min: 0, max: 300 }) }),
      {
        minLength: 1,
        maxLength: 40,
      },
    )
    await fc.assert(
      fc.asyncProperty(
        calls,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 20 }),
        async (plan, concurrency, perSecond) => {
          const { clock, advance } = handClock()
          const limit = limiter({ concurrency, perSecond, clock })
          const starts: number[] = []
          let active = 0
          let most = 0
          for (const { after, lasts } of plan) {
            await advance(after)
            limit.acquire('/a').then(async (end) => {
              starts.push(clock.now())
              most = Math.max(most, ++active)
              await clock.sleep(lasts)
              active -= 1
              end?.()
            })
          }
          await advance(120_000)
          expect(starts).toHaveLength(plan.length)
          expect(most).toBeLessThanOrEqual(concurrency)
          for (const from of starts) {
            // a full bucket and what drips in during the second
            expect(starts.filter((at) => at >= from && at < from + 1000).length).toBeLessThanOrEqual(2 * perSecond + 1)
          }
        },
      ),
      { numRuns: 30 },
    )
  })
})
