import { isRecord } from '../../model/json.ts'
import { type Source, step } from '../../model/position.ts'
import type { Problem } from '../../model/problem.ts'

/**
 * Variables as they are written: `0042` and `1.10` are texts that look like numbers, and a number of twenty digits is none that a reader
 * keeps. What is neither text nor number nor truth is a problem.
 */
export async function textsOfVars(
  file: { readonly text: string },
  document: number,
  vars: unknown,
  source: Source,
  problems: Problem[],
): Promise<Readonly<Record<string, string>>> {
  if (!isRecord(vars)) return {}
  const texts: Record<string, string> = {}
  const written = Object.values(vars).some((one) => typeof one !== 'string')
    ? await (await import('../yaml/scalar-texts.ts')).scalarTexts(
        file.text,
        document,
        source.path.length === 0 ? 'vars' : undefined,
      )
    : new Map<string, string>()
  for (const [name, value] of Object.entries(vars)) {
    if (typeof value === 'string') texts[name] = value
    else if (typeof value === 'number' || typeof value === 'boolean') texts[name] = written.get(name) ?? String(value)
    else
      problems.push({
        code: 'WRONG_TYPE',
        message: `the variable "${name}" expects a text, a number, or true or false`,
        source: step(step(source, 'vars'), name),
      })
  }
  return texts
}
