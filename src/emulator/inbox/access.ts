import type { BoxChange, BoxLogin, BoxMessage, BoxSent, Reaction } from '../world/mailbox.ts'

/** What the inbox may do with the messages of the emulator. */
export interface InboxAccess {
  /** Another one after every change. */
  version(): string
  /** The oldest first. */
  messages(): readonly BoxMessage[]
  find(id: string): BoxMessage | undefined
  logins(): readonly BoxLogin[]
  change(id: string, change: BoxChange): boolean
  /** Takes some out of the box; all where no ids are given. */
  remove(ids?: readonly string[]): void
  react(id: string, recipient: string, reaction: Reaction, url?: string): boolean
  send(from: string, to: readonly string[], raw: Buffer): BoxSent
}

/** The recipient as whom a message is looked at: the one that is named, else the first who has it. */
export function viewerOf({ recipients }: BoxMessage, named = ''): string {
  const found = recipients.find(({ address }) => address.toLowerCase() === named.toLowerCase())
  return (found ?? recipients.find(({ fate }) => fate === 'delivered') ?? recipients[0])?.address ?? ''
}

/** Somebody looks at a message: it counts as seen, and as opened where opens are counted and the recipient has it. */
export function open(access: InboxAccess, message: BoxMessage, recipient: string): void {
  if (!message.seen) access.change(message.id, { seen: true })
  const has = message.recipients.some(({ address, fate }) => address === recipient && fate === 'delivered')
  if (message.tracked.opens && has) access.react(message.id, recipient, 'open')
}
