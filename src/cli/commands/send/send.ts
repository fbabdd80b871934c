import type { MailEvent } from '../../../model/traffic/traffic.ts'
import { refuseUnreviewed } from '../../ci/review.ts'
import { EXIT, Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { openSpec } from '../../session/spec.ts'
import { ask } from '../../terminal/ask.ts'
import { paint } from '../../terminal/paint.ts'
import { openTraffic } from '../../traffic/accounts.ts'
import { type Handed, handIn } from './hand-in.ts'
import { readLetter } from './letter.ts'
import { opinionOn } from './opinion.ts'
import { type Route, routeOf, type SendRun } from './route.ts'
import { eventText, handedText, letterText, opinionText, sendDocument } from './send-text.ts'
import { type Followed, follow } from './wait.ts'

/** Sends one message, after a question. Exit 0 delivered, or taken without `--wait`; 1 refused; 2 not delivered in time. */
export async function send(invocation: Invocation): Promise<number> {
  refuseUnreviewed(invocation)
  const letter = readLetter(invocation)
  const opinion = await opinionOn(letter, invocation)
  const run = await openRun(invocation)
  if ('code' in run) return run.code
  try {
    const { io, options } = invocation
    const color = paint(io.stderr, io.env, options.color)
    const route = routeOf(run, invocation)
    if (options.wait !== undefined && route.account === undefined)
      throw new Stop('--wait needs an account that tells what became of its mail, and a provider has none')
    io.stderr.write(letterText(letter, route.title) + opinionText(opinion, color))
    if (options.autoApprove !== true) {
      const answer = await ask(invocation, `Send it to ${letter.to.join(', ')}?`)
      if (answer !== 'yes') return answer === 'no' ? EXIT.failed : EXIT.interrupted
    }
    const since = io.now()
    const handed = await handIn(letter, route)
    const isText = options.format !== 'json'
    if (isText) io.stdout.write(handedText(handed, paint(io.stdout, io.env, options.color)))
    const followed = await watched(route, handed, since, invocation)
    invocation.tell({ isPrinted: true })
    if (!isText)
      io.stdout.write(`${JSON.stringify(sendDocument({ letter, route, opinion, handed, followed }), null, 2)}\n`)
    if (handed.outcome === 'refused') return EXIT.failed
    if (handed.refused.length > 0) return EXIT.changes
    return followed === undefined || followed.isDelivered ? EXIT.ok : EXIT.changes
  } finally {
    await run.connection?.close()
  }
}

/** A provider needs the spec alone. */
async function openRun(invocation: Invocation): Promise<SendRun | { readonly code: number }> {
  if (invocation.options.provider === undefined) return await openTraffic(invocation, { mail: true })
  const located = await openSpec(invocation)
  return 'code' in located ? located : { accounts: [], spec: located.spec }
}

async function watched(
  { account }: Route,
  handed: Handed,
  since: Date,
  { io, options }: Invocation,
): Promise<Followed | undefined> {
  if (options.wait === undefined || account === undefined || handed.outcome === 'refused') return undefined
  const color = paint(io.stdout, io.env, options.color)
  const told = (event: MailEvent) => {
    if (options.format !== 'json') io.stdout.write(eventText(event, color))
  }
  const followed = await follow(account, handed, { io, since, waitMs: options.wait, told })
  if (!followed.isDelivered && followed.events.length === 0) io.stderr.write('nothing was heard of it in time\n')
  return followed
}
