import type { reportJson } from '../../engine/apply/document.ts'
import type { DriftDocument } from '../../model/run/drift-document.ts'
import type { ObjectPlace, PlanDocument, ProblemDocument } from '../../model/run/plan-document.ts'

/** What became of one change, as data. */
export type ResultDocument = ReturnType<typeof reportJson>['results'][number]

/** The accounts that were looked at, and the objects in them that somebody else changed. */
export interface Drifted {
  readonly accounts: readonly { readonly name: string }[]
  readonly drift: readonly ObjectPlace[]
}

/** What a command says while it runs. The plan is made only if somebody wants to read it. */
export interface Telling {
  readonly plan?: () => PlanDocument
  /** What `drift` found. */
  readonly drift?: DriftDocument
  readonly seconds?: number
  readonly results?: readonly ResultDocument[]
  /** What stands beside the results in JSON. */
  readonly beside?: Readonly<Record<string, unknown>>
  readonly problems?: readonly ProblemDocument[]
  /** The command has printed its result itself, whatever its format. */
  readonly isPrinted?: true
}

/** Gathers what a run tells. */
export function collectTelling(): { readonly tell: (more: Telling) => void; readonly telling: () => Telling } {
  let all: Telling = {}
  return {
    tell: (more) => {
      all = { ...all, ...more, problems: [...(all.problems ?? []), ...(more.problems ?? [])] }
    },
    telling: () => all,
  }
}
