import { defined } from '../../model/json.ts'
import { formatPosition, type Position, type Source } from '../../model/position.ts'
import { ruleOf } from '../../policy/rules/rules.ts'
import type { Failure, Verdict } from '../../policy/rules/verdict.ts'
import { type Paint, printable } from '../terminal/paint.ts'

const PHASES = { auth: 'AUTH', http: 'the call', rcpt: 'RCPT TO', data: 'the end of DATA', taken: 'delivery' } as const

/** What is said of a message, as data. */
export function verdictDocument(
  verdict: Verdict,
  scope: string,
  { locate, isOffline }: { readonly locate: (source: Source) => Position; readonly isOffline: boolean },
) {
  const at = (source: Source | undefined) => (source === undefined ? undefined : locate(source))
  return {
    formatVersion: '1.0',
    scope,
    outcome: verdict.outcome,
    isOffline,
    ...defined({ text: verdict.first?.text, phase: verdict.first?.phase }),
    rules: verdict.failures.map(({ rule, phase, because, fix, recipient, source }) => {
      const { evidence, invented } = { invented: undefined, ...ruleOf(rule) }
      return { rule, phase, because, evidence, ...defined({ invented, fix, recipient, at: at(source) }) }
    }),
    recipients: verdict.recipients,
    assumes: verdict.assumes.map(({ what, source }) => ({ what, ...defined({ at: at(source) }) })),
    wouldBeTakenWith: fixes(verdict.failures),
  }
}

function fixes(failures: readonly Failure[]): string[] {
  return [...new Set(failures.flatMap(({ fix }) => fix ?? []))]
}

type VerdictDocument = ReturnType<typeof verdictDocument>

/** What is said of a message, as people read it. */
export function verdictText(document: VerdictDocument, color: Paint): string {
  const { rules, recipients, assumes, wouldBeTakenWith: needed } = document
  const lines = [headline(document, color)]
  const widths = { rule: longest(rules.map(({ rule }) => rule)), because: longest(rules.map(({ because }) => because)) }
  const places = longest(rules.map(({ at }) => (at === undefined ? '' : formatPosition(at))))
  for (const { rule, because, at, evidence } of rules) {
    const place = at === undefined ? '' : formatPosition(at)
    const columns = [
      rule.padEnd(widths.rule),
      because.padEnd(widths.because),
      place.padEnd(places),
      color.dim(evidence),
    ]
    lines.push(`  ${printable(columns.filter((_, index) => index !== 2 || places > 0).join('  '))}`.trimEnd())
  }
  const fates = recipients.filter(({ fate }) => fate !== 'refused' && fate !== 'delivered')
  for (const { address, fate, rule } of fates)
    lines.push(`  ${printable(address)} ${FATES[fate]}${rule === undefined ? '' : ` (${rule})`}`)
  if (needed.length > 0)
    lines.push(
      `It would be ${document.outcome === 'refused' ? 'taken' : 'delivered'} with: ${printable(inWords(needed))}.`,
    )
  for (const { what, at } of assumes)
    lines.push(color.dim(`assumes ${printable(what)}${at === undefined ? '' : ` (${printable(formatPosition(at))})`}`))
  if (document.isOffline) lines.push(color.dim('from the spec alone: the account was not asked'))
  return `${lines.join('\n')}\n`
}

const FATES = {
  suppressed: 'would get nothing: the message is taken and then rejected',
  discarded: 'would get nothing: the sandbox takes it and throws it away',
  queued: 'would get it later: it waits',
  refused: 'is refused',
  delivered: 'gets it',
} as const

function headline({ outcome, text, phase, recipients }: VerdictDocument, color: Paint): string {
  if (outcome === 'refused') {
    const [first = '', ...more] = (text ?? '').split('\n')
    const [, code = '', words = first] = /^(\d{3})[ -](.*)$/s.exec(first) ?? []
    const where = phase === undefined ? '' : ` at ${PHASES[phase]}`
    return [
      `${color.red('refused')}  ${`${code}${where}`.trimStart()}: ${printable(words)}`,
      ...more.map((line) => `         ${printable(line)}`),
    ].join('\n')
  }
  const missed = recipients.filter(({ fate }) => fate !== 'delivered').length
  if (missed === 0)
    return `${color.green('taken')}  and delivered to ${recipients.length === 1 ? 'its recipient' : `all ${recipients.length} recipients`}, as far as the service goes`
  return `${color.yellow('taken')}  but not delivered to ${missed} of ${recipients.length} ${recipients.length === 1 ? 'recipient' : 'recipients'}`
}

function inWords(parts: readonly string[]): string {
  return parts.length < 3 ? parts.join(', and ') : `${parts.slice(0, -1).join(', ')}, and ${parts.at(-1)}`
}

function longest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, text.length), 0)
}
