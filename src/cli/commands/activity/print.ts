import type { Invocation } from '../../invocation/invocation.ts'
import { type Paint, printable } from '../../terminal/paint.ts'
import { csvText } from '../../traffic/csv.ts'
import type { AccountEvent } from './find.ts'

/** Columns of a spreadsheet. */
const COLUMNS = [
  ...(['time', 'account', 'subaccount', 'event', 'sender', 'recipient', 'subject', 'user', 'id'] as const),
  ...(['host', 'response', 'reason', 'ip', 'size'] as const),
]

/** Where events go; `end` is what is left to print when there are no more. */
interface Printer {
  readonly events: (all: readonly AccountEvent[]) => void
  readonly end?: (count: number) => void
}

/** Prints events as they come. */
export function printer({ io, options }: Invocation, color: Paint): Printer {
  const write = (text: string) => void io.stdout.write(text)
  switch (options.format) {
    case 'jsonl':
      return { events: (all) => write(all.map((one) => `${JSON.stringify(one)}\n`).join('')) }
    case 'json': {
      const kept: AccountEvent[] = []
      return {
        events: (all) => void kept.push(...all),
        end: () => write(`${JSON.stringify({ formatVersion: '1.0', events: kept }, null, 2)}\n`),
      }
    }
    case 'csv':
      write(csvText([COLUMNS]))
      return { events: (all) => write(csvText(all.map(cells))) }
    default: {
      const several = (all: readonly AccountEvent[]) => new Set(all.map(({ account }) => account)).size > 1
      return {
        events: (all) => {
          if (options.emailId !== undefined) write(heads(all, color))
          write(all.map((one) => eventText(one, several(all), options.emailId !== undefined, color)).join(''))
        },
        end: (count) => {
          if (count === 0 && options.follow !== true) io.stderr.write('nothing happened\n')
        },
      }
    }
  }
}

function cells(event: AccountEvent): (string | number)[] {
  return COLUMNS.map((name) => event[name] ?? '')
}

/** What is the same for all events of a message. */
function heads(all: readonly AccountEvent[], color: Paint): string {
  const [first] = all
  if (first === undefined) return ''
  const { id, from, sender, subject, user, ip, size } = first
  const lines = [
    ['message', id],
    ['from', from ?? sender],
    ['envelope', sender],
    ['subject', subject],
    ['login', user],
    ['address', ip],
    ['bytes', size === undefined ? undefined : String(size)],
  ].flatMap(([name = '', value]) => (value === undefined ? [] : [`${name.padEnd(9)}${printable(value)}`]))
  return `${color.bold(lines.join('\n'))}\n\n`
}

const BAD = ['hard-bounced', 'soft-bounced', 'rejected', 'spam']

function eventText(event: AccountEvent, hasSeveral: boolean, isLife: boolean, color: Paint): string {
  const { time, account, event: name, sender = '', recipient = '', subject = '', user = '', host, response } = event
  const word = name.padEnd(12)
  const painted = BAD.includes(name) ? color.red(word) : name === 'delivered' ? color.green(word) : word
  const why = [event.reason, response].filter((one, at, both) => one !== undefined && both.indexOf(one) === at)
  const at = `${time.slice(0, 10)} ${time.slice(11, 19)}`
  const parts = isLife
    ? [at, painted, printable(recipient), printable(host ?? '')]
    : [
        at,
        ...(hasSeveral ? [printable(account)] : []),
        painted,
        `${printable(sender)} -> ${printable(recipient)}`,
        printable(subject),
        color.dim(printable(user)),
        color.dim(event.id),
      ]
  const told = why.length === 0 ? '' : `  ${color.dim(printable(why.join('; ')))}`
  return `${parts.filter((one) => one !== '').join('  ')}${told}\n`
}
