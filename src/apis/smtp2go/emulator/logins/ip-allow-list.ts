import { flag, need, oneOf, or, such, text } from '../../../../emulator/input/fields.ts'
import { isIpOrRange, withLength } from '../../../../emulator/input/ip.ts'
import type { JsonObject } from '../../../../emulator/input/json.ts'
import { type Call, reads, writes } from '../call/operation.ts'
import { Refusal } from '../call/refusal.ts'
import type { IpEntry } from '../state/entities.ts'

const type = or(oneOf(['smtp', 'api']), () => 'smtp' as const)
const address = such(isIpOrRange, 'an IP address or a range in CIDR notation')

function show({ ip_address, description }: IpEntry, { settings }: Call): JsonObject {
  return { ip_address: settings.ipReadback === 'cidr' ? withLength(ip_address) : ip_address, description }
}

function find(call: Call, kind: 'smtp' | 'api', ip: string): IpEntry {
  const { entries } = call.scope.ipAllowList[kind]
  const found = entries.get(ip) ?? [...entries.values()].find((one) => withLength(one.ip_address) === withLength(ip))
  if (!found) throw new Refusal(`The IP address ${ip} is not in the allow list`)
  return found
}

function refuseTwice(call: Call, kind: 'smtp' | 'api', ip: string): void {
  const twice = [...call.scope.ipAllowList[kind].entries.keys()].some((one) => withLength(one) === withLength(ip))
  if (twice) throw new Refusal(`The IP address ${ip} is already in the allow list`)
}

/** `/ip_allow_list*`: one list for SMTP, one for the API, of the account the key belongs to. */
export const ipAllowList = [
  writes(
    '/ip_allow_list',
    { type, enabled: need(flag()) },
    ({ scope }, input) => {
      scope.ipAllowList[input.type].enabled = input.enabled
      return { enabled: input.enabled }
    },
    { scoped: false },
  ),
  reads(
    '/ip_allow_list/view',
    { type },
    (call, input) => {
      const { enabled, entries } = call.scope.ipAllowList[input.type]
      return { enabled, ip_addresses: [...entries.values()].map((entry) => show(entry, call)) }
    },
    { scoped: false },
  ),
  writes(
    '/ip_allow_list/add',
    { type, ip_address: need(address), description: or(text(), () => '') },
    (call, { type: kind, ...entry }) => {
      refuseTwice(call, kind, entry.ip_address)
      call.scope.ipAllowList[kind].entries.set(entry.ip_address, entry)
      return show(entry, call)
    },
    { scoped: false },
  ),
  writes(
    '/ip_allow_list/edit',
    { type, ip_address: need(address), new_ip_address: address, description: text() },
    (call, { type: kind, ip_address, new_ip_address, description }) => {
      const old = find(call, kind, ip_address)
      const moved = new_ip_address !== undefined && withLength(new_ip_address) !== withLength(old.ip_address)
      if (moved) refuseTwice(call, kind, new_ip_address)
      const edited = {
        ip_address: new_ip_address ?? old.ip_address,
        description: description ?? old.description,
      }
      const { entries } = call.scope.ipAllowList[kind]
      const rest = [...entries.values()].map((one) => (one === old ? edited : one))
      entries.clear()
      for (const one of rest) entries.set(one.ip_address, one)
      return show(edited, call)
    },
    { scoped: false },
  ),
  writes(
    '/ip_allow_list/remove',
    { type, ip_address: need(address) },
    (call, { type: kind, ip_address }) => {
      const removed = find(call, kind, ip_address)
      call.scope.ipAllowList[kind].entries.delete(removed.ip_address)
      return show(removed, call)
    },
    { scoped: false },
  ),
]
