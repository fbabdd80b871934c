import type { CallSurroundings } from './call.ts'

/** Somebody who was to get a message, and what became of it. */
export interface BoxRecipient {
  readonly address: string
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
  readonly tries: readonly { readonly time: string; readonly status: number | null; readonly error: string }[]
}

/** A message as people look at it, taken or refused. */
export interface BoxMessage {
  readonly id: string
  /** ISO 8601, in UTC. */
  readonly time: string
  /** The account or subaccount. */
  readonly account: string
  /** How it came: `smtp`, `api`, `ip`; and by which login: an SMTP user, the short form of a key, an address, nobody. */
  readonly channel: string
  readonly login: string
  readonly ip: string
  readonly envelopeFrom: string
  /** The From header. */
  readonly from: string
  readonly subject: string
  readonly recipients: readonly BoxRecipient[]
  readonly refused: { readonly rule: string; readonly text: string } | null
  /** As it was sent, a character for each byte. */
  readonly raw: string
  readonly size: number
  readonly seen: boolean
  readonly tags: readonly string[]
  readonly events: readonly BoxEvent[]
  readonly calls: readonly BoxCall[]
  /** What the service adds to it on its way: counted opens and links, and a footer to unsubscribe with. */
  readonly tracked: { readonly opens: boolean; readonly clicks: boolean; readonly footer: MailFooter | null }
}

/** What stands under a message; `%%UNSUBSCRIBE%%` and `%%EMAIL%%` are filled in. */
export interface MailFooter {
  readonly html: string
  readonly text: string
}

/** What a recipient does with a message. */
export type Reaction = 'open' | 'click' | 'spam' | 'unsubscribe' | 'bounce'

/** The messages of a service, for people and tests that look at them. A method answers false where there is no such message. */
export interface Mailbox<Around = CallSurroundings> {
  /** The oldest first. */
  messages(around: Around): readonly BoxMessage[]
  change(around: Around, id: string, change: { readonly seen?: boolean; readonly tags?: readonly string[] }): boolean
  /** Forgets some; all where no ids are given. */
  remove(around: Around, ids: readonly string[] | undefined): void
  react(around: Around, id: string, recipient: string, reaction: Reaction, url?: string): boolean
  /** Takes a message from a test as if a login had sent it; answers its id, or why not. */
  send(
    around: Around,
    from: string,
    to: readonly string[],
    raw: Buffer,
  ): { readonly id: string } | { readonly refused: string }
}
