/** Who may send, or who did. */
export interface Login {
  readonly channel: string
  /** An SMTP user, the short form of a key, an address; empty for nobody. */
  readonly login: string
  /** The subaccount; empty for the master account. */
  readonly account: string
}

/** A mailbox: how many messages it has, and how many nobody has looked at. */
export interface Box extends Login {
  readonly count: number
  readonly unseen: number
}

/** A message in the list. */
export interface Row extends Login {
  readonly id: string
  readonly time: string
  readonly ip: string
  readonly from: string
  readonly envelopeFrom: string
  readonly subject: string
  readonly recipients: readonly { readonly address: string; readonly fate: string; readonly rule: string }[]
  /** Why it was refused; empty where it was taken. */
  readonly rule: string
  readonly snippet: string
  readonly size: number
  readonly seen: boolean
  readonly tags: readonly string[]
  /** Files that go with it. */
  readonly attached: number
  /** What happened to it, each event once. */
  readonly happened: readonly string[]
  /** The message that this is an audit copy of. */
  readonly copyOf: string | null
}

/** Something that happened to a message. */
interface MailEvent {
  readonly event: string
  readonly time: string
  readonly recipient: string
  readonly detail: string
}

/** A call of a webhook. */
interface HookCall {
  readonly event: string
  readonly url: string
  readonly body: string
  readonly taken: boolean
  /** When it is tried next; null when it is over. */
  readonly next: string | null
  readonly tries: readonly { readonly time: string; readonly status: number | null; readonly error: string }[]
}

/** A file of a message. */
interface Part {
  readonly name: string
  readonly type: string
  readonly isInline: boolean
  readonly size: number
}

/** A message, opened. */
export interface Message extends Row {
  readonly refused: { readonly rule: string; readonly code: number; readonly text: string } | null
  readonly events: readonly MailEvent[]
  readonly calls: readonly HookCall[]
  readonly tracked: { readonly opens: boolean; readonly clicks: boolean; readonly footer: boolean }
  /** The recipient as whom it is looked at. */
  readonly viewer: string
  readonly headers: readonly (readonly [string, string])[]
  readonly text: string
  readonly html: string
  readonly hasRemotePictures: boolean
  readonly source: string
  /** Whether `source` is not all of it. */
  readonly isCut: boolean
  readonly parts: readonly Part[]
}

/** What the list shows. */
export interface Listing {
  readonly version: string
  readonly total: number
  readonly boxes: readonly Box[]
  readonly messages: readonly Row[]
}

const BASE = '/__emulator/inbox'

/** The address of something about a message. */
export function addressOf(id: string, what = ''): string {
  return `${BASE}/messages/${encodeURIComponent(id)}${what}`
}

/** The messages that fit; undefined where nothing has changed since. Throws where the emulator does not answer. */
export async function list(query: Readonly<Record<string, string>>): Promise<Listing | undefined> {
  const answer = await fetch(`${BASE}/messages?${new URLSearchParams(query)}`)
  return answer.status === 200 ? await answer.json() : undefined
}

/** One message, as one of its recipients sees it. */
export async function read(id: string, to = ''): Promise<Message | undefined> {
  const answer = await fetch(addressOf(id, to === '' ? '' : `?to=${encodeURIComponent(to)}`))
  return answer.ok ? await answer.json() : undefined
}

/** Says that a message was looked at. */
export async function opened(id: string, to: string): Promise<void> {
  await fetch(addressOf(id, `/open?to=${encodeURIComponent(to)}`), { method: 'POST' })
}

/** Says that a message is still to be looked at. */
export async function markUnread(id: string): Promise<void> {
  await fetch(addressOf(id, '/unread'), { method: 'POST' })
}

/** Lets a recipient do something with a message. */
export async function react(id: string, recipient: string, reaction: string): Promise<void> {
  await send('POST', addressOf(id, '/reactions'), { recipient, reaction })
}

/** Takes messages out of the box; all where none is named. */
export async function remove(ids?: readonly string[]): Promise<void> {
  await send('DELETE', `${BASE}/messages`, ids === undefined ? {} : { ids })
}

async function send(method: string, url: string, body: object): Promise<void> {
  await fetch(url, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
}
