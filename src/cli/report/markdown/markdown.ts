import { formatPosition } from '../../../model/position.ts'
import type { GateDocument, PlanDocument, ProblemDocument } from '../../../model/run/plan-document.ts'
import type { ResultDocument } from '../../invocation/telling.ts'
import { sendingLines } from '../../text/sending.ts'
import { clip, html, visible } from '../content/escape.ts'
import { count, isEmpty, outcomeOf, timeWords } from '../content/phrases.ts'
import { allProblems, type RunRecord } from '../content/record.ts'
import { changeSections } from './changes.ts'
import { driftMarkdown } from './drift.ts'
import { code, prose } from './inline.ts'

/** What fits a comment on GitHub, which takes 65,536 characters, with room for what others add. */
export const COMMENT_SIZE = 60_000

/** A run as a comment of a pull request: never longer than `size`, and nothing in it that is not meant. */
export function markdownReport(told: RunRecord, size: number = COMMENT_SIZE): string {
  const marker = `<!-- mailconfig:${told.target.replace(/[^\w./,=-]+/g, '-').replace(/-{2,}/g, '-')} -->\n`
  if (told.drift !== undefined && told.error === undefined)
    return `${marker}${driftMarkdown(told.drift, size - marker.length)}`
  const problems = allProblems(told)
  const { plan } = told
  if (
    plan !== undefined &&
    isEmpty(plan) &&
    problems.length + (told.results ?? []).length === 0 &&
    told.error === undefined
  )
    return `${marker}**mailconfig ${told.command}:** ${told.drift === undefined ? 'nothing to do' : 'no drift'}. ${unchanged(plan)}.\n`
  const head = `${marker}### mailconfig ${told.command}: ${outcomeOf(told)}\n${accountsText(told)}${errorText(told)}`
  const foot = footText(told)
  let left = size - head.length - foot.length - 100
  const parts: string[] = []
  const add = (text: string) => {
    if (text === '') return
    parts.push(text)
    left -= text.length + 1
  }
  const hasResults = told.results !== undefined && told.results.length > 0
  if (plan !== undefined) add(gatesText(plan.gates, left * 0.35))
  add(problemsText(problems, left * (plan === undefined ? 0.9 : 0.2)))
  if (told.results !== undefined && hasResults) add(resultsText(told.results, left * 0.9))
  if (plan !== undefined && !hasResults) {
    const loose = unmanagedText(plan, Math.min(1000, left * 0.1))
    left -= loose.length + 1
    if (told.drift !== undefined && !isEmpty(plan)) add('The next apply undoes it:\n')
    add(sendingText(plan, left * 0.2))
    add(changeSections(plan, left))
    parts.push(loose)
  }
  return [head, ...parts.filter((part) => part !== ''), foot].join('\n')
}

function unchanged({ summary }: PlanDocument): string {
  const stay = summary.noop === 1 ? '1 object is' : `${summary.noop.toLocaleString('en-US')} objects are`
  const loose = summary.unmanaged === 0 ? '' : `, ${summary.unmanaged.toLocaleString('en-US')} not managed`
  return `${stay} as the spec says${loose}`
}

/** Which accounts it is about. */
function accountsText({ plan }: RunRecord): string {
  if (plan === undefined) return ''
  const names = plan.accounts.slice(0, 5).map(({ name, api, url }) => `${code(name)} ${api} ${code(url)}`)
  const rest = plan.accounts.length - names.length
  return names.length === 0 ? '' : `\n${names.join(', ')}${rest === 0 ? '' : ` and ${rest} more`}\n`
}

function errorText({ error }: RunRecord): string {
  if (error === undefined) return ''
  const hint = error.hint === undefined ? '' : `\nWhat to do: ${prose(error.hint, 300)}\n`
  return `\n**Stopped:** ${prose(error.message, 300)}\n${hint}`
}

/** Gates always: whole where there is room, else with what accepts them, else counted by their code. */
function gatesText(gates: readonly GateDocument[], size: number): string {
  if (gates.length === 0) return ''
  const whole = gates.map((gate) => gateLine(gate, true))
  const short = gates.map((gate) => gateLine(gate, false))
  const head = '#### Gates\n\n'
  if (whole.join('').length <= size) return head + whole.join('')
  const shown = fitting(short, size)
  if (shown.length === gates.length) return head + short.join('')
  return head + shown.join('') + restOfGates(gates.slice(shown.length))
}

function gateLine({ number, code: name, reason, accept, accepted }: GateDocument, isWhole: boolean): string {
  const state = accepted ? 'is accepted' : '**stops here**'
  const how = accepted
    ? ''
    : accept === null
      ? ' Nobody can accept it.'
      : ` To accept it: ${code(`--accept ${accept}`)}`
  return `- ${code(number)} ${code(name)} ${state}${isWhole ? `: ${prose(reason, 400)}.` : '.'}${how}\n`
}

function restOfGates(gates: readonly GateDocument[]): string {
  const counts = new Map<string, number>()
  for (const gate of gates) counts.set(gate.code, (counts.get(gate.code) ?? 0) + 1)
  const named = [...counts].map(([name, number]) => `${number.toLocaleString('en-US')} of ${code(name)}`)
  return `- and ${named.join(', ')}\n`
}

/** What becomes possible with a plan, and what no longer is, as a diff. */
function sendingText(plan: PlanDocument, size: number): string {
  const blocks = sendingLines(plan).map(({ scope, lines }) => {
    const shown = lines.map(({ sign, text }) => `${sign} ${clip(visible(text)).replaceAll('`', "'")}`)
    return `Who may send (${code(scope)}):\n\n\`\`\`diff\n${shown.join('\n')}\n\`\`\`\n`
  })
  const shown = fitting(blocks, size)
  return `${shown.join('\n')}${more(blocks.length - shown.length)}`
}

function problemsText(problems: readonly ProblemDocument[], size: number): string {
  if (problems.length === 0) return ''
  const sorted = [...problems].sort((one, other) => one.severity.localeCompare(other.severity))
  const lines = sorted.map(({ code: name, severity, message, hint, at }) => {
    const place = at === undefined ? '' : `${code(formatPosition(at))} `
    return `- ${place}${code(name)} ${severity === 'warning' ? 'warning: ' : ''}${prose(message, 400)}${hint === undefined ? '' : ` · ${prose(hint, 400)}`}\n`
  })
  const shown = fitting(lines, size - 40)
  const title = sorted.some((problem) => problem.severity === 'error') ? 'Problems' : 'Warnings'
  return `#### ${title}\n\n${shown.join('')}${more(lines.length - shown.length)}`
}

const OUTCOMES = [
  ['failed', 'Failed'],
  ['unknown', 'Unknown'],
  ['skipped', 'Not tried'],
  ['done', 'Done'],
] as const

function resultsText(results: readonly ResultDocument[], size: number): string {
  let left = size
  return OUTCOMES.flatMap(([outcome, title]) => {
    const lines = results.filter((one) => one.outcome === outcome).map(resultLine)
    if (lines.length === 0) return []
    const shown = fitting(lines, left - 100)
    const list = shown.join('')
    const folded = outcome === 'done' && shown.length > 10
    const text = folded ? `<details><summary>Done: ${shown.length}</summary>\n\n${list}\n</details>\n` : list
    left -= text.length + 100
    return [`#### ${title} (${lines.length.toLocaleString('en-US')})\n\n${text}${more(lines.length - shown.length)}`]
  }).join('\n')
}

function resultLine({ account, subaccount, address, action, error, note }: ResultDocument): string {
  const scope = subaccount === null ? account : `${account}/${subaccount}`
  const parts = [
    `${action} ${code(`${scope}:${address}`)}`,
    ...(error === undefined
      ? []
      : [prose(error.message, 400), ...(error.hint === undefined ? [] : [prose(error.hint)])]),
    ...(note === undefined ? [] : [prose(note)]),
  ]
  return `- ${parts.join(' · ')}\n`
}

function unmanagedText({ unmanaged }: PlanDocument, size: number): string {
  if (unmanaged.length === 0) return ''
  const names = fitting(
    unmanaged.slice(0, 10).map(({ address }) => code(address)),
    size,
  )
  const rest = unmanaged.length - names.length
  const list = [
    ...names,
    ...(rest === 0 ? [] : [`${names.length === 0 ? '' : 'and '}${rest.toLocaleString('en-US')} more`]),
  ]
  return `Not managed, left alone: ${list.join(', ')}\n`
}

function footText({ plan, seconds, url }: RunRecord): string {
  const facts = [
    ...(plan === undefined
      ? []
      : [`${plan.summary.noop.toLocaleString('en-US')} unchanged`, count(plan.summary.calls, 'call')]),
    ...(plan === undefined || seconds === undefined || isEmpty(plan) ? [] : [timeWords(seconds)]),
    ...(plan === undefined ? [] : [`spec ${code(plan.specHash.slice(0, 19))}`, `mailconfig ${plan.mailconfig}`]),
    ...(url === undefined ? [] : [`<a href="${html(clip(url, 600))}">full report</a>`]),
  ]
  return facts.length === 0 ? '' : `${facts.join(' · ')}\n`
}

function more(number: number): string {
  return number === 0 ? '' : `\nand ${number.toLocaleString('en-US')} more, see the full report\n`
}

function fitting(lines: readonly string[], size: number): string[] {
  const shown: string[] = []
  let used = 0
  for (const line of lines) {
    if (used + line.length > size) break
    used += line.length
    shown.push(line)
  }
  return shown
}
