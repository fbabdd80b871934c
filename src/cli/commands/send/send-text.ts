import type { MailEvent } from '../../../model/traffic/traffic.ts'
import { verdictText } from '../../policies/verdict-text.ts'
import { type Paint, printable } from '../../terminal/paint.ts'
import type { Handed } from './hand-in.ts'
import type { Letter } from './letter.ts'
import type { Opinion } from './opinion.ts'
import type { Route } from './route.ts'
import type { Followed } from './wait.ts'

/** What is about to be sent. */
export function letterText({ from, envelopeFrom, to, subject }: Letter, title: string): string {
  const envelope = envelopeFrom === from ? '' : ` (envelope ${printable(envelopeFrom)})`
  return [
    `from     ${printable(from)}${envelope}`,
    `to       ${to.map(printable).join(', ')}`,
    `subject  ${printable(subject)}`,
    `via      ${printable(title)}`,
    '',
  ].join('\n')
}

/** What the model of the service expects. */
export function opinionText(opinion: Opinion, color: Paint): string {
  if ('unknown' in opinion) return `expected ${color.dim(`cannot be told: ${printable(opinion.unknown)}`)}\n`
  const [first = '', ...more] = verdictText(opinion, color).trimEnd().split('\n')
  return `expected ${[first, ...more.map((line) => `         ${line}`)].join('\n')}\n`
}

/** What the service said. */
export function handedText({ outcome, id, response, refused, dialogue }: Handed, color: Paint): string {
  const lines = dialogue.map((line) => color.dim(printable(line)))
  const word = outcome === 'taken' ? color.green('taken') : color.red('refused')
  const said = response.split('\n').map(printable)
  lines.push(`${word}  ${id === undefined ? said.join(`\n${' '.repeat(outcome.length + 2)}`) : printable(id)}`)
  if (outcome === 'taken')
    for (const one of refused) lines.push(`  ${color.red('refused')}  ${printable(`${one.address}: ${one.response}`)}`)
  return `${lines.join('\n')}\n`
}

/** One event, as it comes. */
export function eventText({ event, recipient = '', host = '', response, reason }: MailEvent, color: Paint): string {
  const word = event.padEnd(12)
  const isBad = ['hard-bounced', 'soft-bounced', 'rejected'].includes(event)
  const painted = isBad ? color.red(word) : event === 'delivered' ? color.green(word) : word
  return `  ${[painted, printable(recipient), printable(host), printable(response ?? reason ?? '')].join('  ').trimEnd()}\n`
}

/** For scripts. */
export function sendDocument(told: {
  readonly letter: Letter
  readonly route: Route
  readonly opinion: Opinion
  readonly handed: Handed
  readonly followed: Followed | undefined
}) {
  const { letter, route, opinion, handed, followed } = told
  const { from, envelopeFrom, to, subject } = letter
  const { outcome, id, messageId, response, refused, dialogue } = handed
  return {
    formatVersion: '1.0',
    from,
    envelopeFrom,
    to,
    subject,
    via: route.by,
    route: route.title,
    expected: opinion,
    outcome,
    ...(id === undefined ? {} : { id }),
    ...(messageId === undefined ? {} : { messageId }),
    response,
    refused,
    dialogue,
    ...(followed === undefined ? {} : { isDelivered: followed.isDelivered, events: followed.events }),
  }
}
