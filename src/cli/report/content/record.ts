import type { DriftDocument } from '../../../model/run/drift-document.ts'
import type { PlanDocument, ProblemDocument } from '../../../model/run/plan-document.ts'
import type { ResultDocument } from '../../invocation/telling.ts'

/** What a run has told: every report is made from it and from nothing else. No secret is in it. */
export interface RunRecord {
  /** `plan`, `apply`, … */
  readonly command: string
  /** What keeps the reports of one pull request apart: `prod`, or `mailconfig.yaml`. */
  readonly target: string
  readonly plan?: PlanDocument
  /** What `drift` found; the plan then holds what it would take to undo that. */
  readonly drift?: DriftDocument
  /** About how long applying the plan takes. */
  readonly seconds?: number
  readonly results?: readonly ResultDocument[]
  /** What stands beside the results in JSON. */
  readonly beside?: Readonly<Record<string, unknown>>
  /** Problems and warnings that are not in the plan. */
  readonly problems: readonly ProblemDocument[]
  /** The files that were checked. */
  readonly files: readonly string[]
  /** True where a warning stops a run. */
  readonly strict: boolean
  /** Why the run ended before its end, in a sentence. */
  readonly error?: { readonly message: string; readonly hint?: string }
  /** Where the whole report is, or the job that made it. */
  readonly url?: string
}

/** All problems and warnings of a run, each once. */
export function allProblems({ problems, plan }: RunRecord): readonly ProblemDocument[] {
  const known = new Map([...problems, ...(plan?.warnings ?? [])].map((problem) => [JSON.stringify(problem), problem]))
  return [...known.values()]
}
