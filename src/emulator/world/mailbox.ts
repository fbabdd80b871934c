import type { CallSurroundings } from './call.ts'

/** Somebody who was to get a message, and what became of it. */
export interface BoxRecipient {
  readonly address: string
  /** Where it stands in the message; `bcc` where no header has it. */
  readonly field: 'to' | 'cc' | 'bcc'
  /** `delivered`, `refused`, `suppressed`, `discarded`, `queued`, `delayed`, `bounced`. */
  readonly fate: string
  /** The rule that decided; empty where none did. */
  readonly rule: string
}

/** Something that happened to a message. */
export interface BoxEvent {
  readonly event: string
  /** ISO 8601, in UTC. */
  readonly time: string
  readonly recipient: string
  /** What was said of it: the answer of a server, a reason, a URL, a program. */
  readonly detail: string
}

/** A call of a webhook about a message. */
export interface BoxCall {
  readonly event: string
  readonly url: string
  readonly body: string
  readonly taken: boolean
  /** When it is tried next, in ISO 8601; null when it is over. */
  readonly next: string | null
  readonly tries: readonly { readonly time: string; readonly status: number | null; readonly error: string }[]
}

/** Who may send: an SMTP user, the short form of an API key, or an address without a login; empty for nobody. */
export interface BoxLogin {
  /** `smtp`, `api` or `ip`. */
  readonly channel: string
  readonly login: string
  /** The name of the subaccount; empty for the master account. */
  readonly account: string
}

/** A message as people look at it, taken or refused. */
export interface BoxMessage extends BoxLogin {
  readonly id: string
  /** ISO 8601, in UTC. */
  readonly time: string
  readonly ip: string
  readonly envelopeFrom: string
  /** The From header. */
  readonly from: string
  readonly subject: string
  readonly recipients: readonly BoxRecipient[]
  readonly refused: { readonly rule: string; readonly code: number; readonly text: string } | null
  /** As it was sent, a character for each byte. */
  readonly raw: string
  readonly size: number
  readonly seen: boolean
  readonly tags: readonly string[]
  readonly events: readonly BoxEvent[]
  readonly calls: readonly BoxCall[]
  /** The message that this one is an audit copy of. */
  readonly copyOf: string | null
  /** What the service adds to it on its way: counted opens and links, and a footer to unsubscribe with. */
  readonly tracked: { readonly opens: boolean; readonly clicks: boolean; readonly footer: MailFooter | null }
}

/** What stands under a message; `%%UNSUBSCRIBE%%` and `%%EMAIL%%` are filled in. */
export interface MailFooter {
  readonly html: string
  readonly text: string
}

/** What a recipient does with a message, and what its server may do late. */
export type Reaction = 'open' | 'click' | 'spam' | 'unsubscribe' | 'bounce'

/** What people change about a message. */
export interface BoxChange {
  readonly seen?: boolean
  readonly tags?: readonly string[]
}

/** How a message ended that a test sent. */
export type BoxSent = { readonly id: string } | { readonly refused: string }

/** The messages of a service, for people and tests that look at them. A method answers false where there is no such message. */
export interface Mailbox<Around = CallSurroundings> {
  /** The oldest first; without those that were removed. */
  messages(around: Around): readonly BoxMessage[]
  find(around: Around, id: string): BoxMessage | undefined
  /** Everybody who may send, whether they have sent or not. */
  logins(around: Around): readonly BoxLogin[]
  change(around: Around, id: string, change: BoxChange): boolean
  /** Takes some out of the box, all where no ids are given; the history of the account keeps them. */
  remove(around: Around, ids: readonly string[] | undefined): void
  react(around: Around, id: string, recipient: string, reaction: Reaction, url?: string): boolean
  /** Takes a message from a test as if a login had sent it. */
  send(around: Around, from: string, to: readonly string[], raw: Buffer): BoxSent
}
