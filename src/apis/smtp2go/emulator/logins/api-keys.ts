import { list, need, such, text } from '../../../../emulator/input/fields.ts'
import type { JsonObject } from '../../../../emulator/input/json.ts'
import { randomText } from '../../../../emulator/input/password.ts'
import { covers } from '../call/access.ts'
import { type Call, reads, writes } from '../call/operation.ts'
import { Refusal } from '../call/refusal.ts'
import type { ApiKey } from '../state/entities.ts'
import { applySender, plainSender, senderInput, showPlainSender } from './sender.ts'

const endpoints = list(such((one) => one === '*' || one.startsWith('/'), 'an endpoint like /email/send'))
const id = need(text({ secret: true }))

/** The first 16 characters of a key, by which reports name it. */
export const shortName = (key: ApiKey): string => key.api_key.slice(0, 16)

function show(key: ApiKey, call: Call, full = false): JsonObject {
  return {
    api_key: full ? key.api_key : `${shortName(key)}${'*'.repeat(20)}`,
    username: shortName(key),
    ...showPlainSender(key, call.settings),
    endpoints: key.endpoints,
    ...(call.settings.keySendingStatus === 'omit' ? {} : { sending_status: call.settings.keySendingStatus }),
  }
}

function find({ world, scope }: Call, fullKey: string): ApiKey {
  const key = world.keys.get(fullKey)
  if (key?.subaccount_id !== scope.id) throw new Refusal("An API key matching the passed 'id' was not found")
  return key
}

function checkEndpoints(asked: readonly string[] | undefined, call: Call): void {
  const denied = asked?.find((one) => !covers(call.key.endpoints, one))
  if (denied !== undefined) throw new Refusal(`The calling API key may not grant access to the endpoint ${denied}`)
}

/** `/api_keys/*`; a full key is shown once, when it is made. */
export const apiKeys = [
  reads('/api_keys/view', { id: text({ secret: true }), search: text() }, (call, input) => {
    const wanted = input.search?.toLowerCase() ?? ''
    const own = [...call.world.keys.values()].filter((key) => key.subaccount_id === call.scope.id)
    return own
      .filter((key) => input.id === undefined || key.api_key === input.id)
      .filter((key) => `${shortName(key)} ${key.description}`.toLowerCase().includes(wanted))
      .map((key) => show(key, call))
  }),
  writes(
    '/api_keys/add',
    { endpoints, ...senderInput },
    (call, { endpoints: asked = ['/email/send'], ...input }) => {
      checkEndpoints(asked, call)
      const api_key = `api-${randomText(32)}`
      const key = { ...applySender(plainSender(), input), api_key, subaccount_id: call.scope.id, endpoints: asked }
      call.world.keys.set(api_key, key)
      return [show(key, call, true)]
    },
    { limit: { calls: 5, seconds: 60 } },
  ),
  ...(['POST', 'PATCH'] as const).map((method) =>
    writes(
      '/api_keys/edit',
      { id, endpoints, ...senderInput },
      (call, { id: fullKey, endpoints: asked, ...input }) => {
        const old = find(call, fullKey)
        checkEndpoints(asked, call)
        const sender = applySender(method === 'POST' ? plainSender() : old, input)
        const edited = { ...old, ...sender, api_key: old.api_key, endpoints: asked ?? old.endpoints }
        call.world.keys.set(old.api_key, edited)
        return [show(edited, call)]
      },
      { method },
    ),
  ),
  writes('/api_keys/remove', { id }, (call, { id: fullKey }) => {
    const removed = find(call, fullKey)
    call.world.keys.delete(removed.api_key)
    return [show(removed, call)]
  }),
  reads('/api_keys/permissions', {}, ({ key }) => key.endpoints, { scoped: false, open: true }),
]
