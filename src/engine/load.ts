import { createHash } from 'node:crypto'
import { append } from '../model/append.ts'
import type { Loaded } from '../model/desired/spec.ts'
import type { ResourceKind } from '../model/kind/kind.ts'
import { isError, type Problem } from '../model/problem.ts'
import type { Validate } from '../model/validation.ts'
import { type AccountDefaults, collectAccounts } from './accounts.ts'
import { assemble } from './assemble.ts'
import { readDocuments } from './documents.ts'
import { findFiles, type SpecFile } from './files.ts'
import { leakedCredentials } from './leaked.ts'
import { applyOverlays } from './overlay.ts'
import { weakSecrets } from './weak.ts'

/** What may be found only because a part of the spec is left out for another problem. */
const FOLLOWING = new Set(['UNKNOWN_REFERENCE', 'OVERLAY_WITHOUT_BASE', 'UNUSED_MODE', 'UNUSED_RULE'])

/** What a spec is read with. */
export interface LoadOptions {
  readonly paths: readonly string[]
  readonly cwd: string
  readonly kinds: readonly ResourceKind[]
  readonly validate: Validate
  readonly env: Readonly<Record<string, string | undefined>>
  /** From `--var-file` and `--var`: they win over `vars:` in a document. */
  readonly vars?: Readonly<Record<string, string>>
  readonly exec?: ((command: string) => string) | undefined
  /** Only the form of references is looked at: values need not be there, and no command runs. */
  readonly formOnly?: boolean
  /** Every problem of a list is said one by one. */
  readonly allProblems?: boolean
  /** Warnings count as problems. */
  readonly strict?: boolean
  /** Accounts that are answered by an emulator need no credentials. */
  readonly emulated?: boolean
  /** Texts by full path that count instead of what is on the disk: a file as it would be. */
  readonly texts?: ReadonlyMap<string, string>
  /** Files that the spec names may be hidden. */
  readonly allowHidden?: boolean
  /** Base URLs by region. */
  readonly defaults: AccountDefaults
}

/** Reads YAML into a desired state, or says everything that is wrong with it, with positions. Makes no call. */
export async function load(options: LoadOptions): Promise<Loaded> {
  const found = findFiles(options.paths, options.cwd, options)
  const problems: Problem[] = [...found.problems]
  const { documents, open, isPruned } = await readDocuments(found.files, options, problems)
  const accounts = collectAccounts(documents, options, problems)
  const merged = applyOverlays(documents, options.kinds, accounts, problems)
  const spec = assemble(merged, accounts, options, problems)
  append(problems, leakedCredentials(spec.objects, accounts))
  if (options.formOnly !== true) append(problems, weakSecrets(spec.objects))
  const said = isPruned ? problems.filter(({ code }) => !FOLLOWING.has(code)) : problems
  const stops = said.some((problem) => isError(problem) || options.strict === true)
  if (stops) return { ok: false, problems: await withPositions(said, found.files) }
  return {
    ok: true,
    spec: { ...spec, accounts, hash: hashOf(found.files) },
    open,
    warnings: await withPositions(said, found.files),
    locate: async () => (await import('./locate.ts')).locator(found.files),
  }
}

async function withPositions(problems: readonly Problem[], files: readonly SpecFile[]): Promise<readonly Problem[]> {
  if (problems.length === 0) return []
  const { locateProblem, locator } = await import('./locate.ts')
  const locate = locator(files)
  const order = new Map(files.map((file, at) => [file.name, at]))
  return problems
    .map((problem) => locateProblem(problem, locate))
    .sort(
      (a, b) =>
        (order.get(a.at?.file ?? '') ?? -1) - (order.get(b.at?.file ?? '') ?? -1) ||
        (a.at?.line ?? 0) - (b.at?.line ?? 0) ||
        (a.at?.column ?? 0) - (b.at?.column ?? 0),
    )
}

function hashOf(files: readonly SpecFile[]): string {
  const hash = createHash('sha256')
  for (const file of files) hash.update(`${file.name}\0${file.text.length}\0${file.text}`)
  return `sha256:${hash.digest('hex')}`
}
