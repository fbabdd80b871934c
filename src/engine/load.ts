import { createHash } from 'node:crypto'
import { append } from '../model/append.ts'
import type { Loaded } from '../model/desired/spec.ts'
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
  const said = isPruned ? problems.filter(({ code }) => !FOLLOWING.has(code)) : problems
  const stops = said.some((problem) => isError(problem) || options.strict === true)
  if (stops) return { ok: false, problems: await withPositions(said, found.files) }
  return {
    ok: true,
    spec: { ...spec, accounts, hash: hashOf(found.files) },
    open,
    warnings: await withPositions(said, found.files),
    locate: async () => (await import('./yaml/positions.ts')).locator(found.files),
  }
}

async function withPositions(problems: readonly Problem[], files: readonly SpecFile[]): Promise<readonly Problem[]> {
  if (problems.length === 0) return []
  const { locateProblem, locator } = await import('./yaml/positions.ts')
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
