import { need, such } from '../../../../emulator/input/fields.ts'
import { isIpAddress } from '../../../../emulator/input/ip.ts'
import type { JsonObject } from '../../../../emulator/input/json.ts'
import { type Call, reads, writes } from '../call/operation.ts'
import { Refusal } from '../call/refusal.ts'
import type { IpAuth } from '../state/entities.ts'
import { applySender, senderInput, showPlainSender, showSender } from './sender.ts'

const address = such(isIpAddress, 'an IP address')

function show(one: IpAuth, { settings }: Pick<Call, 'settings'>): JsonObject {
  return { ip_address: one.ip_address, ...showSender(one, settings) }
}

function find({ scope }: Call, ip: string): IpAuth {
  const found = scope.ipAuth.get(ip)
  if (!found) throw new Refusal(`An IP Auth entry matching the passed ip_address of ${ip} was not found`)
  return found
}

/** `/ip_auth/*`; there is no way to add one. */
export const ipAuth = [
  reads('/ip_auth/view', { ip_address: address }, (call, { ip_address }) => {
    const found = [...call.scope.ipAuth.values()].filter(
      (one) => ip_address === undefined || one.ip_address === ip_address,
    )
    return {
      results: found.map((one) => show(one, call)),
      default_ratelimit_value: 0,
      default_ratelimit_period: 'unlimited',
    }
  }),
  writes(
    '/ip_auth/edit',
    { ip_address: need(address), ...senderInput },
    (call, { ip_address, ...input }) => {
      const edited = { ...applySender(find(call, ip_address), input), ip_address }
      call.scope.ipAuth.set(ip_address, edited)
      return [{ ip_address, ...showPlainSender(edited, call.settings) }]
    },
    { method: 'PATCH' },
  ),
  writes('/ip_auth/remove', { ip_address: need(address) }, (call, { ip_address }) => {
    const removed = find(call, ip_address)
    call.scope.ipAuth.delete(ip_address)
    return [{ ip_address, ...showPlainSender(removed, call.settings) }]
  }),
]
