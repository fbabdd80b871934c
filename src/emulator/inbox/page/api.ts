/** A message in the list. */
export interface Row {
  readonly id: string
  readonly time: string
  readonly account: string
  readonly channel: string
  readonly login: string
  readonly ip: string
  readonly from: string
  readonly subject: string
  readonly recipients: readonly { readonly address: string; readonly fate: string; readonly rule: string }[]
  /** Why it was refused; empty where it was taken. */
  readonly rule: string
  readonly size: number
  readonly seen: boolean
  readonly tags: readonly string[]
  readonly hasAttachment: boolean
  readonly events: readonly string[]
}

/** A message, opened. */
export interface Message extends Omit<Row, 'events'> {
  readonly envelopeFrom: string
  readonly refused: { readonly rule: string; readonly text: string } | null
  readonly events: readonly {
    readonly event: string
    readonly time: string
    readonly recipient: string
    readonly detail: string
  }[]
  readonly calls: readonly {
    readonly event: string
    readonly url: string
    readonly body: string
    readonly taken: boolean
    readonly tries: readonly { readonly time: string; readonly status: number | null; readonly error: string }[]
  }[]
  readonly tracked: { readonly opens: boolean; readonly clicks: boolean; readonly footer: boolean }
  readonly viewer: string
  readonly headers: readonly (readonly [string, string])[]
  readonly text: string
  readonly html: string
  readonly hasRemotePictures: boolean
  readonly source: string
  readonly parts: readonly {
    readonly name: string
    readonly type: string
    readonly isInline: boolean
    readonly size: number
  }[]
}

/** A login, and how many messages it has. */
export interface Login {
  readonly channel: string
  readonly login: string
  readonly count: number
  readonly unseen: number
}

/** What the list shows. */
export interface Listing {
  readonly version: string
  readonly total: number
  readonly logins: readonly Login[]
  readonly messages: readonly Row[]
}

const BASE = '/__emulator/inbox'

/** The address of something about a message. */
export function addressOf(id: string, what = ''): string {
  return `${BASE}/messages/${encodeURIComponent(id)}${what}`
}

/** The messages that fit; undefined where nothing has changed since. */
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

/** Lets a recipient do something with a message. */
export async function react(id: string, recipient: string, reaction: string): Promise<void> {
  await fetch(addressOf(id, '/reactions'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ recipient, reaction }),
  })
}

/** Forgets messages; all where none is named. */
export async function remove(ids?: readonly string[]): Promise<void> {
  await fetch(`${BASE}/messages`, {
    method: 'DELETE',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(ids === undefined ? {} : { ids }),
  })
}
