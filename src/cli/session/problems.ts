import { resolve } from 'node:path'
import { problemJson } from '../../engine/plan/problem-document.ts'
import { readText } from '../../model/files/text-file.ts'
import type { Position, Source } from '../../model/position.ts'
import type { Problem } from '../../model/problem.ts'
import { FORMAT_VERSION, type ValidateDocument } from '../../model/run/plan-document.ts'
import type { Invocation } from '../invocation/invocation.ts'
import { paint } from '../terminal/paint.ts'
import { problemsText } from '../text/problems.ts'

/** Says what is wrong: as JSON on standard output where that was asked for, else as text on standard error. */
export function reportProblems(
  invocation: Invocation,
  all: readonly Problem[],
  locate?: (source: Source) => Position,
): void {
  const { io, options } = invocation
  const problems = capped(all, invocation)
  const documents = problems.map((problem) => problemJson(problem, locate))
  invocation.tell({ problems: documents })
  if (options.format === 'json') {
    const body: ValidateDocument = { formatVersion: FORMAT_VERSION, valid: false, problems: documents }
    io.stdout.write(`${JSON.stringify(body, null, 2)}\n`)
    return
  }
  const located = problems.map((problem) =>
    problem.at === undefined && problem.source !== undefined && locate !== undefined
      ? { ...problem, at: locate(problem.source) }
      : problem,
  )
  printProblems(invocation, located)
  const errors = all.filter((problem) => problem.severity !== 'warning' || options.strict === true).length
  if (errors > 0) io.stderr.write(`\n${errors} ${errors === 1 ? 'problem' : 'problems'}.\n`)
}

/** No more problems are shown unless all are asked for: more than these usually have one cause. */
const MOST_PROBLEMS = { text: 100, json: 1000 } as const

/** The problems that are shown, with a count of the others. */
function capped(problems: readonly Problem[], { options }: Invocation): readonly Problem[] {
  const most = options.format === 'json' ? MOST_PROBLEMS.json : MOST_PROBLEMS.text
  if (options.allProblems === true || problems.length <= most) return problems
  const rest = problems.slice(most)
  return [
    ...problems.slice(0, most),
    {
      code: 'MORE_PROBLEMS',
      message: `${rest.length} more are not shown`,
      hint: '--all-problems shows them all',
      ...(rest.every((problem) => problem.severity === 'warning') ? { severity: 'warning' as const } : {}),
    },
  ]
}

/** Prints warnings, with a line between them and what follows. */
export function printWarnings(invocation: Invocation, all: readonly Problem[]): void {
  const warnings = capped(all, invocation)
  printProblems(invocation, warnings)
  invocation.tell({ problems: warnings.map((warning) => problemJson(warning)) })
  if (warnings.length > 0) invocation.io.stderr.write('\n')
}

/** Prints problems to standard error, each with its line of the file. */
export function printProblems({ io, options }: Invocation, problems: readonly Problem[]): void {
  if (problems.length === 0) return
  if (io.stderr.record !== undefined) {
    for (const { severity, message, ...about } of problems.map((problem) => problemJson(problem)))
      io.stderr.record({ level: severity === 'warning' ? 'warn' : 'error', msg: message, ...about })
    return
  }
  const files = new Map<string, readonly string[]>()
  const lineOf = ({ file, line }: Position): string | undefined => {
    const known = files.get(file) ?? linesOf(resolve(io.cwd, file))
    files.set(file, known)
    return known[line - 1]
  }
  io.stderr.write(`${problemsText(problems, lineOf, paint(io.stderr, io.env, options.color))}`)
}

function linesOf(path: string): readonly string[] {
  const read = readText(path)
  return read.ok ? read.text.split('\n') : [] // a file that is not there, or too large, has no line to show
}
