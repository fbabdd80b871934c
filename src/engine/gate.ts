import { createHash, createHmac } from 'node:crypto'
import { qualify } from '../model/address.ts'
import type { DesiredObject } from '../model/desired/object.ts'
import type { Spec } from '../model/desired/spec.ts'
import type { Memory } from '../model/ledger/memory.ts'
import type { Change } from '../model/run/change.ts'
import type { Live } from '../model/run/live.ts'
import type { Secret } from '../model/secret.ts'
import { collectionGates } from './gates/collection.ts'
import { dangerGates } from './gates/danger.ts'
import { grouped } from './gates/words.ts'

export { allowedDeletes } from './gates/limits.ts'

/** Something that is not done without somebody's explicit word, bound to this very plan. */
export interface Gate {
  /** `G1`, `G2` … in the order of the plan. */
  readonly number: string
  readonly code: string
  readonly reason: string
  readonly addresses: readonly string[]
  /** What `--accept` has to say: `G1:3f9c`. Missing for what nobody may accept. */
  readonly token?: string
  readonly accepted: boolean
}

/** What the gates look at beside the changes. */
export interface GateContext {
  readonly spec: Spec
  readonly live: Live
  readonly accept: readonly string[]
  readonly runnerAddresses: readonly string[]
  readonly usesCredential: (account: string, text: string) => boolean
  /** What the numbers of gates are keyed with: nobody without it can tell a number before a plan says it. */
  readonly gateKey?: Secret | undefined
  /** The secret that waits where an object saves its own; undefined where nothing does. */
  readonly savedSecret?: ((object: DesiredObject) => Secret | undefined) | undefined
  /** What was applied before, where somebody remembers. */
  readonly memory?: Memory | undefined
}

/** All gates of a plan, each with its number and its token. */
export function gatesOf(changes: readonly Change[], context: GateContext): readonly Gate[] {
  const raw = grouped([...collectionGates(changes, context), ...dangerGates(changes, context)])
  if (raw.length === 0) return []
  const plan = createHash('sha256').update(bindingOf(context.spec)).update(fingerprint(changes)).digest('hex')
  return raw.map(({ final, about: _, ...gate }, at) => {
    const number = `G${at + 1}`
    if (final === true) return { ...gate, number, accepted: false }
    const hash = createHmac('sha256', context.gateKey?.reveal() ?? '')
      .update(`${plan}${gate.code}${gate.addresses.join()}`)
      .digest('hex')
      .slice(0, 4)
    const token = `${number}:${hash}`
    return { ...gate, number, token, accepted: context.accept.includes(token) }
  })
}

/** The spec and where it goes: a token for one account's URL is of no use at another's. */
function bindingOf({ hash, accounts }: Spec): string {
  return [hash, ...[...accounts.values()].map(({ name, url }) => `${name} ${url}`)].join('\n')
}

/** A text that is the same for the same changes, whatever their order. */
export function fingerprint(changes: readonly Change[]): string {
  return changes
    .filter((change) => change.action !== 'noop')
    .map((change) => {
      const id = change.action === 'create' ? '' : change.live.id
      const fields = change.fields.map(({ path, before, after, sensitive }) => ({ path, before, after, sensitive }))
      return `${change.action} ${qualify(change.scope, change.address)} ${id} ${JSON.stringify(fields)}`
    })
    .sort()
    .join('\n')
}
