import { append } from '../../model/append.ts'
import { isRecord } from '../../model/json.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import { type Path, type Source, step } from '../../model/position.ts'
import type { Problem } from '../../model/problem.ts'
import { holdsCredential } from '../../model/value/credential-url.ts'

/** A secret that is written out in the file is seen by everybody who sees the file. */
export function warnLiterals(
  kind: ResourceKind,
  section: unknown,
  source: Source,
  vars: Readonly<Record<string, string>>,
  secrets: readonly Path[],
  problems: Problem[],
): void {
  const urls = Object.entries(kind.fields).flatMap(([name, field]) => (field.format === 'url' ? [name] : []))
  if (secrets.length + urls.length === 0) return
  const document = { ...source, path: [] }
  const entries = Array.isArray(section) ? section : isRecord(section) ? [section] : []
  entries.forEach((entry, at) => {
    const place = Array.isArray(section) ? step(source, at) : source
    for (const path of secrets) {
      const value = path.reduce<unknown>((part, name) => (isRecord(part) ? part[name] : undefined), entry)
      if (typeof value !== 'string') continue
      const inner = { ...place, path: [...place.path, ...path] }
      append(problems, literalSecrets(value, vars, inner, document, path.join('.')))
    }
    for (const name of urls) {
      const value = isRecord(entry) ? entry[name] : undefined
      if (typeof value === 'string' && holdsCredential(value)) problems.push(literalSecret(step(place, name), name))
    }
  })
}

/** The places at which a secret is written out: itself, and the variable that it is taken from. */
export function literalSecrets(
  value: string,
  vars: Readonly<Record<string, string>>,
  source: Source,
  document: Source,
  name: string,
): Problem[] {
  if (!value.includes('${')) return [literalSecret(source, name)]
  const named = [...value.matchAll(/\$\{var:([^}]*)\}/g)].map(([, one = '']) => one)
  return named.flatMap((one) => {
    const written = Object.hasOwn(vars, one) ? vars[one] : undefined
    if (written === undefined || written.includes('${')) return []
    const also = { message: 'written out here', source: step(step(document, 'vars'), one) }
    return [
      {
        ...literalSecret(source, name),
        message: `"${name}" is taken from the variable "${one}", which is written out`,
        also,
      },
    ]
  })
}

function literalSecret(source: Source, name: string): Problem {
  return {
    code: 'LITERAL_SECRET',
    severity: 'warning',
    message: `"${name}" is written out in the file`,
    hint: 'write a reference such as ${env:NAME} and keep the value out of Git',
    source,
  }
}
