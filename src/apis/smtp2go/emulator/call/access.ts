import { holds } from '../../../../emulator/input/ip.ts'
import { isObject, type JsonObject, parseJson } from '../../../../emulator/input/json.ts'
import { type Incoming, isOverLimit } from '../../../../emulator/world/call.ts'
import type { ApiKey } from '../state/entities.ts'
import type { Scope } from '../state/scope.ts'
import type { Context } from '../state/world.ts'
import type { Operation } from './operation.ts'
import { Refusal } from './refusal.ts'

const keyShape = /^api-[a-zA-Z0-9]{32}$/

/** Reads the body; none at all counts as an empty object. */
export function readBody({ settings }: Context, call: Incoming): JsonObject {
  if (call.text.trim() === '') return {}
  if (settings.needsJsonContentType && !call.header('content-type')?.startsWith('application/json')) {
    throw new Refusal('Content-Type has to be application/json', 'INVALID_IN_PAYLOAD', 400)
  }
  const body = parseJson(call.text)
  if (isObject(body)) return body
  throw new Refusal('The payload is not a valid JSON object', 'NON_VALIDATING_IN_PAYLOAD', settings.malformedJsonStatus)
}

/** Finds the key of a call: header first, then body, then bearer. */
export function authenticate({ world, settings }: Context, call: Incoming, body: JsonObject): ApiKey {
  const bearer = /^bearer +(\S+)$/i.exec(call.header('authorization') ?? '')?.[1]
  const sent = call.header('x-smtp2go-api-key') ?? body['api_key'] ?? bearer
  if (typeof sent !== 'string' || !keyShape.test(sent)) {
    throw new Refusal(
      'The API key is missing or has not the right form',
      'INVALID_IN_PAYLOAD',
      settings.malformedKeyStatus,
      'api_key',
    )
  }
  const key = world.keys.get(sent)
  if (!key) {
    const message = "An API User matching the passed 'api_key' was not found"
    throw new Refusal(message, 'API_EXCEPTION', settings.unknownKeyStatus)
  }
  if (key.status === 'blocked') {
    throw new Refusal('This API key is blocked', 'API_EXCEPTION', settings.blockedKeyStatus)
  }
  return key
}

/** Whether a list of permissions covers an endpoint or a pattern of endpoints. */
export function covers(permissions: readonly string[], endpoint: string): boolean {
  return permissions.some((one) => {
    return one === '*' || one === endpoint || (one.endsWith('/*') && endpoint.startsWith(one.slice(0, -1)))
  })
}

/** Refuses a caller from an address that an enabled API allow list lacks. */
export function checkAddress({ world, settings }: Context, call: Incoming, key: ApiKey): void {
  const own = world.scopes.get(key.subaccount_id)?.ipAllowList.api
  if (!settings.enforceApiIpList || !own?.enabled) return
  if (holds([...own.entries.keys()], settings.clientAddress ?? call.address)) return
  const message = "This request is coming from an IP address that isn't in the IP allow list"
  throw new Refusal(message, 'API_EXCEPTION', settings.ipListStatus)
}

/** Refuses a key that may not call the operation. */
export function checkPermission({ settings }: Context, key: ApiKey, { path, open, masterOnly }: Operation): void {
  if (open || (covers(key.endpoints, path) && !(masterOnly && key.subaccount_id !== ''))) return
  const message = 'You do not have permission to access this API endpoint'
  throw new Refusal(message, 'ENDPOINT_PERMISSION_DENIED', settings.permissionDeniedStatus)
}

/** Refuses more calls than the settings allow. */
export function checkLimits({ settings, counters, now }: Context, key: ApiKey, { path, limit }: Operation): void {
  const second = settings.rateLimitPerSecond
  if (second !== null && isOverLimit(counters, 'second', now, second, 1)) throw tooMany(second, 1)
  if (!settings.enforceDocumentedLimits || !limit) return
  const { calls, seconds } = limit
  if (isOverLimit(counters, `${key.api_key} ${path}`, now, calls, seconds)) throw tooMany(calls, seconds)
}

function tooMany(calls: number, seconds: number): Refusal {
  const message = `This endpoint is rate limited to ${calls} request every ${seconds} seconds`
  return new Refusal(message, 'REQ_LIMIT_EXCEEDED', 429)
}

/** The account a call works on: that of its key, or a subaccount where the operation lets a master key name one. */
export function chooseScope(context: Context, key: ApiKey, { scoped }: Operation, body: JsonObject): Scope {
  const asked = scoped ? body['subaccount_id'] : undefined
  const id = typeof asked === 'string' && asked !== '' ? asked : key.subaccount_id
  const scope = context.world.scopes.get(id)
  const may = key.subaccount_id === '' || id === key.subaccount_id
  const wrong = asked !== undefined && asked !== null && typeof asked !== 'string'
  if (!scope || !may || wrong) {
    const message = `A subaccount matching the passed 'subaccount_id' was not found`
    throw new Refusal(message, 'API_EXCEPTION', context.settings.unknownSubaccountStatus)
  }
  const closed = context.world.subaccounts.get(id)?.state === 'Closed'
  if (closed && context.settings.closedSubaccount === 'refuse') throw new Refusal('This subaccount is closed')
  return scope
}
