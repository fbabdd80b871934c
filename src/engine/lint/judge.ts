import { formatScope } from '../../model/address.ts'
import type { DesiredObject } from '../../model/desired/object.ts'
import type { OutsideFinding } from '../../model/desired/outside-finding.ts'
import { defined } from '../../model/json.ts'
import { allLints } from '../../model/lint/all-lints.ts'
import type { Lint, LintLevel } from '../../model/lint/lint.ts'
import { type Path, type Position, type Source, step } from '../../model/position.ts'
import type { Problem } from '../../model/problem.ts'
import type { SpecFile } from '../yaml/files.ts'
import { type Allowed, allowedIn } from './allowed.ts'
import type { LintedSpec } from './finding.ts'

/** What judging looks at: which lint, which object, and where in it. */
interface Judgeable {
  readonly code: string
  readonly object: DesiredObject
  readonly path: Path
  readonly message: string
  readonly hint?: string
}

/** Every lint by its code, those that need DNS as well. */
export const lintsByCode: ReadonlyMap<string, Lint> = new Map(allLints.map((one) => [one.code, one]))

/** The level of a finding: what the documents of its scope say, or what is usual. */
export function levelsOf(spec: LintedSpec): (finding: Pick<Judgeable, 'code' | 'object'>) => LintLevel {
  const said = new Map(spec.scopes.map(({ scope, lint: settings }) => [formatScope(scope), settings]))
  return ({ code, object }) =>
    said.get(formatScope(object.scope))?.get(code) ?? lintsByCode.get(code)?.severity ?? 'off'
}

/** A finding as a problem. */
export function problemOf({ code, object, path, message, hint }: Judgeable, level: LintLevel): Problem {
  const { source } = object
  return {
    code,
    message: `${object.address}: ${message}`,
    source: { ...source, path: [...source.path, ...path] },
    ...defined({ hint: hint ?? lintsByCode.get(code)?.fix }),
    ...(level === 'error' ? {} : { severity: 'warning' as const }),
  }
}

/** What comments allow: those that are complete, and which of them a finding uses. */
export function allowing(
  comments: readonly Allowed[],
  locate: (source: Source) => Position,
): (finding: Judgeable) => readonly Allowed[] {
  const sound = new Map(comments.filter(isSound).map((one) => [lineKey(one.code, one.at.file, one.line), one]))
  return (finding) =>
    placesOf(finding, locate).flatMap(({ file, line }) => sound.get(lineKey(finding.code, file, line)) ?? [])
}

/** True for a comment that names a lint and a reason. */
export function isSound({ code, reason }: Allowed): boolean {
  return lintsByCode.has(code) && reason !== ''
}

/** What was found outside of the files, at the levels that they set and without what their comments allow. */
export async function judgeOutside(
  findings: readonly OutsideFinding[],
  spec: LintedSpec,
  files: readonly SpecFile[],
  locateIn: () => Promise<(source: Source) => Position>,
): Promise<Problem[]> {
  const level = levelsOf(spec)
  const wanted = findings.map((one) => ({ ...one, path: [] })).filter((one) => level(one) !== 'off')
  const comments = wanted.length === 0 ? [] : files.flatMap(allowedIn)
  const allowedBy = comments.length === 0 ? () => [] : allowing(comments, await locateIn())
  return wanted.filter((one) => allowedBy(one).length === 0).map((one) => problemOf(one, level(one)))
}

/** Where a comment may stand: at the field, or at the entry; at the entry that names a list, for what is in the list. */
function placesOf({ object, path }: Judgeable, locate: (source: Source) => Position): readonly Position[] {
  const { at, ...entry } = object.source
  if (at !== undefined) return [locate(entry), locate(step(entry, 'file'))]
  return [locate({ ...entry, path: [...entry.path, ...path] }), locate(entry)]
}

function lineKey(code: string, file: string, line: number): string {
  return `${code} ${line} ${file}`
}
