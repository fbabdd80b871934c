import { apis, kinds } from '../../apis/index.ts'
import type { LintOptions, LoadOptions } from '../../engine/documents/options.ts'
import { load } from '../../engine/load.ts'
import type { Spec } from '../../model/desired/spec.ts'
import type { Position, Source } from '../../model/position.ts'
import type { Problem } from '../../model/problem.ts'
import { closest } from '../../model/text/closest.ts'
import { EXIT, Stop } from '../invocation/exit.ts'
import type { Invocation } from '../invocation/invocation.ts'
import { printWarnings, reportProblems } from './problems.ts'
import { specValidator } from './validator.ts'
import { environmentOf, variables } from './variables.ts'

/** A spec that is sound, and how to find its places. */
export interface LocatedSpec {
  readonly spec: Spec
  readonly warnings: readonly Problem[]
  /** How many references stand for a value that nobody looked up. */
  readonly open?: number
  /** It names only what changes, so that nothing else is worth a word. */
  readonly isPart?: true
  readonly locate: () => Promise<(source: Source) => Position>
}

/** How a command wants its spec read. */
interface Reading {
  /** Only the form of references is looked at. */
  readonly formOnly?: boolean
  /** Which lints run; none where it is left out. */
  readonly lint?: LintOptions['which']
}

/** What reading the spec of a command line gives, without printing a word. */
export async function readSpec(invocation: Invocation, reading: Reading = {}) {
  invocation.watch.phase('load')
  return await load(await loadOptions(invocation, reading))
}

/** How the spec of a command line is read. */
export async function loadOptions(
  { io, options }: Invocation,
  { formOnly = false, lint }: Reading = {},
): Promise<LoadOptions> {
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
    ...(lint === undefined ? {} : { lint: { which: lint, mail: mailReader } }),
    apis,
  }
}

async function mailReader() {
  const [{ htmlFaults }, { readTemplate }] = await Promise.all([
    import('../../templates/html.ts'),
    import('../../templates/syntax.ts'),
  ])
  return { htmlFaults, readTemplate }
}

/** The spec of a command line, or its problems, printed, and an exit code. */
export async function openSpec(
  invocation: Invocation,
  reading: Reading = {},
): Promise<LocatedSpec | { readonly code: number }> {
  const loaded = await readSpec(invocation, reading)
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
