import { createHash } from 'node:crypto'
import { append } from '../model/append.ts'
import type { Loaded, Spec } from '../model/desired/spec.ts'
import type { Position, Source } from '../model/position.ts'
import { isError, type Problem } from '../model/problem.ts'
import { assemble } from './assemble/assemble.ts'
import { leakedCredentials } from './assemble/credential-leaks.ts'
import { weakSecrets } from './assemble/weak-secrets.ts'
import { collectAccounts } from './documents/accounts.ts'
import type { LoadOptions } from './documents/options.ts'
import { readDocuments } from './documents/read-documents.ts'
import { applyOverlays } from './entries/overlay.ts'
import { findFiles, type SpecFile } from './yaml/files.ts'

/** What may be found only because a part of the spec is left out for another problem. */
const FOLLOWING = new Set(['UNKNOWN_REFERENCE', 'OVERLAY_WITHOUT_BASE', 'UNUSED_MODE', 'UNUSED_RULE'])

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
  const locate = lazily(async () => (await import('./yaml/positions.ts')).locator(found.files))
  const said = isPruned ? problems.filter(({ code }) => !FOLLOWING.has(code)) : problems
  if (!said.some(isError)) append(said, await lintProblems(spec, found.files, locate, options))
  const stops = said.some((problem) => isError(problem) || options.strict === true)
  if (stops) return { ok: false, problems: await withPositions(said, found.files, locate) }
  return {
    ok: true,
    spec: { ...spec, accounts, hash: hashOf(found.files) },
    open,
    warnings: await withPositions(said, found.files, locate),
    locate,
    judge: async (findings) => {
      const { judgeOutside } = await import('./lint/judge.ts')
      return await withPositions(await judgeOutside(findings, spec, found.files, locate), found.files, locate)
    },
  }
}

/** Files are parsed for positions once, and only where somebody asks for one. */
type Locate = () => Promise<(source: Source) => Position>

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}

/** What lints find in a spec that is sound; nothing where no lint is to run. */
async function lintProblems(
  spec: Pick<Spec, 'scopes' | 'objects'>,
  files: readonly SpecFile[],
  locate: Locate,
  { lint }: LoadOptions,
): Promise<readonly Problem[]> {
  if (lint === undefined) return []
  const hasErrors = spec.scopes.some((scope) => [...(scope.lint?.values() ?? [])].includes('error'))
  if (lint.which === 'errors' && !hasErrors) return []
  const hasMail = spec.objects.some(({ kind }) => kind.name === 'templates')
  const reader = hasMail ? await lint.mail() : undefined
  const { lintSpec } = await import('./lint/lint.ts') // brings the whole table
  return await lintSpec(spec, files, { which: lint.which, reader }, locate)
}

async function withPositions(
  problems: readonly Problem[],
  files: readonly SpecFile[],
  locateIn: Locate,
): Promise<readonly Problem[]> {
  if (problems.length === 0) return []
  const { locateProblem } = await import('./yaml/positions.ts')
  const locate = await locateIn()
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
