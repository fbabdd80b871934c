import { formatScope, qualify } from '../../../model/address.ts'
import { defined } from '../../../model/json.ts'
import { formatPosition } from '../../../model/position.ts'
import type { ChangeDocument, GateDocument } from '../../../model/run/plan-document.ts'
import { visible } from '../content/escape.ts'
import { DRIFT, findingsOf, type ReportFinding, sentences } from '../content/findings.ts'
import { reasonWords } from '../content/phrases.ts'
import type { RunRecord } from '../content/record.ts'

/** One test: what it is about, and how it came out. */
interface Case {
  readonly name: string
  readonly group: string
  readonly file?: string
  readonly outcome?: {
    readonly tag: 'failure' | 'error' | 'skipped'
    readonly type: string
    readonly message: string
    readonly text: string
  }
}

/** A run as JUnit XML: a test for each file of the spec, each change of a plan, or each result of an apply. */
export function junitReport(told: RunRecord): string {
  const cases = casesOf(told)
  const count = (tag: string) => cases.filter(({ outcome }) => outcome?.tag === tag).length
  const numbers = `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`
  const name = xml(`mailconfig ${told.command}`)
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="mailconfig" ${numbers}>\n` +
    `  <testsuite name="${name}" ${numbers}>\n${cases.map(caseText).join('')}  </testsuite>\n</testsuites>\n`
  )
}

function casesOf(told: RunRecord): Case[] {
  const found = findingsOf(told)
  const isGate = new Set((told.plan?.gates ?? []).map(({ code }) => code))
  const problems = found.filter(({ code }) => code !== DRIFT && !isGate.has(code))
  const all = [...fileCases(told, problems), ...resultCases(told)]
  const changes = told.results === undefined || told.results.length === 0 ? changeCases(told) : []
  const cases = [...all, ...changes]
  if (told.error === undefined || cases.some(({ outcome }) => outcome !== undefined)) return cases
  const outcome = { tag: 'error' as const, type: 'stopped', message: told.error.message, text: sentences(told.error) }
  return [...cases, { name: told.command, group: 'mailconfig', outcome }]
}

/** A test for each file, which fails with its problems; those that stand nowhere are a test of their own. */
function fileCases({ files, plan }: RunRecord, problems: readonly ReportFinding[]): Case[] {
  const named = problems.flatMap(({ at }) => (at === undefined ? [] : [at.file]))
  const loose = problems.some(({ at }) => at === undefined) ? [undefined] : []
  const shown = plan === undefined ? files : [] // a plan says of each change how it is
  return [...new Set([...shown, ...named, ...loose])].map((file) => {
    const here = problems.filter(({ at }) => at?.file === file)
    const errors = here.filter(({ level }) => level === 'error')
    const base = { name: file ?? 'spec', group: 'spec', ...defined({ file }) }
    const [first] = errors
    if (first === undefined) return base
    const text = errors
      .map((one) => `${one.at === undefined ? '' : `${formatPosition(one.at)} `}${one.code} ${sentences(one)}`)
      .join('\n')
    const message = errors.length === 1 ? first.message : `${errors.length} problems, the first: ${first.message}`
    return { ...base, outcome: { tag: 'failure', type: first.code, message, text } }
  })
}

/** A test for each change, which fails if a gate stops it or somebody changed the object outside the spec; a gate that names none is one, too. */
function changeCases({ plan, drift }: RunRecord): Case[] {
  if (plan === undefined) return []
  const closed = plan.gates.filter((gate) => !gate.accepted)
  const byAddress = new Map(closed.flatMap((gate) => gate.addresses.map((address) => [address, gate] as const)))
  const known = new Set(plan.changes.map((change) => qualify(change, change.address)))
  const loose = closed.filter((gate) => !gate.addresses.some((address) => known.has(address)))
  return [
    ...plan.changes.map((change) =>
      changeCase(change, byAddress.get(qualify(change, change.address)), drift !== undefined),
    ),
    ...loose.map((gate): Case => ({ name: `${gate.number} ${gate.code}`, group: 'gates', outcome: gateOutcome(gate) })),
  ]
}

function changeCase(change: ChangeDocument, gate: GateDocument | undefined, isDrift: boolean): Case {
  const base = {
    name: `${change.action} ${change.address}`,
    group: `${formatScope(change)}.${change.kind}`,
    ...(change.source === null ? {} : { file: change.source.file }),
  }
  if (gate !== undefined) return { ...base, outcome: gateOutcome(gate) }
  const drift = reasonWords(change.reason) ?? (isDrift ? 'perhaps changed outside the spec' : undefined)
  if (drift === undefined) return base
  const text = change.fields.map(({ path }) => path).join('\n')
  return { ...base, outcome: { tag: 'failure', type: 'drift', message: drift, text } }
}

function gateOutcome({ number, code, reason, accept }: GateDocument): NonNullable<Case['outcome']> {
  const text = accept === null ? reason : `${reason}\nto accept it: --accept ${accept}`
  return { tag: 'failure', type: code, message: `${number} ${code}: ${reason}`, text }
}

function resultCases({ results = [] }: RunRecord): Case[] {
  return results.map(({ account, subaccount, address, action, outcome, error }) => {
    const base = {
      name: `${action} ${address}`,
      group: `${formatScope({ account, subaccount })}.${address.split('/')[0]}`,
    }
    if (outcome === 'done') return base
    const message = error?.message ?? outcome
    const tag = outcome === 'failed' ? 'failure' : outcome === 'unknown' ? 'error' : 'skipped'
    const text = sentences({ message, ...(error?.hint === undefined ? {} : { hint: error.hint }) })
    return { ...base, outcome: { tag, type: error?.code ?? outcome, message, text } }
  })
}

function caseText({ name, group, file, outcome }: Case): string {
  const place = file === undefined ? '' : ` file="${xml(file)}"`
  const open = `    <testcase name="${xml(name)}" classname="${xml(group)}"${place}`
  if (outcome === undefined) return `${open}/>\n`
  const { tag, type, message, text } = outcome
  const attributes = tag === 'skipped' ? `message="${xml(message)}"` : `message="${xml(message)}" type="${xml(type)}"`
  const body = text.split('\n').map(xml).join('\n')
  return `${open}>\n      <${tag} ${attributes}>${body}</${tag}>\n    </testcase>\n`
}

/** A text in XML; characters that XML cannot hold are shown as codes, or left out where they are none. */
function xml(text: string): string {
  return visible(text)
    .replace(/[\ufffe\uffff]/g, '')
    .replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}
