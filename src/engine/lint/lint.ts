import { formatScope } from '../../model/address.ts'
import { defined } from '../../model/json.ts'
import type { LintLevel } from '../../model/lint/lint.ts'
import { lints } from '../../model/lint/lints.ts'
import { type Position, type Source, step } from '../../model/position.ts'
import type { Problem } from '../../model/problem.ts'
import { closest } from '../../model/text/closest.ts'
import type { SpecFile } from '../yaml/files.ts'
import { type Allowed, allowedIn } from './allowed.ts'
import { type Around, aroundOf, type Family, type LintedSpec, type LintFinding } from './finding.ts'
import { loginFindings } from './logins.ts'
import { networkFindings } from './networks.ts'
import { senderFindings } from './senders.ts'
import { suppressionFindings } from './suppressions.ts'
import { templateFindings } from './templates.ts'
import { webhookFindings } from './webhooks.ts'

const families: readonly Family[] = [
  senderFindings,
  loginFindings,
  networkFindings,
  webhookFindings,
  templateFindings,
  suppressionFindings,
]

const byCode: ReadonlyMap<string, (typeof lints)[number]> = new Map(lints.map((one) => [one.code, one]))

/** What is needed to look for what is odd. */
interface LintTools {
  /** `errors`: only what the spec makes an error, for a run that nobody reads the warnings of. */
  readonly which: 'all' | 'errors'
  readonly faultsIn: Around['faultsIn']
}

/** Everything in a sound spec that is seldom what anybody wants, without what a comment allows; with what is wrong with these comments. */
export async function lintSpec(
  spec: LintedSpec,
  files: readonly SpecFile[],
  { which, faultsIn }: LintTools,
  locateIn: () => Promise<(source: Source) => Position>,
): Promise<Problem[]> {
  const level = levels(spec)
  const isWanted = (finding: LintFinding) => level(finding) === 'error' || (which === 'all' && level(finding) !== 'off')
  const around = aroundOf(spec, faultsIn)
  const findings = families.flatMap((find) => find(around)).filter(isWanted)
  const comments = files.flatMap(allowedIn)
  if (comments.length === 0) return findings.map((finding) => problemOf(finding, level(finding)))
  const locate = await locateIn()
  const sound = new Map(comments.filter(isSound).map((one) => [lineKey(one.code, one.at.file, one.line), one]))
  const used = new Set<Allowed>()
  const left = findings.filter((finding) => {
    const found = placesOf(finding, locate).flatMap(
      ({ file, line }) => sound.get(lineKey(finding.code, file, line)) ?? [],
    )
    for (const one of found) used.add(one)
    return found.length === 0
  })
  const unsound = comments.flatMap((one) => (which === 'all' || !isSound(one) ? wrongWith(one, used) : []))
  return [...left.map((finding) => problemOf(finding, level(finding))), ...unsound]
}

/** The level of a finding: what the documents of its scope say, or what is usual. */
function levels(spec: LintedSpec): (finding: LintFinding) => LintLevel {
  const said = new Map(spec.scopes.map(({ scope, lint: settings }) => [formatScope(scope), settings]))
  return ({ code, object }) => said.get(formatScope(object.scope))?.get(code) ?? byCode.get(code)?.severity ?? 'off'
}

/** Where a comment may stand: at the field, or at the entry; at the entry that names a list, for what is in the list. */
function placesOf({ object, path }: LintFinding, locate: (source: Source) => Position): readonly Position[] {
  const { at, ...entry } = object.source
  if (at !== undefined) return [locate(entry), locate(step(entry, 'file'))]
  return [locate({ ...entry, path: [...entry.path, ...path] }), locate(entry)]
}

function problemOf({ code, object, path, message }: LintFinding, level: LintLevel): Problem {
  const { source } = object
  return {
    code,
    message: `${object.address}: ${message}`,
    source: { ...source, path: [...source.path, ...path] },
    ...defined({ hint: byCode.get(code)?.fix }),
    ...(level === 'error' ? {} : { severity: 'warning' as const }),
  }
}

function lineKey(code: string, file: string, line: number): string {
  return `${code} ${line} ${file}`
}

function isSound({ code, reason }: Allowed): boolean {
  return byCode.has(code) && reason !== ''
}

function wrongWith(comment: Allowed, used: ReadonlySet<Allowed>): Problem[] {
  const { code, reason, at } = comment
  if (!byCode.has(code)) {
    const guess = closest(code, [...byCode.keys()])
    const message = code === '' ? 'this comment does not say what it allows' : `there is no lint "${code}"`
    const hint = guess === undefined ? 'write "# mailconfig: allow CODE because …"' : `did you mean "${guess}"?`
    return [{ code: 'UNKNOWN_LINT', message, hint, at }]
  }
  if (reason === '') {
    const hint = `write "# mailconfig: allow ${code} because …"`
    return [{ code: 'ALLOWED_WITHOUT_REASON', message: `why is ${code} allowed here?`, hint, at }]
  }
  if (used.has(comment)) return []
  const message = `${code} is not found here, so nothing needs to be allowed`
  const hint = 'remove the comment; one that stands elsewhere belongs at the line of the entry or of the field'
  return [{ code: 'UNUSED_ALLOW', severity: 'warning', message, hint, at }]
}
