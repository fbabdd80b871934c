import { lints } from '../../model/lint/lints.ts'
import type { MailReader } from '../../model/lint/mail-reader.ts'
import type { Position, Source } from '../../model/position.ts'
import type { Problem } from '../../model/problem.ts'
import { closest } from '../../model/text/closest.ts'
import type { SpecFile } from '../yaml/files.ts'
import { type Allowed, allowedIn } from './allowed.ts'
import { aroundOf, type Family, type LintedSpec, type LintFinding } from './finding.ts'
import { allowing, isSound, levelsOf, lintsByCode, problemOf } from './judge.ts'
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

/** What is needed to look for what is odd. */
interface LintTools {
  /** `errors`: only what the spec makes an error, for a run that nobody reads the warnings of. */
  readonly which: 'all' | 'errors'
  /** Undefined where there is no mail to read. */
  readonly reader: MailReader | undefined
}

/** Everything in a sound spec that is seldom what anybody wants, without what a comment allows; with what is wrong with these comments. */
export async function lintSpec(
  spec: LintedSpec,
  files: readonly SpecFile[],
  { which, reader }: LintTools,
  locateIn: () => Promise<(source: Source) => Position>,
): Promise<Problem[]> {
  const level = levelsOf(spec)
  const isWanted = (finding: LintFinding) => level(finding) === 'error' || (which === 'all' && level(finding) !== 'off')
  const around = aroundOf(spec, reader)
  const findings = families.flatMap((find) => find(around)).filter(isWanted)
  const comments = files.flatMap(allowedIn)
  if (comments.length === 0) return findings.map((finding) => problemOf(finding, level(finding)))
  const allowedBy = allowing(comments, await locateIn())
  const used = new Set<Allowed>()
  const left = findings.filter((finding) => {
    const found = allowedBy(finding)
    for (const one of found) used.add(one)
    return found.length === 0
  })
  const unsound = comments.flatMap((one) => (which === 'all' || !isSound(one) ? wrongWith(one, used) : []))
  return [...left.map((finding) => problemOf(finding, level(finding))), ...unsound]
}

function wrongWith(comment: Allowed, used: ReadonlySet<Allowed>): Problem[] {
  const { code, reason, at } = comment
  if (!lintsByCode.has(code)) {
    const guess = closest(code, [...lintsByCode.keys()])
    const message = code === '' ? 'this comment does not say what it allows' : `there is no lint "${code}"`
    const hint = guess === undefined ? 'write "# mailconfig: allow CODE because …"' : `did you mean "${guess}"?`
    return [{ code: 'UNKNOWN_LINT', message, hint, at }]
  }
  if (reason === '') {
    const hint = `write "# mailconfig: allow ${code} because …"`
    return [{ code: 'ALLOWED_WITHOUT_REASON', message: `why is ${code} allowed here?`, hint, at }]
  }
  if (used.has(comment) || isOutside(code)) return []
  const message = `${code} is not found here, so nothing needs to be allowed`
  const hint = 'remove the comment; one that stands elsewhere belongs at the line of the entry or of the field'
  return [{ code: 'UNUSED_ALLOW', severity: 'warning', message, hint, at }]
}

/** True for a lint that is looked for in DNS alone: a comment that allows it is of use there. */
function isOutside(code: string): boolean {
  return !lints.some((one) => one.code === code)
}
