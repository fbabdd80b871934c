import type { Outgoing, OutgoingResult } from '../world/mail.ts'
import { type Core, noteChange, surroundings } from './core.ts'

/** Does what services do by themselves, when it is due. */
export interface ErrandRunner {
  /** Moves the clock on; everything that falls due on the way is done at its time. */
  advance(ms: number): Promise<void>
  /** Waits until nothing is due now and no call is under way. */
  settled(): Promise<void>
  stop(): void
}

/** No wait is longer than this: Node counts milliseconds in 31 bits. */
const LONGEST_WAIT_MS = 2 ** 31 - 1

/** Begins to run the errands of every service. */
export function runErrands(core: Core): ErrandRunner {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  let stopped = false

  const run = (): Promise<void> => {
    running = running.then(() => runDue(core)).then(plan)
    return running
  }
  const plan = () => {
    clearTimeout(timer)
    const next = nextDue(core)
    if (next === undefined || stopped) return
    const wait = Math.min(LONGEST_WAIT_MS, Math.max(0, next - core.now().getTime()))
    timer = setTimeout(run, wait).unref()
  }
  core.watchers.add(plan)
  plan()
  return {
    async advance(ms) {
      await run()
      const target = core.now().getTime() + ms
      for (let due = nextDue(core); due !== undefined && due <= target; due = nextDue(core)) {
        core.clock.ahead += Math.max(0, due - core.now().getTime())
        await run()
      }
      core.clock.ahead += Math.max(0, target - core.now().getTime())
      noteChange(core)
      await run()
    },
    settled: run,
    stop() {
      stopped = true
      clearTimeout(timer)
      core.watchers.delete(plan)
    },
  }
}

function nextDue(core: Core): number | undefined {
  const around = surroundings(core)
  const times = [...core.world.values()].flatMap(({ errands }) => errands?.next(around) ?? [])
  return times.length === 0 ? undefined : Math.min(...times)
}

/** Does what is due now, until nothing is; a call that fails is the service's to try again. */
async function runDue(core: Core): Promise<void> {
  for (const { errands } of core.world.values()) {
    if (errands === undefined) continue
    while ((errands.next(surroundings(core)) ?? Number.POSITIVE_INFINITY) <= core.now().getTime()) {
      const calls = errands.due(surroundings(core))
      const results = await Promise.all(calls.map(async (call) => [call, await post(call)] as const))
      for (const [call, result] of results) errands.done(surroundings(core), call, result)
      noteChange(core)
    }
  }
}

async function post({ url, headers, body, timeoutMs }: Outgoing): Promise<OutgoingResult> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'manual',
    })
    await answer.arrayBuffer()
    return { status: answer.status }
  } catch (error) {
    return { error: reasonOf(error) }
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  return error.name === 'TimeoutError' ? 'no answer in time' : cause instanceof Error ? cause.message : error.message
}
