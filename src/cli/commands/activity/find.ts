import type { EventQuery, MailEvent } from '../../../model/traffic/traffic.ts'
import { Stop } from '../../invocation/exit.ts'
import type { Options } from '../../options/vocabulary.ts'
import type { TrafficAccount } from '../../traffic/accounts.ts'

/** An event, and the account whose it is. */
export interface AccountEvent extends MailEvent {
  readonly account: string
}

type Filters = Pick<Options, 'from' | 'to' | 'subject' | 'user' | 'event' | 'emailId'>

/** What the options ask an account for, from a time on. Throws `Stop` for an event that does not exist. */
export function queriesOf(
  { traffic }: TrafficAccount,
  { from: sender, to, subject, user, event, emailId: id }: Filters,
  from: string,
): EventQuery[] {
  const unknown = event.find((one) => !traffic.eventNames.includes(one))
  if (unknown !== undefined)
    throw new Stop(`there is no event "${unknown}"`, { hint: `events: ${traffic.eventNames.join(', ')}` })
  const common: EventQuery = {
    from,
    ...(sender === undefined ? {} : { sender }),
    ...(subject === undefined ? {} : { subject }),
    ...(user === undefined ? {} : { users: [user.startsWith('api-') ? traffic.shortKey(user) : user] }),
    ...(event.length === 0 ? {} : { events: event }),
    ...(id === undefined ? {} : { id }),
  }
  return to.length === 0 ? [common] : to.map((recipient) => ({ ...common, recipient }))
}

/** The latest events that fit, the oldest of them first. Throws `ApiError`. */
export async function find(
  account: TrafficAccount,
  queries: readonly EventQuery[],
  most: number,
): Promise<AccountEvent[]> {
  const found = new Map<string, AccountEvent>()
  for (const query of queries) {
    let left = most
    for await (const page of account.traffic.events(account.call, query)) {
      for (const event of page.slice(0, left)) found.set(keyOf(event), { account: account.name, ...event })
      left -= page.length
      if (left <= 0) break
    }
  }
  return [...found.values()].reverse().sort(byTime).slice(-most)
}

/** Which event it is: the API gives none a number. */
export function keyOf({ id, event, time, recipient = '', response = '' }: MailEvent): string {
  return JSON.stringify([id, event, time, recipient, response])
}

/** By time; the order of events of one second stays. */
export function byTime(a: MailEvent, b: MailEvent): number {
  return a.time < b.time ? -1 : a.time > b.time ? 1 : 0
}
