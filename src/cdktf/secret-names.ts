import { randomBytes } from 'node:crypto'
import type { Path } from '../model/position.ts'
import type { Secret } from '../model/secret.ts'
import type { Gap } from './resource-config.ts'

/** The secrets of a spec: stand-ins while it is read, names of variables afterwards. No real one is looked at. */
export interface Secrets {
  /** A stand-in for each environment variable that is a secret. */
  readonly env: Readonly<Record<string, string>>
  gap(value: Secret, address: string): Gap
  /** The variables that were asked for, each with what it is for. */
  found(): Readonly<Record<string, string>>
}

/** `references`: names of environment variables that stand for secrets; `tokens`: those among them that the caller filled in. */
export function secretsOf(references: readonly string[], tokens: Readonly<Record<string, Path>>): Secrets {
  const env = Object.fromEntries(references.map((name) => [name, `Aa1-${randomBytes(16).toString('hex')}`]))
  const names = new Map(Object.entries(env).map(([name, value]) => [value, name]))
  const owners = new Map<string, string>()
  const found: Record<string, string> = {}

  /** Two that differ in nothing but case or signs have two variables. */
  const variable = (origin: string): string => {
    const plain = origin.toLowerCase().replace(/[^a-z0-9_]+/g, '_')
    const base = /^[a-z_]/.test(plain) ? plain : `_${plain}`
    let name = base
    for (let at = 2; owners.has(name) && owners.get(name) !== origin; at++) name = `${base}_${at}`
    owners.set(name, origin)
    return name
  }

  return {
    env,
    gap(value, address) {
      const reference = names.get(value.reveal())
      if (reference !== undefined && Object.hasOwn(tokens, reference)) return { $token: reference }
      const name = variable(reference ?? address)
      found[name] = found[name] === undefined ? address : `${found[name]}, ${address}`
      return { $secret: name }
    },
    found: () => found,
  }
}
