import { visible } from '../content/escape.ts'
import { findingsOf, sentences } from '../content/findings.ts'
import { outcomeOf } from '../content/phrases.ts'
import type { RunRecord } from '../content/record.ts'

/** What a run found as annotations of a GitHub job: a line for each, the worst first, and the verdict. */
export function annotationsReport(told: RunRecord): string {
  const lines = findingsOf(told).map((finding) => {
    const { code, level, at } = finding
    const place = at === undefined ? {} : { file: at.file, line: String(at.line), col: String(at.column) }
    return command(level === 'note' ? 'notice' : level, { ...place, title: code }, sentences(finding))
  })
  const failed = (told.results ?? [])
    .filter((one) => one.outcome === 'failed' || one.outcome === 'unknown')
    .map(({ address, outcome, error }) =>
      command(
        'error',
        { title: `${outcome}: ${address}` },
        sentences({ message: error?.message ?? outcome, ...(error?.hint === undefined ? {} : { hint: error.hint }) }),
      ),
    )
  const stopped =
    told.error === undefined ? [] : [command('error', { title: `mailconfig ${told.command}` }, sentences(told.error))]
  const verdict = command('notice', { title: `mailconfig ${told.command}` }, outcomeOf(told))
  return [...lines, ...failed, ...stopped, verdict].map((line) => `${line}\n`).join('')
}

function command(name: string, properties: Readonly<Record<string, string>>, message: string): string {
  const given = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(visible(value))}`)
  return `::${name} ${given.join(',')}::${escapeMessage(message)}`
}

function escapeMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
