import { or, type Values, whole } from '../../../emulator/input/fields.ts'
import type { Json } from '../../../emulator/input/json.ts'
import { by, many, part } from '../../../emulator/input/usual.ts'
import type { Context as ServiceContext } from '../../../emulator/world/call.ts'
import * as entity from './entities.ts'
import type { Settings } from './settings.ts'

/** The token and the user of a fresh emulator. */
const FRESH_TOKEN = 'emulator-token'
const FRESH_USER = { email: 'admin@example.com', password: 'emulator-password', twoFactor: false, permitted: true }

const stateFields = {
  users: many(entity.userFields),
  tokens: many(entity.tokenFields),
  providers: many(entity.providerFields, ['providerId']),
}

/** Numbers that only grow. */
export const counterFields = { provider: or(whole(0), () => 0) }

/** Everything that the service keeps. */
interface World {
  version: number
  readonly users: entity.User[]
  readonly tokens: Map<string, entity.Token>
  readonly providers: Map<number, entity.Provider>
  readonly counters: Values<typeof counterFields>
}

/** What a call works on. */
export type Context = ServiceContext<World, Settings>

/** Builds a world from state, any part of which may be missing; throws `Invalid` for a name it does not know. */
export function loadWorld(state: Json | undefined, counters: Values<typeof counterFields>): World {
  const { users, tokens, providers } = part(stateFields)(state, 'backoffice')
  const world: World = {
    version: 0,
    users: users.length > 0 ? users : [{ ...FRESH_USER }],
    tokens: by(tokens, ({ token }) => token),
    providers: new Map(providers.toSorted((a, b) => a.id - b.id).map((one) => [one.id, one])),
    counters,
  }
  if (!validToken(world)) {
    const token = part(entity.tokenFields)({ token: FRESH_TOKEN, email: FRESH_USER.email }, 'tokens')
    world.tokens.set(FRESH_TOKEN, token)
  }
  counters.provider = [...world.providers.keys()].reduce((most, id) => Math.max(most, id), counters.provider)
  return world
}

/** A token that opens the Back Office. */
export function validToken(world: World): string | undefined {
  const opens = ({ kind, permitted, expiresAt }: entity.Token) => kind === 'access' && permitted && expiresAt === null
  return [...world.tokens.values()].find(opens)?.token
}

/** The state of a world, in the names of the API; secrets included. */
export function dumpWorld({ users, tokens, providers }: World) {
  return { users, tokens: [...tokens.values()], providers: [...providers.values()] }
}
