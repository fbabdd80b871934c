import { randomInt } from 'node:crypto'
import { isAskable } from '../names/name.ts'
import { overTcp, overUdp, type Silence } from './exchange.ts'
import { decodeReply, encodeQuestion, type Question, type Reply } from './message.ts'
import type { DnsServer } from './server.ts'

/** How long one try may take, in milliseconds, and what ends it before. */
export interface Patience {
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** Tries by UDP before a server counts as silent: a datagram may get lost. */
const TRIES = 2

/** Asks one server one question: by UDP, and by TCP where the answer is cut off. Never throws. */
export async function ask(server: DnsServer, question: Question, patience: Patience): Promise<Reply | Silence> {
  if (!isAskable(question.name)) return { why: 'DNS cannot hold this name' }
  const found = await asked(server, question, patience, 'edns')
  // A server that does not know EDNS says so with this code (RFC 6891, section 7).
  return 'why' in found || found.code !== 'FORMERR' ? found : await asked(server, question, patience, 'plain')
}

async function asked(
  server: DnsServer,
  question: Question,
  patience: Patience,
  form: 'edns' | 'plain',
): Promise<Reply | Silence> {
  const id = randomInt(0x1_0000)
  const bytes = encodeQuestion(question, id, form)
  const exchange = {
    ...{ server, bytes, ...patience },
    read: (answer: Buffer) => decodeReply(answer, question, id),
  }
  let found: Reply | Silence = { why: '' }
  for (let tried = 0; tried < TRIES && 'why' in found && !patience.signal.aborted; tried += 1)
    found = await overUdp(exchange)
  return 'why' in found || !found.isTruncated ? found : await overTcp(exchange)
}
