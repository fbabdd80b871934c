import { CORE_SCHEMA, loadAll, mergeTag, YAMLException } from 'js-yaml'
import type { Problem } from '../../model/problem.ts'
import type { SpecFile } from './files.ts'

const SCHEMA = CORE_SCHEMA.withTags(mergeTag)

/** The documents of a file, or what is wrong with its YAML. */
type Parsed =
  | { readonly ok: true; readonly documents: readonly unknown[] }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** Parses a YAML file, fast; only a broken one is parsed again to say what is wrong and where. */
export async function parse(file: SpecFile): Promise<Parsed> {
  try {
    const documents = loadAll(file.text, { schema: SCHEMA })
    return overgrown(file, documents) ?? { ok: true, documents }
  } catch (cause) {
    if (cause instanceof YAMLException) {
      const { explainYamlError } = await import('./errors.ts') // brings the parser that keeps positions: slow, and seldom needed
      return { ok: false, problems: explainYamlError(file, cause) }
    }
    if (cause instanceof RangeError)
      return { ok: false, problems: [atStart(file, 'BAD_YAML', 'the document is nested too deeply')] }
    throw cause
  }
}

/** Aliases may repeat a part, but not blow a small file up to something that fills the memory. */
function overgrown(file: SpecFile, documents: readonly unknown[]): Parsed | undefined {
  if (!isOvergrown(file.text, documents)) return undefined
  return {
    ok: false,
    problems: [atStart(file, 'TOO_MANY_ALIASES', 'its aliases make this file far larger than it is')],
  }
}

/** Counts the values that documents have with all that their aliases repeat; without a star there is no alias. */
function isOvergrown(text: string, documents: readonly unknown[]): boolean {
  if (!text.includes('*')) return false
  let left = 100_000 + 4 * text.length
  const stack: unknown[] = [...documents]
  while (stack.length > 0) {
    const value = stack.pop()
    left -= 1
    if (left < 0) return true
    if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) stack.push(part)
  }
  return false
}

function atStart(file: SpecFile, code: string, message: string): Problem {
  return { code, message, at: { file: file.name, line: 1, column: 1 } }
}

/** The only document of a file. Throws where it is not YAML, and a `RangeError` that says why where it has more documents or too many aliases. */
export function parseOnly(text: string): unknown {
  const documents = loadAll(text, { schema: SCHEMA })
  if (documents.length > 1) throw new RangeError(`has ${documents.length} documents, and only one is read`)
  if (isOvergrown(text, documents)) throw new RangeError('is made far larger by its aliases than it is')
  return documents[0]
}
