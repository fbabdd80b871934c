import { randomUUID } from 'node:crypto'
import { Invalid } from '../input/fields.ts'
import type { Answer, Context, Incoming, Service } from '../world/call.ts'
import { authenticate, checkAddress, checkLimits, checkPermission, chooseScope, readBody } from './call/access.ts'
import type { Operation } from './call/operation.ts'
import { Refusal, refuse } from './call/refusal.ts'
import { operations } from './families.ts'

const prefix = '/v3'
const byCall = new Map(operations.map((one) => [`${one.method} ${prefix}${one.path}`, one]))
const paths = new Set(operations.map(({ path }) => prefix + path))

/** The SMTP2GO API under `/v3`. */
export const smtp2go: Service = {
  writes: (method, path) => byCall.get(`${method} ${path}`)?.writes,
  answer,
}

function answer(context: Context, call: Incoming): Answer {
  const requestId = randomUUID()
  try {
    const found = find(context, call)
    const body = readBody(context, call)
    const key = authenticate(context, call, body)
    checkAddress(context, call, key)
    checkLimits(context, key, found)
    checkPermission(context, key, found)
    const scope = chooseScope(context, key, found, body)
    const data = found.run({ ...context, scope, key, requestId, body })
    if (found.writes) context.world.version += 1
    return { status: 200, body: { request_id: requestId, data } }
  } catch (error) {
    return refuse(asRefusal(error), context.settings, requestId)
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
