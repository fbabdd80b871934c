import type { BoxMessage, Reaction } from '../world/mailbox.ts'

/** What the inbox may do with the messages of the emulator. */
export interface InboxAccess {
  /** Grows with every change. */
  version(): number
  /** The oldest first. */
  messages(): readonly BoxMessage[]
  change(id: string, change: { readonly seen?: boolean; readonly tags?: readonly string[] }): boolean
  /** Forgets some; all where no ids are given. */
  remove(ids?: readonly string[]): void
  react(id: string, recipient: string, reaction: Reaction, url?: string): boolean
  send(from: string, to: readonly string[], raw: Buffer): { readonly id: string } | { readonly refused: string }
}

/** A message by its number. */
export function messageOf(access: InboxAccess, id: string): BoxMessage | undefined {
  return access.messages().find((one) => one.id === id)
}

/** The recipient as whom a message is looked at: the one that is named, else the first who has it. */
export function viewerOf({ recipients }: BoxMessage, named = ''): string {
  const found = recipients.find(({ address }) => address === named)
  return (found ?? recipients.find(({ fate }) => fate === 'delivered') ?? recipients[0])?.address ?? ''
}

/** Counts an open, where opens are counted and the recipient has the message. */
export function open(access: InboxAccess, message: BoxMessage, recipient: string): void {
  if (!message.seen) access.change(message.id, { seen: true })
  const has = message.recipients.some(({ address, fate }) => address === recipient && fate === 'delivered')
  if (message.tracked.opens && has) access.react(message.id, recipient, 'open')
}
