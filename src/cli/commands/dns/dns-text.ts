import { asciiName, shownName } from '../../../dns/names/name.ts'
import { largest } from '../../../model/append.ts'
import { formatPosition } from '../../../model/position.ts'
import type { DmarcDocument, DnsDocument, DnsDomainDocument } from '../../../model/run/dns-document.ts'
import type { ProblemDocument } from '../../../model/run/plan-document.ts'
import { type Paint, printable } from '../../terminal/paint.ts'

type RecordDocument = DnsDomainDocument['records'][number]

/** The records of each domain as people read them. */
export function recordsText({ domains, awaited }: DnsDocument, color: Paint): string {
  const blocks = domains.map((one) => [
    color.bold(headOf(one)),
    ...columns(one.records.map((record) => ['', record.type, labelOf(one, record), record.value])),
    color.dim('  The last one is a suggestion for a domain without a DMARC record; add "rua=mailto:…" to get reports.'),
  ])
  const text = [...blocks, ...awaitedLines(awaited, color)].map((lines) => lines.join('\n')).join('\n\n')
  return text === '' ? 'There is no sender domain.\n' : `${text}\n`
}

/** What was found out about each domain as people read it. */
export function checkText(document: DnsDocument, color: Paint): string {
  const { domains, singleSenders, awaited, problems, summary } = document
  const blocks = [
    ...domains.map((one) => domainLines(one, color)),
    ...singleSenders.map(({ email, account, subaccount, dmarc }) => [
      color.bold(printable(`${email}  a single sender${placeOf({ account, subaccount })}`)),
      `  DMARC  ${printable(singlePolicy(email, dmarc))}`,
    ]),
    ...awaitedLines(awaited, color),
    ...(problems.length === 0 ? [] : [problems.flatMap((one) => problemLines(one, color))]),
  ]
  if (summary === undefined) return ''
  return `${[...blocks.map((lines) => lines.join('\n')), verdictText(summary, awaited.length, color)].join('\n\n')}\n`
}

/** The last line: how many domains are as they should be. */
function verdictText(
  { right, wrong, unknown }: NonNullable<DnsDocument['summary']>,
  awaited: number,
  color: Paint,
): string {
  const all = right + wrong + unknown
  if (all === 0 && awaited === 0) return 'There is no sender domain.'
  const noun = all === 1 ? 'domain' : 'domains'
  const verb = (count: number) => (count === 1 ? 'is' : 'are')
  const said = [
    ...(wrong > 0 ? [color.red(`${wrong} of ${all} ${noun} ${verb(wrong)} not right.`)] : []),
    ...(unknown > 0 ? [color.yellow(`${unknown} of ${all} ${noun} cannot be judged.`)] : []),
  ]
  if (awaited > 0)
    said.push(color.red(`${awaited} declared ${awaited === 1 ? 'domain is' : 'domains are'} not in the account yet.`))
  if (said.length > 0) return said.join(' ')
  return color.green(
    all === 1 ? 'The records of the domain are right.' : `The records of all ${all} domains are right.`,
  )
}

/** One line for each record that has another verdict than before. */
export function changeLines(before: DnsDocument | undefined, now: DnsDocument): string[] {
  const known = new Map(
    (before?.domains ?? []).flatMap((one) =>
      one.records.map((record) => [`${placeOf(one)} ${record.name}`, record.verdict]),
    ),
  )
  return now.domains.flatMap((one) =>
    one.records.flatMap((record) =>
      known.get(`${placeOf(one)} ${record.name}`) === record.verdict
        ? []
        : [
            printable(
              `${record.name}  ${record.verdict ?? ''}${record.reason === undefined ? '' : `  ${record.reason}`}`,
            ),
          ],
    ),
  )
}

function domainLines(one: DnsDomainDocument, color: Paint): string[] {
  const asked = one.asked === undefined || one.asked.length === 0 ? '' : `  asked ${one.asked.join(' ')}`
  const rows = one.records.map((record) => [
    record.verdict ?? '',
    `${record.type} ${labelOf(one, record)}`,
    record.value,
    record.reason ?? '',
  ])
  const { spf, dmarc } = one
  const tail = [
    ...(spf === undefined ? [] : [['SPF', `${spfWords(spf)}; ${NOT_NEEDED}`, '', '']]),
    ...(dmarc === undefined ? [] : [['DMARC', dmarcWords(dmarc), '', '']]),
  ]
  return [
    `${color.bold(headOf(one))}${color.dim(printable(asked))}`,
    ...columns([...rows, ...tail], (word) => painted(word, color)),
  ]
}

const COLORS = {
  right: 'green',
  spreading: 'yellow',
  unreachable: 'yellow',
  missing: 'red',
  wrong: 'red',
  flattened: 'red',
} as const

function painted(word: string, color: Paint): string {
  const plain = word.trim()
  const name = Object.entries(COLORS).find(([verdict]) => verdict === plain)?.[1]
  return name === undefined ? word : color[name](word)
}

/** Rows under each other; what stands alone in a row does not make a column wide. */
function columns(rows: readonly (readonly string[])[], first: (text: string) => string = (text) => text): string[] {
  const width = (at: number) =>
    largest(rows.map((row) => (row.slice(at + 1).some((cell) => cell !== '') ? (row[at] ?? '').length : 0)))
  const widths = [0, 1, 2].map(width)
  return rows.map((row) => {
    const cells = row.map((cell, at) => printable(cell).padEnd(widths[at] ?? 0))
    const [head = '', ...rest] = cells
    const line = [...(widths[0] === 0 ? [] : [first(head)]), ...rest].join('  ')
    return `  ${line}`.trimEnd()
  })
}

function headOf(one: DnsDomainDocument): string {
  const shown = shownName(one.domain)
  return printable(`${one.domain}${shown === one.domain ? '' : ` (${shown})`}${placeOf(one)}`)
}

/** Where a sender is, where that is not the account itself. */
function placeOf({ account, subaccount }: { readonly account: string; readonly subaccount: string | null }): string {
  return subaccount === null ? '' : ` (${account}/${subaccount})`
}

function labelOf({ domain }: DnsDomainDocument, { name }: RecordDocument): string {
  const end = `.${asciiName(domain)}`
  return name.endsWith(end) ? name.slice(0, -end.length) : name
}

/** Said beside every SPF record, so that nobody changes one for this service. */
const NOT_NEEDED = 'this service needs no change there: its return path is a CNAME'

function spfWords({ result, lookups, failure }: NonNullable<DnsDomainDocument['spf']>): string {
  const count = `${lookups} of 10 lookups`
  switch (result) {
    case 'none':
      return 'no record'
    case 'permerror':
      return `broken, ${count}`
    case 'temperror':
      return `cannot be told: ${failure ?? ''}`
    case 'pass':
      return `lets everybody send, ${count}`
    case 'fail':
    case 'softfail':
    case 'neutral':
      return `fine, ${count}`
  }
}

function dmarcWords(dmarc: DmarcDocument): string {
  const { dkimAligned, spfAligned } = dmarc
  const aligned = (name: string, is: boolean | null) =>
    is === null ? `${name} cannot be told` : is ? `${name} aligned` : `${name} not aligned`
  return `${policyWords(dmarc)}; ${aligned('DKIM', dkimAligned)}, ${aligned('SPF', spfAligned)}`
}

function policyWords({ policy, policyDomain, tag, failure }: DmarcDocument): string {
  if (policy !== null) return `${policy} by ${tag ?? 'p'} of ${policyDomain ?? ''}`
  return failure === undefined ? 'no policy' : `cannot be told: ${failure}`
}

function singlePolicy(email: string, dmarc: DmarcDocument): string {
  const domain = email.slice(email.lastIndexOf('@') + 1)
  const isEnforced = dmarc.policy === 'quarantine' || dmarc.policy === 'reject'
  const fate = isEnforced ? `fails: ${domain} does not sign it` : `is not signed by ${domain}`
  return `${policyWords(dmarc)}; its mail ${fate}`
}

function awaitedLines(awaited: DnsDocument['awaited'], color: Paint): string[][] {
  return awaited.map((one) => [
    `${color.bold(printable(`${one.domain}${placeOf(one)}`))}  not in the account yet: its records are known once it was applied`,
  ])
}

function problemLines({ code, severity, message, hint, at }: ProblemDocument, color: Paint): string[] {
  const place = at === undefined ? '' : `${printable(formatPosition(at))} `
  const word = severity === 'error' ? color.red(code) : color.yellow(code)
  return [`${place}${word} ${printable(message)}`, ...(hint === undefined ? [] : [`  ${color.cyan(printable(hint))}`])]
}
