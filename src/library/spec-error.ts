import { formatPosition } from '../model/position.ts'
import type { Problem } from '../model/problem.ts'

/** A spec that cannot be used: every problem of it, each with a code, a sentence and a place. */
export class SpecError extends Error {
  override readonly name = 'SpecError'
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    const lines = problems.map(({ code, message, at }) => {
      const place = at === undefined ? '' : `${formatPosition(at)} `
      return `${place}${code} ${message}`
    })
    super(lines.join('\n'))
    this.problems = problems
  }
}
