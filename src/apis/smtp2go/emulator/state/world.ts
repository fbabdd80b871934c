import { or, type Values, whole } from '../../../../emulator/input/fields.ts'
import type { Json } from '../../../../emulator/input/json.ts'
import { by, many, part } from '../../../../emulator/input/usual.ts'
import type { Context as ServiceContext } from '../../../../emulator/world/call.ts'
import * as entity from './entities.ts'
import { type OutcomeRule, outcomeFields } from './messages.ts'
import { createScope, dumpScope, type Scope, scopesOf } from './scope.ts'
import type { Settings } from './settings.ts'
import { type Waiting, waitingIn } from './waiting.ts'

/** The key of a fresh emulator. */
const FRESH_KEY = `api-${'EmulatorMaster'.padEnd(32, '0')}`

const stateFields = {
  keys: many(entity.apiKeyFields, [...entity.derivedSender, 'username']),
  scopes: scopesOf,
  subaccounts: many(entity.subaccountFields, ['plan_remaining']),
  outcomes: many(outcomeFields),
}

/** Numbers that only grow. */
export const counterFields = { webhook: or(whole(0), () => 4000), selector: or(whole(0), () => 123_455) }

/** Everything that the service keeps. */
interface World {
  version: number
  readonly keys: Map<string, entity.ApiKey>
  readonly scopes: Map<string, Scope>
  readonly subaccounts: Map<string, entity.Subaccount>
  readonly counters: Values<typeof counterFields>
  /** What becomes of mail, by pattern; the first that fits decides. */
  outcomes: OutcomeRule[]
  readonly waiting: Waiting
  /** Long lists that are being paged through. */
  readonly pages: Map<string, { readonly version: number; readonly rows: readonly Json[] }>
}

/** What a call works on. */
export type Context = ServiceContext<World, Settings>

/** Builds a world from state, any part of which may be missing; throws `Invalid` for a name it does not know. */
export function loadWorld(state: Json | undefined, counters: Values<typeof counterFields>): World {
  const read = part(stateFields)(state, 'smtp2go')
  const scopes = new Map(Object.entries(read.scopes).map(([id, one]) => [id, createScope(id, one)]))
  const subaccounts = by(read.subaccounts, ({ id }) => id)
  for (const id of scopes.keys()) {
    if (id !== '' && !subaccounts.has(id)) subaccounts.set(id, part(entity.subaccountFields)({ id, name: id }, id))
  }
  for (const id of ['', ...subaccounts.keys()]) if (!scopes.has(id)) scopes.set(id, createScope(id))
  const keys = by(read.keys, ({ api_key }) => api_key)
  const world: World = {
    version: 0,
    keys,
    scopes,
    subaccounts,
    counters,
    outcomes: read.outcomes,
    waiting: waitingIn(scopes.values()),
    pages: new Map(),
  }
  return complete(world)
}

function complete(world: World): World {
  if (!masterKey(world)) {
    const key = part(entity.apiKeyFields)({ api_key: FRESH_KEY, endpoints: ['*'], description: 'master key' }, 'keys')
    world.keys.set(key.api_key, key)
  }
  const { counters } = world
  const webhooks = [...world.scopes.values()].flatMap((scope) => [...scope.webhooks.keys()])
  counters.webhook = webhooks.reduce((most, id) => Math.max(most, id), counters.webhook)
  for (const scope of world.scopes.values()) for (const one of scope.domains.values()) nameRecords(world, one)
  return world
}

/** Gives a domain the selectors it lacks. */
export function nameRecords(world: World, { domain }: entity.Domain): void {
  if (domain.dkim_selector !== '' && domain.rpath_selector !== '') return
  world.counters.selector += 1
  domain.dkim_selector ||= `s${world.counters.selector}`
  domain.rpath_selector ||= `em${world.counters.selector}`
}

/** A key of the master account that may do everything. */
export function masterKey(world: World): string | undefined {
  const may = ({ subaccount_id, endpoints, status }: entity.ApiKey) =>
    subaccount_id === '' && endpoints.includes('*') && status !== 'blocked'
  return [...world.keys.values()].find(may)?.api_key
}

/** The state of a world, in the names of the API; secrets included. */
export function dumpWorld({ keys, scopes, subaccounts, outcomes }: World) {
  return {
    keys: [...keys.values()],
    scopes: Object.fromEntries([...scopes].map(([id, scope]) => [id, dumpScope(scope)])),
    subaccounts: [...subaccounts.values()],
    outcomes,
  }
}
