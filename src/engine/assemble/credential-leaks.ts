import type { DesiredObject } from '../../model/desired/object.ts'
import type { Account } from '../../model/desired/spec.ts'
import { isRecord } from '../../model/json.ts'
import type { Path } from '../../model/position.ts'
import type { Problem } from '../../model/problem.ts'
import { Secret } from '../../model/secret.ts'

/** A credential shorter than this may be part of an innocent word. */
const TELLING = 8

/** Credentials of accounts that stand in a field that is not a secret: plans, comments and the ledger would show them. */
export function leakedCredentials(
  objects: readonly DesiredObject[],
  accounts: ReadonlyMap<string, Account>,
): Problem[] {
  const known = [...accounts.values()].flatMap(({ name, credential }) => {
    const text = credential?.reveal() ?? ''
    return text.length < TELLING ? [] : [{ name, text }]
  })
  if (known.length === 0) return []
  return objects.flatMap(({ values, source }) =>
    textsOf(values, []).flatMap(({ text, path }) => {
      const found = known.find((one) => text.includes(one.text))
      if (found === undefined) return []
      return [
        {
          code: 'CREDENTIAL_IN_PLAIN',
          message: `"${path.join('.')}" holds the credential of the account "${found.name}", and every plan would show it`,
          hint: 'only secret fields may hold one',
          source: { ...source, path: [...source.path, ...path] },
        },
      ]
    }),
  )
}

/** Every text in a value that is not in a secret field, with the way to it. */
function textsOf(value: unknown, path: Path): readonly { readonly text: string; readonly path: Path }[] {
  if (typeof value === 'string') return [{ text: value, path }]
  if (value instanceof Secret) return value.isPart ? [{ text: value.reveal(), path }] : []
  if (Array.isArray(value)) return value.flatMap((one, at) => textsOf(one, [...path, at]))
  if (isRecord(value)) return Object.entries(value).flatMap(([name, one]) => textsOf(one, [...path, name]))
  return []
}
