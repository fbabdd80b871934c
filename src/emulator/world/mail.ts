import type { CallSurroundings } from './call.ts'

/** Why mail is refused: the SMTP code, and the lines after it. */
export interface MailRefusal {
  readonly code: number
  readonly lines: readonly string[]
}

/** Where a message comes from: who signed in, if anybody did, and the address of the client. */
export interface MailClient {
  /** The name of the login, once `signIn` took it. */
  readonly login?: string
  readonly ip: string
  /** The same for every command about one message. */
  readonly transaction: string
}

/** The envelope of a message: its sender, empty for a bounce, and the recipients that were taken. */
export interface Envelope {
  readonly from: string
  readonly to: readonly string[]
}

/** A call that a service wants made, such as one to a webhook. */
export interface Outgoing {
  readonly id: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly timeoutMs: number
}

/** How a call that a service wanted ended. */
export type OutgoingResult = { readonly status: number } | { readonly error: string }

/** A service that takes mail. A method answers nothing where it has no objection. */
export interface MailDoor<Around = CallSurroundings> {
  signIn(around: Around, username: string, password: string): MailRefusal | undefined
  recipient(around: Around, client: MailClient, envelope: Envelope, recipient: string): MailRefusal | undefined
  take(around: Around, client: MailClient, envelope: Envelope, raw: Buffer): MailRefusal | undefined
}

/** What a service does by itself as time goes by: queues, retries, schedules. */
export interface Errands<Around = CallSurroundings> {
  /** When the next thing is due, in milliseconds; undefined where nothing is. */
  next(around: Around): number | undefined
  /** Does what is due by now, and answers the calls to be made. */
  due(around: Around): readonly Outgoing[]
  done(around: Around, call: Outgoing, result: OutgoingResult): void
}
