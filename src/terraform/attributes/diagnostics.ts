import type { Path } from '../../model/position.ts'
import type { Problem } from '../../model/problem.ts'
import { snakeCase } from '../../model/text/snake-case.ts'
import { ApiError } from '../../model/wire.ts'
import type { Diagnostic } from '../protocol/plugin.ts'

/** A problem of the spec's own words as Terraform shows it, at the attribute that it is about. */
export function problemDiagnostic(problem: Problem): Diagnostic {
  // Terraform finds the line of an attribute, and of nothing inside one.
  const path = attributePath(problem.source?.path ?? []).slice(0, 1)
  return {
    severity: problem.severity === 'warning' ? 'warning' : 'error',
    summary: problem.code,
    detail: `${sentence(problem.message)}${problem.hint === undefined ? '' : ` ${sentence(problem.hint)}`}`,
    ...(path.length === 0 ? {} : { path }),
  }
}

/** The path of a field as the path of its attribute. */
function attributePath(path: Path): (string | number)[] {
  return path.map((step) => (typeof step === 'number' ? step : snakeCase(step)))
}

/** An API's refusal as Terraform shows it. */
export function apiDiagnostic(summary: string, error: ApiError): Diagnostic {
  const about = [error.path, error.code, error.requestId === undefined ? undefined : `request ${error.requestId}`]
  const known = about.filter((part) => part !== undefined && part !== '').join(', ')
  const detail = known === '' ? sentence(error.message) : `${sentence(error.message)} (${known})`
  return { severity: 'error', summary, detail: error.hint === undefined ? detail : `${detail} ${sentence(error.hint)}` }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?)]$/.test(text) ? '' : '.'}`
}

/** Runs what may meet an API's refusal; anything else that is thrown is a bug and goes on. */
export async function orDiagnostic<T>(
  summary: string,
  work: () => Promise<T>,
  otherwise: (diagnostic: Diagnostic) => T,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ApiError) return otherwise(apiDiagnostic(summary, error))
    throw error
  }
}
