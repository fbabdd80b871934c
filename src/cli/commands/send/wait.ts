import type { EventQuery, MailEvent } from '../../../model/traffic/traffic.ts'
import type { Io } from '../../invocation/io.ts'
import type { TrafficAccount } from '../../traffic/accounts.ts'
import type { Handed } from './hand-in.ts'

/** How long between two questions; the API allows 60 a minute. */
const PAUSE_MS = 2000
/** The clock of the service may be behind. */
const SKEW_MS = 120_000
const ENDS = ['delivered', 'hard-bounced', 'soft-bounced', 'rejected']

/** What became of each recipient. */
export interface Followed {
  /** Every recipient has it. */
  readonly isDelivered: boolean
  readonly events: readonly MailEvent[]
}

/** Asks for the events of a message until each recipient has it or will not get it, or the time is over. Throws `ApiError`. */
export async function follow(
  { traffic, call }: TrafficAccount,
  { id, messageId, accepted }: Handed,
  { io, since, waitMs, told }: { io: Io; since: Date; waitMs: number; told: (event: MailEvent) => void },
): Promise<Followed> {
  const header = 'Message-Id'
  const from = new Date(since.getTime() - SKEW_MS).toISOString()
  const queries: readonly EventQuery[] =
    id === undefined ? accepted.map((recipient) => ({ from, recipient, headers: [header] })) : [{ from, id }]
  const seen = new Map<string, MailEvent>()
  const end = since.getTime() + waitMs
  for (;;) {
    for (const event of (await asked()).toReversed()) {
      const key = JSON.stringify([event.event, event.recipient, event.time])
      if (!seen.has(key)) told(event)
      seen.set(key, event)
    }
    const events = [...seen.values()]
    const ended = (wanted: readonly string[]) => (address: string) =>
      events.some(({ event, recipient }) => wanted.includes(event) && recipient === address)
    if (accepted.every(ended(ENDS)) || io.now().getTime() >= end || io.signal.aborted)
      return { isDelivered: accepted.every(ended(['delivered'])), events }
    await io.sleep(Math.min(PAUSE_MS, end - io.now().getTime()), io.signal)
  }

  async function asked(): Promise<MailEvent[]> {
    const found: MailEvent[] = []
    for (const query of queries) for await (const page of traffic.events(call, query)) found.push(...page)
    return id === undefined ? found.filter(({ headers }) => headers?.[header] === messageId) : found
  }
}
