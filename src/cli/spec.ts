import { resolve } from 'node:path'
import { kinds } from '../apis/index.ts'
import { SMTP2GO_HOSTS } from '../apis/smtp2go/client/regions.ts'
import type { LoadOptions } from '../engine/documents/options.ts'
import { load } from '../engine/load.ts'
import { problemJson } from '../engine/plan/problem-document.ts'
import type { Spec } from '../model/desired/spec.ts'
import { readText } from '../model/files/text-file.ts'
import type { Position, Source } from '../model/position.ts'
import type { Problem } from '../model/problem.ts'
import { closest } from '../model/text/closest.ts'
import { environmentOf, variables } from './inputs.ts'
import { EXIT, Stop } from './io.ts'
import type { Invocation } from './main.ts'
import { paint } from './text/paint.ts'
import { problemsText } from './text/problems.ts'
import { specValidator } from './validator.ts'

/** A spec that is sound, and how to find its places. */
export interface ReadySpec {
  readonly spec: Spec
  readonly warnings: readonly Problem[]
  /** How many references stand for a value that nobody looked up. */
  readonly open?: number
  /** It names only what changes, so that nothing else is worth a word. */
  readonly isPart?: true
  readonly locate: () => Promise<(source: Source) => Position>
}

/** What reading the spec of a command line gives, without printing a word. */
export async function readSpec(invocation: Invocation, formOnly = false) {
  invocation.watch.phase('load')
  return await load(await loadOptions(invocation, formOnly))
}

/** How the spec of a command line is read. */
export async function loadOptions({ io, options }: Invocation, formOnly = false): Promise<LoadOptions> {
  return {
    paths: options.file,
    cwd: io.cwd,
    kinds,
    validate: specValidator,
    env: environmentOf(io, options),
    vars: await variables(io, options),
    exec: options.allowExec === true ? (command) => io.exec(command) : undefined,
    formOnly,
    strict: options.strict === true,
    allProblems: options.allProblems === true,
    allowHidden: options.allowHidden === true,
    emulated: options.emulator !== undefined,
    defaults: { regions: SMTP2GO_HOSTS },
  }
}

/** The spec of a command line, or its problems, printed, and an exit code. */
export async function openSpec(
  invocation: Invocation,
  formOnly = false,
): Promise<ReadySpec | { readonly code: number }> {
  const loaded = await readSpec(invocation, formOnly)
  if (loaded.ok) {
    printWarnings(invocation, loaded.warnings)
    const { account } = invocation.options
    const unknown = account.find((name) => !loaded.spec.accounts.has(name))
    if (unknown !== undefined)
      throw new Stop(`the spec declares no account "${unknown}"`, {
        hint: accountHint(unknown, [...loaded.spec.accounts.keys()]),
      })
    return loaded
  }
  reportProblems(invocation, loaded.problems)
  return { code: EXIT.failed }
}

function accountHint(name: string, declared: readonly string[]): string {
  const near = closest(name, declared)
  return `${near === undefined ? '' : `did you mean "${near}"? `}declared: ${declared.join(', ')}`
}

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
    const body = { formatVersion: '1.0', valid: false, problems: documents }
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

/** No more problems are shown unless all are asked for: whoever has more has one cause for most of them. */
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
