import type { Attribute, Diagnostic, Schema, Value, ValueMap } from '../protocol/plugin.ts'

/** What the history can be grouped by, in the API's words. */
export const GROUPS = {
  sender: 'email_address',
  username: 'username',
  domain: 'domain',
  subaccount: 'subaccount',
} as const

/** What can be asked for by itself. */
export const PARTS = ['cycle', 'bounces', 'spam', 'unsubscribes'] as const

function number(name: string, description: string): Attribute {
  return { name, type: 'number', computed: true, description }
}

function text(name: string, description: string): Attribute {
  return { name, type: 'string', computed: true, description }
}

function object(name: string, description: string, attributes: readonly Attribute[]): Attribute {
  return { name, computed: true, description, nested: { nesting: 'single', attributes } }
}

const emails = number('emails', 'Mails sent in that time.')
const percent = number('percent', 'Their share of the mails, in percent.')

/** What an account has sent, and what became of it. */
export const statisticsSchema: Schema = {
  version: 0,
  description:
    'What an SMTP2GO account sent in the last 30 days and what became of it, and how much of its plan is left. It is read again with every plan, so it suits `check` blocks.',
  attributes: [
    {
      name: 'username',
      type: 'string',
      optional: true,
      description:
        'Only the mail of this SMTP user, or of an API key by its first 16 characters. The cycle and the history are those of the account. Whether the API refuses a name that nobody has is not known: it may answer zeros.',
    },
    {
      name: 'subaccount',
      type: 'string',
      optional: true,
      description:
        'The figures of this subaccount, from its plan and from `/stats/email_history`; what these do not say (`cycle.start`, `cycle.end`, `bounces.soft`, `bounces.hard`) is null. Not together with `username`.',
    },
    {
      name: 'parts',
      type: ['set', 'string'],
      optional: true,
      description: `Which of ${PARTS.join(', ')} to ask for, each with a call of its own, for a key that may not call \`/stats/email_summary\`; the others are null, and so is \`summary\`. All of them with that one call if left out; \`[]\` for the history alone.`,
    },
    {
      name: 'history_by',
      type: 'string',
      optional: true,
      description: `Fills \`history\`, grouped by ${Object.keys(GROUPS).join(', ')}. Without \`subaccount\` the API may count the mail of subaccounts, too.`,
    },
    {
      name: 'history_from',
      type: 'string',
      optional: true,
      description: 'When the history begins, such as `2026-01-31` or `2026-01-31T12:00:00Z`; 30 days ago if left out.',
    },
    { name: 'history_until', type: 'string', optional: true, description: 'When it ends; now if left out.' },
    object('cycle', 'The billing cycle of the plan.', [
      text('start', 'When it begins, such as `2026-01-01T00:00:00Z`.'),
      text('end', 'When it ends, as the API says: midnight of its last day.'),
      number('used', 'Mails sent in it.'),
      number('remaining', 'Mails left in it.'),
      number('max', 'Mails in the plan.'),
    ]),
    object('summary', 'All mail in the last 30 days.', [
      emails,
      number('opens', 'How often they were opened.'),
      number('clicks', 'How often a link in them was followed.'),
      number('rejects', 'Mails that the service refused to send.'),
    ]),
    object('bounces', 'Mails that came back in the last 30 days.', [
      emails,
      number('total', 'How many came back.'),
      number('soft', 'How many of them for now.'),
      number('hard', 'How many of them for good.'),
      percent,
    ]),
    object('spam', 'Complaints about spam in the last 30 days.', [emails, number('total', 'How many.'), percent]),
    object('unsubscribes', 'Unsubscribes in the last 30 days.', [emails, number('total', 'How many.'), percent]),
    {
      name: 'history',
      computed: true,
      description: 'Who sent what, with `history_by`; null without. A share that the API does not say is null.',
      nested: { nesting: 'list', attributes: historyAttributes() },
    },
  ],
}

function historyAttributes(): Attribute[] {
  return [
    text('name', 'The sender address, username, domain or name of the subaccount.'),
    text('description', 'Of a username.'),
    { name: 'domain_verified', type: 'bool', computed: true, description: 'Of a domain.' },
    number('emails', 'Mails sent.'),
    number('bytes', 'Their size together.'),
    number('average_size', 'Their size on average.'),
    text('last_ip', 'Where the last one came from.'),
    ...['bounces', 'clicks', 'opens', 'rejects', 'spam', 'unsubscribes'].map((name) => number(name, 'How many.')),
    ...['bounce', 'open', 'reject', 'spam', 'unsubscribe'].map((name) =>
      number(`${name}_percent`, 'Share of the mails, in percent.'),
    ),
  ]
}

const TIME = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/

/** What is wrong with a question, as far as it is known. */
export function checkStatistics(config: ValueMap): readonly Diagnostic[] {
  const found: (Diagnostic | undefined)[] = [
    wrongWord('history_by', config['history_by'] ?? null, Object.keys(GROUPS)),
    ...wordsOf(config['parts'] ?? null).map((word) => wrongWord('parts', word, PARTS)),
    ...['history_from', 'history_until'].map((name) => wrongTime(name, config)),
    isGiven(config['username']) && isGiven(config['subaccount'])
      ? problem(
          'username',
          'There are no such figures',
          'The API has no figures of one login in a subaccount. Leave out "username" or "subaccount", or read the history of the subaccount with history_by = "username".',
        )
      : undefined,
  ]
  return found.filter((one) => one !== undefined)
}

function wordsOf(value: Value): readonly Value[] {
  return Array.isArray(value) ? value : []
}

function isGiven(value: Value | undefined): boolean {
  return typeof value === 'string'
}

function wrongWord(name: string, value: Value, words: readonly string[]): Diagnostic | undefined {
  if (typeof value !== 'string' || words.includes(value)) return undefined
  return problem(name, 'This is not a value for it', `"${name}" knows ${words.join(', ')}, and this is "${value}".`)
}

function wrongTime(name: string, config: ValueMap): Diagnostic | undefined {
  const value = config[name]
  if (typeof value !== 'string') return undefined
  if (!TIME.test(value) || Number.isNaN(Date.parse(value)))
    return problem(name, 'This is not a time', `"${value}" should be such as 2026-01-31 or 2026-01-31T12:00:00Z.`)
  const [from, until] = [config['history_from'], config['history_until']]
  if (name === 'history_until' && typeof from === 'string' && Date.parse(from) > Date.parse(String(until)))
    return problem(name, 'The history ends before it begins', `"${from}" is later than "${value}".`)
  if ((config['history_by'] ?? null) === null)
    return problem(
      name,
      'There is no history to narrow down',
      `Give "history_by" too: ${Object.keys(GROUPS).join(', ')}.`,
    )
  return undefined
}

function problem(name: string, summary: string, detail: string): Diagnostic {
  return { severity: 'error', summary, detail, path: [name] }
}
