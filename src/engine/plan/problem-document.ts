import { defined } from '../../model/json.ts'
import type { Position, Source } from '../../model/position.ts'
import type { Problem } from '../../model/problem.ts'
import type { ProblemDocument } from '../../model/run/plan-document.ts'

/** A problem as JSON. */
export function problemJson(problem: Problem, locate?: (source: Source) => Position): ProblemDocument {
  const at = problem.at ?? (problem.source === undefined ? undefined : locate?.(problem.source))
  const also = problem.also?.at ?? (problem.also?.source === undefined ? undefined : locate?.(problem.also.source))
  return {
    code: problem.code,
    severity: problem.severity ?? 'error',
    message: problem.message,
    ...defined({ hint: problem.hint, at, also }),
  }
}
