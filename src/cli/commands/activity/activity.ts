import { EXIT, Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { paint } from '../../terminal/paint.ts'
import { openTraffic, type TrafficRun } from '../../traffic/accounts.ts'
import { type AccountEvent, byTime, find, keyOf, queriesOf } from './find.ts'
import { printer } from './print.ts'

const DAY_MS = 86_400_000
const USUAL_LIMIT = 100
/** How long to wait between two questions with `--follow`; the API allows 60 calls a minute. */
const PAUSE_MS = 5000
/** Events that are asked for again, since they may come late. */
const OVERLAP_MS = 120_000

/** Lists what happened to mail; with `--follow` until Ctrl-C. */
export async function activity(invocation: Invocation): Promise<number> {
  const { io, options } = invocation
  if (options.follow === true && options.format === 'json')
    throw new Stop('--follow has no end, so it cannot print one JSON document', {
      hint: '--format jsonl prints a line for each event',
    })
  const run = await openTraffic(invocation)
  if ('code' in run) return run.code
  try {
    const last = options.last ?? (options.emailId === undefined ? DAY_MS : 30 * DAY_MS)
    const from = new Date(io.now().getTime() - last)
    const print = printer(invocation, paint(io.stdout, io.env, options.color))
    invocation.tell({ isPrinted: true })
    const most = options.limit ?? (options.emailId === undefined ? USUAL_LIMIT : Number.POSITIVE_INFINITY)
    const first = await ask(run, invocation, from, most)
    print.events(first)
    if (options.follow === true) await follow(run, invocation, first, print.events)
    print.end?.(first.length)
    return EXIT.ok
  } finally {
    await run.connection.close()
  }
}

async function ask(run: TrafficRun, { options }: Invocation, from: Date, most: number): Promise<AccountEvent[]> {
  const found = await Promise.all(
    run.accounts.map((one) => find(one, queriesOf(one, options, from.toISOString()), most)),
  )
  return found.flat().sort(byTime).slice(-most)
}

async function follow(
  run: TrafficRun,
  invocation: Invocation,
  first: readonly AccountEvent[],
  print: (events: readonly AccountEvent[]) => void,
): Promise<void> {
  const { io } = invocation
  let [before, known] = [new Set<string>(), new Set(first.map(keyOf))]
  let asked = io.now()
  for (;;) {
    await io.sleep(PAUSE_MS, io.signal)
    if (io.signal.aborted) return
    const now = io.now()
    const found = await ask(run, invocation, new Date(asked.getTime() - OVERLAP_MS), Number.POSITIVE_INFINITY)
    print(found.filter((one) => !known.has(keyOf(one)) && !before.has(keyOf(one))))
    ;[before, known] = [known, new Set(found.map(keyOf))] // what the API lists late may be missing once
    asked = now
  }
}
