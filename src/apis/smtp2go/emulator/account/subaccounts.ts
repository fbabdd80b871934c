import {
  email,
  flag,
  list,
  need,
  nullable,
  oneOf,
  or,
  read,
  text,
  type Values,
  whole,
} from '../../../../emulator/input/fields.ts'
import type { JsonObject } from '../../../../emulator/input/json.ts'
import { randomText } from '../../../../emulator/input/password.ts'
import { type Call, reads, writes } from '../call/operation.ts'
import { page } from '../call/pages.ts'
import { Refusal } from '../call/refusal.ts'
import type { Subaccount } from '../state/entities.ts'
import { usedInCycle } from '../state/mail.ts'
import { createScope } from '../state/scope.ts'

const limits = [
  2000, 5000, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000, 80_000, 100_000, 250_000, 500_000, 1_000_000, 2_000_000,
  3_000_000, 5_000_000, 10_000_000,
] as const
const changes = {
  limit: oneOf(limits),
  dedicated_ip: flag(),
  archiving: flag(),
  enforce_2fa: flag(),
  enable_sms: flag(),
  sms_limit: whole(0),
  ip_pool: nullable(whole(1)),
}
const searchFields = {
  search_terms: or(list(text()), () => []),
  fuzzy_search: or(flag(), () => true),
  states: or(oneOf(['all', 'active', 'closed', 'suspended']), () => 'all' as const),
  sort_direction: or(oneOf(['asc', 'desc']), () => 'asc' as const),
}
const closing = { id: need(text()), email: text() }
const common = { scoped: false, masterOnly: true } as const

function show(one: Subaccount, { world, now }: Call): JsonObject {
  const scope = world.scopes.get(one.id)
  const used = one.plan_used + (scope ? usedInCycle(scope.mail, now) : 0)
  return {
    id: one.id,
    name: one.name,
    plan_size: one.plan_size,
    plan_used: used,
    plan_remaining: one.plan_size - used,
    state: one.state,
    dedicated_ip: one.dedicated_ip,
    archiving: one.archiving,
    enforce_2fa: one.enforce_2fa,
    sms_enabled: one.sms_enabled,
    sms_limit: one.sms_limit,
    ...(one.ip_pool === null ? {} : { ip_pool: one.ip_pool }),
  }
}

function find({ world }: Call, id: string): Subaccount {
  const found = world.subaccounts.get(id)
  if (!found) throw new Refusal(`A subaccount matching the passed id of ${id} was not found`)
  return found
}

function checkDedicatedIp({ plan_size, dedicated_ip }: Subaccount): void {
  if (dedicated_ip && plan_size <= 100_000) {
    throw new Refusal('A dedicated IP is only available if the limit is greater than 100,000')
  }
}

function matches(one: Subaccount, question: JsonObject): boolean {
  const { search_terms, fuzzy_search, states } = read(searchFields, question)
  if (states !== 'all' && one.state.toLowerCase() !== states) return false
  const values = [one.name, one.email, one.id]
  const fits = (term: string): boolean =>
    fuzzy_search ? values.some((value) => value.toLowerCase().includes(term.toLowerCase())) : values.includes(term)
  return search_terms.length === 0 || search_terms.some(fits)
}

function changeState(to: 'Active' | 'Closed', word: string) {
  return (call: Call, { id, email: sent }: Values<typeof closing>): string => {
    const found = find(call, id)
    if (found.state === to) throw new Refusal(`The subaccount ${id} is ${to.toLowerCase()} already`)
    if (sent !== undefined && sent !== found.email) {
      throw new Refusal(`A subaccount matching the passed email of ${sent} was not found`)
    }
    found.state = to
    return `Successfully ${word} subaccount ${found.email || id}`
  }
}

/** `/subaccount/*` and `/subaccounts/search`, for keys of the master account. */
export const subaccounts = [
  reads(
    '/subaccounts/search',
    { ...searchFields, page_size: or(whole(1, 10_000), () => 100), continue_token: text() },
    (call, { page_size }) => {
      const { rows, total, token } = page(call, 'subaccounts', page_size, (question) => {
        const up = read(searchFields, question).sort_direction === 'asc' ? 1 : -1
        const found = [...call.world.subaccounts.values()].filter((one) => matches(one, question))
        found.sort((a, b) => (a.name === b.name ? (a.id < b.id ? -1 : 1) : a.name < b.name ? -up : up))
        return found.map((one) => {
          const {
            archiving: _,
            enforce_2fa: __,
            sms_enabled: ___,
            sms_limit: ____,
            ip_pool: _____,
            ...shown
          } = show(one, call)
          return { ...shown, email: one.email }
        })
      })
      return { subaccounts: rows, continue_token: token ?? '', total_count: total }
    },
    common,
  ),
  writes(
    '/subaccount/add',
    { fullname: need(text({ min: 1 })), subaccount_email: email(), ...changes },
    (call, input) => {
      const { world } = call
      const added: Subaccount = {
        id: randomText(6),
        name: input.fullname,
        email: input.subaccount_email ?? '',
        state: 'Active',
        plan_size: input.limit ?? 10_000,
        plan_used: 0,
        dedicated_ip: input.dedicated_ip ?? false,
        archiving: input.archiving ?? false,
        enforce_2fa: input.enforce_2fa ?? false,
        sms_enabled: input.enable_sms ?? false,
        sms_limit: input.sms_limit ?? 1000,
        ip_pool: input.ip_pool ?? null,
      }
      checkDedicatedIp(added)
      world.subaccounts.set(added.id, added)
      world.scopes.set(added.id, createScope(added.id))
      for (const { subaccount_access } of world.scopes.get('')?.domains.values() ?? []) {
        if (subaccount_access.future_subaccounts) subaccount_access.subaccounts.push(added.id)
      }
      return show(added, call)
    },
    { ...common, limit: { calls: 50, seconds: 3600 } },
  ),
  writes(
    '/subaccount/edit',
    { id: need(text()), fullname: text({ min: 1 }), ...changes },
    (call, input) => {
      const old = find(call, input.id)
      const edited: Subaccount = {
        ...old,
        name: input.fullname ?? old.name,
        plan_size: input.limit ?? old.plan_size,
        dedicated_ip: input.dedicated_ip ?? old.dedicated_ip,
        archiving: input.archiving ?? old.archiving,
        enforce_2fa: input.enforce_2fa ?? old.enforce_2fa,
        sms_enabled: input.enable_sms ?? old.sms_enabled,
        sms_limit: input.sms_limit ?? old.sms_limit,
        ip_pool: input.ip_pool === undefined ? old.ip_pool : input.ip_pool,
      }
      checkDedicatedIp(edited)
      call.world.subaccounts.set(old.id, edited)
      return show(edited, call)
    },
    common,
  ),
  writes('/subaccount/close', closing, changeState('Closed', 'closed'), common),
  writes('/subaccount/reopen', closing, changeState('Active', 'reopened'), common),
]
