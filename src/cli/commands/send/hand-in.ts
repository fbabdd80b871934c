import { MailError, openSession } from '../../../mail/session.ts'
import { Stop } from '../../invocation/exit.ts'
import { type Letter, rawOf } from './letter.ts'
import type { Route } from './route.ts'

/** What the service said to a message. */
export interface Handed {
  readonly outcome: 'taken' | 'refused'
  /** Its number, where the API answers one. */
  readonly id?: string
  /** With its angle brackets, where it went over SMTP. */
  readonly messageId?: string
  /** What was said last. */
  readonly response: string
  readonly accepted: readonly string[]
  readonly refused: readonly { readonly address: string; readonly response: string }[]
  /** `C: ` ours and `S: ` the server's. */
  readonly dialogue: readonly string[]
}

/** Hands a message in. Throws `ApiError`, and `Stop` where no server answered. */
export async function handIn(letter: Letter, route: Route): Promise<Handed> {
  if (route.by === 'smtp') return await overSmtp(letter, route)
  const answer = await route.account.traffic.send(route.call, letter.mail)
  const none = { refused: [], dialogue: [] }
  if ('refused' in answer) return { outcome: 'refused', response: answer.refused, accepted: [], ...none }
  return { outcome: 'taken', id: answer.id, response: 'taken', accepted: letter.to, ...none }
}

async function overSmtp(letter: Letter, { server, user, password }: Extract<Route, { by: 'smtp' }>): Promise<Handed> {
  const { raw, messageId } = await rawOf(letter)
  const session = await openSession(server).catch((error: unknown) => {
    if (!(error instanceof MailError)) throw error
    throw new Stop(`${server.host}:${server.port}: ${error.message}`, { hint: 'mailconfig check --direct says more' })
  })
  const { dialogue } = session
  try {
    await session.login(user, password)
    const { accepted, refused, response } = await session.send(letter.envelopeFrom, letter.to, raw)
    return { outcome: accepted.length > 0 ? 'taken' : 'refused', messageId, response, accepted, refused, dialogue }
  } catch (error) {
    if (!(error instanceof MailError)) throw error
    return { outcome: 'refused', response: error.response ?? error.message, accepted: [], refused: [], dialogue }
  } finally {
    session.close()
  }
}
