import { randomUUID } from 'node:crypto'
import { Invalid } from '../../../emulator/input/fields.ts'
import type { Json } from '../../../emulator/input/json.ts'
import type { Answer, Incoming } from '../../../emulator/world/call.ts'
import { defineService } from '../../../emulator/world/definition.ts'
import { authenticate, checkAddress, checkLimits, checkPermission, chooseScope, readBody } from './call/access.ts'
import type { Operation } from './call/operation.ts'
import { Refusal, refuse } from './call/refusal.ts'
import { operations } from './families.ts'
import { mailDoor } from './mail/door.ts'
import { errands } from './mail/errands.ts'
import { stateOf } from './state/answers.ts'
import { SMTP2GO_SETTINGS } from './state/settings.ts'
import { type Context, counterFields, dumpWorld, loadWorld, masterKey } from './state/world.ts'
import { controls } from './traffic/controls.ts'
import { mailbox } from './traffic/mailbox.ts'

/** Bytes of a call that sends mail; other calls have a mebibyte. */
const LARGEST_MESSAGE = 50 * 1024 * 1024
const prefix = '/v3'
const byCall = new Map(operations.map((one) => [`${one.method} ${prefix}${one.path}`, one]))
const paths = new Set(operations.map(({ path }) => prefix + path))

/** The SMTP2GO API under `/v3`. */
export const smtp2goService = defineService({
  name: 'smtp2go',
  base: prefix,
  prefix: `${prefix}/`,
  settings: SMTP2GO_SETTINGS,
  counters: counterFields,
  header: 'x-smtp2go-api-key',
  hidden: {
    names: ['api_key', 'email_password', 'password', 'auth_header_value', 'custom_headers', 'token', 'code'],
    pattern: /^api-[a-zA-Z0-9]{32}$/,
  },
  lists: {
    names: [
      ...['data', 'results', 'domains', 'senders', 'templates', 'subaccounts', 'webhooks'],
      ...['ip_addresses', 'allowed_senders', 'allowed_recipients', 'history', 'events', 'emails', 'messages'],
    ],
    totals: ['total', 'total_results', 'total_count', 'total_events', 'email_count', 'count'],
    token: 'continue_token',
  },
  load: loadWorld,
  dump: dumpWorld,
  credential: (world) => masterKey(world) ?? '',
  shortForm: (key) => /(api-[A-Za-z0-9]{12})[A-Za-z0-9]{20}$/.exec(key)?.[1],
  writes: (method, path) => byCall.get(`${method} ${path}`)?.writes,
  answer,
  mail: mailDoor,
  mailbox,
  errands,
  controls,
  largestBody: (path) => (path.startsWith(`${prefix}/email/`) ? LARGEST_MESSAGE : undefined),
  tooLarge: (error) => ({
    request_id: randomUUID(),
    data: { error, error_code: 'E_ApiResponseCodes.INVALID_IN_PAYLOAD' },
  }),
  stateOf,
})

function answer(context: Context, call: Incoming): Answer | Promise<Answer> {
  const requestId = randomUUID()
  const refused = (error: unknown) => refuse(asRefusal(error), context.settings, requestId)
  try {
    const found = find(context, call)
    const body = readBody(context, call)
    const key = authenticate(context, call, body)
    checkAddress(context, call, key)
    checkLimits(context, key, found)
    checkPermission(context, key, found)
    const scope = chooseScope(context, key, found, body)
    const ip = context.settings.clientAddress ?? call.address
    const done = (data: Json): Answer => {
      if (found.writes) context.world.version += 1
      return { status: 200, body: { request_id: requestId, data } }
    }
    const data = found.run({ ...context, scope, key, requestId, body, ip })
    if (!(data instanceof Promise)) return done(data)
    return data.then((json) => ({ ...done(json), commits: found.writes }), refused)
  } catch (error) {
    return refused(error)
  }
}

function find({ settings }: Context, { method, path }: Incoming): Operation {
  const found = byCall.get(`${method} ${path}`)
  if (found) return found
  if (paths.has(path)) {
    throw new Refusal(`The method ${method} is not allowed here`, 'NOT_FOUND', settings.wrongMethodStatus)
  }
  throw new Refusal(`There is no endpoint ${path} in this emulator`, 'NOT_FOUND', settings.unknownPathStatus)
}

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof Invalid) return new Refusal(error.message, 'NON_VALIDATING_IN_PAYLOAD', 400, error.field)
  throw error
}
