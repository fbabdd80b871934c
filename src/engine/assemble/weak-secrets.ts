import type { DesiredObject } from '../../model/desired/object.ts'
import { fieldAt } from '../../model/kind/walk.ts'
import type { Source } from '../../model/position.ts'
import type { Problem } from '../../model/problem.ts'
import type { Secret } from '../../model/secret.ts'
import { sentSecrets } from '../../model/value/secrets.ts'

/** Secrets that people chose and that an API would refuse in the middle of an apply. */
export function weakSecrets(objects: readonly DesiredObject[]): Problem[] {
  return objects.flatMap(({ kind, values, source }) =>
    [...sentSecrets(kind.fields, values)].flatMap(([path, secret]) => {
      const bits = fieldAt(kind.fields, path)?.leastBits
      return bits === undefined
        ? []
        : weakSecret(secret, bits, { ...source, path: [...source.path, ...path.split('.')] })
    }),
  )
}

/** A secret that the API refuses however it counts, or by the usual count. */
function weakSecret(value: Secret, bits: number, source: Source): Problem[] {
  const text = value.reveal()
  if (text.trim() === '' || text.includes('${') || /[^\x20-\x7e]/.test(text)) return [] // empty, not looked up, or of an alphabet that nobody can count
  const most = text.length * Math.log2(95)
  const pools = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].map((pool, at) =>
    pool.test(text) ? ([26, 26, 10, 33][at] ?? 0) : 0,
  )
  const usual = text.length * Math.log2(pools.reduce((sum, size) => sum + size, 0) || 1)
  if (usual >= bits) return []
  const hint =
    'use a longer one with letters, digits and symbols; with "saveTo" and no password, mailconfig generates one'
  const isSure = most < bits
  const message = isSure
    ? `this secret is too weak: the API wants ${bits} bits of entropy, and no ${text.length} characters have more than ${Math.floor(most)}`
    : `this secret is weak: the API wants ${bits} bits of entropy, and may count about ${Math.floor(usual)}`
  return [{ code: 'WEAK_SECRET', severity: 'warning', message, hint, source }] // how an API counts is its own business
}
