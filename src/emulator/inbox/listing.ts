import type { BoxLogin, BoxMessage } from '../world/mailbox.ts'
import type { InboxAccess } from './access.ts'
import type { MailReader } from './reader.ts'
import { readSearch, searched } from './search.ts'

/** Messages in one list. */
const MOST = 500

/** The messages of a mailbox that fit a search, the latest first, and every mailbox with its numbers. */
export async function listed(
  access: InboxAccess,
  reader: MailReader,
  wanted: { readonly search: string; readonly login: string | undefined; readonly channel: string | undefined },
) {
  const version = access.version()
  const all = access.messages()
  const isHere = ({ login, channel }: BoxLogin) =>
    wanted.login === undefined || (login === wanted.login && channel === wanted.channel)
  const found = (await searched(reader, all.filter(isHere), readSearch(wanted.search))).reverse()
  return {
    version,
    total: found.length,
    boxes: boxesOf(access.logins(), all),
    messages: await Promise.all(found.slice(0, MOST).map((message) => rowOf(reader, message))),
  }
}

/** A message as a list shows it. */
export async function rowOf(reader: MailReader, message: BoxMessage) {
  const { snippet, attached } = await reader.digest(message)
  const { raw, calls, tracked, events, refused, ...shown } = message
  return {
    ...shown,
    from: shown.from === '' ? shown.envelopeFrom : shown.from,
    rule: refused?.rule ?? '',
    snippet,
    attached,
    happened: [...new Set(events.map(({ event }) => event))],
  }
}

interface Box extends BoxLogin {
  readonly count: number
  readonly unseen: number
}

/** A mailbox for each login and key: how many messages it has, and how many nobody has looked at. */
function boxesOf(logins: readonly BoxLogin[], messages: readonly BoxMessage[]): Box[] {
  const found = new Map<string, Box>()
  const add = ({ channel, login, account }: BoxLogin, count: number, unseen: number) => {
    const name = `${channel} ${login}`
    const one = found.get(name) ?? { channel, login, account, count: 0, unseen: 0 }
    found.set(name, { ...one, count: one.count + count, unseen: one.unseen + unseen })
  }
  for (const one of logins) add(one, 0, 0)
  for (const one of messages) add(one, 1, one.seen ? 0 : 1)
  const rank = ({ channel, login }: Box) =>
    `${['smtp', 'api', 'ip'].indexOf(channel)}${login === '' ? '1' : '0'}${login}`
  return [...found.values()].sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
}
