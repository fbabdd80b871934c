import { CORE_SCHEMA, loadAll, mergeTag, YAMLException } from 'js-yaml'
import type { Problem } from '../model/problem.ts'
import type { SpecFile } from './files.ts'

const SCHEMA = CORE_SCHEMA.withTags(mergeTag)

/** The documents of a file, or what is wrong with its YAML. */
export type Parsed =
  | { readonly ok: true; readonly documents: readonly unknown[] }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** Parses a YAML file, fast; only a broken one is parsed again to say what is wrong and where. */
export async function parse(file: SpecFile): Promise<Parsed> {
  try {
    const documents = loadAll(file.text, { schema: SCHEMA })
    return overgrown(file, documents) ?? { ok: true, documents }
  } catch (cause) {
    if (cause instanceof YAMLException) {
      const { explain } = await import('./explain.ts') // brings the parser that keeps positions: slow, and seldom needed
      return { ok: false, problems: explain(file, cause) }
    }
    if (cause instanceof RangeError)
      return { ok: false, problems: [atStart(file, 'BAD_YAML', 'the document is nested too deeply')] }
    throw cause
  }
}

/** Aliases may repeat a part, but not blow a small file up to something that fills the memory. */
function overgrown(file: SpecFile, documents: readonly unknown[]): Parsed | undefined {
  if (!/(?:^|[\s[{,])\*\w/m.test(file.text)) return undefined
  let left = 100_000 + 4 * file.text.length
  const stack: unknown[] = [...documents]
  while (stack.length > 0) {
    const value = stack.pop()
    left -= 1
    if (left < 0)
      return {
        ok: false,
        problems: [atStart(file, 'TOO_MANY_ALIASES', 'its aliases make this file far larger than it is')],
      }
    if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) stack.push(part)
  }
  return undefined
}

function atStart(file: SpecFile, code: string, message: string): Problem {
  return { code, message, at: { file: file.name, line: 1, column: 1 } }
}

/** The one document of a small file; throws where it is no YAML. */
export function parseOne(text: string): unknown {
  return loadAll(text, { schema: SCHEMA })[0]
}
