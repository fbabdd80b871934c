import { flag, isDomain, list, need, or, record, such, text } from '../../../../emulator/input/fields.ts'
import type { Json } from '../../../../emulator/input/json.ts'
import { type Call, reads, writes } from '../call/operation.ts'
import { Refusal } from '../call/refusal.ts'
import type { Domain } from '../state/entities.ts'
import { nameRecords } from '../state/world.ts'
import { checkVerifiedSenders, reverify, showDomain, verify } from './domain-records.ts'

const name = such((value) => isDomain(value), 'a domain name')
const label = such((value) => /^(?:[a-z0-9_](?:[a-z0-9-]{0,61}[a-z0-9])?\.?)+$/i.test(value), 'a subdomain')
const access = record({ subaccounts: or(list(text()), () => []), future_subaccounts: or(flag(), () => false) })

function find({ scope }: Call, domain: string): Domain {
  const found = scope.domains.get(domain.toLowerCase())
  if (!found) throw new Refusal(`A sender domain matching the passed value of ${domain} was not found`)
  return found
}

function show(one: Domain, { settings }: Call, justAdded = false): Json {
  const setupLink = `https://setup.example.net/${one.domain.fulldomain}`
  return { domains: [showDomain(one, settings, { justAdded, setupLink })] }
}

function checkSubaccounts({ world }: Call, ids: readonly string[]): void {
  const unknown = ids.find((id) => !world.subaccounts.has(id))
  if (unknown !== undefined) throw new Refusal(`A subaccount matching the passed value of ${unknown} was not found`)
}

function view(call: Call, wanted: string | undefined): Json {
  const { scope, world, settings, now } = call
  const master = scope.id === '' ? [] : [...(world.scopes.get('')?.domains.values() ?? [])]
  const delegated = master.filter(({ subaccount_access }) => subaccount_access.subaccounts.includes(scope.id))
  const found = [...scope.domains.values(), ...delegated].filter(
    ({ domain }) => wanted === undefined || wanted === '' || domain.fulldomain === wanted.toLowerCase(),
  )
  const domains = found.map((one): Json => {
    reverify(one, settings, now)
    const setupLink = found.length === 1 ? `https://setup.example.net/${one.domain.fulldomain}` : 'unavailable'
    return { from_master: delegated.includes(one), ...showDomain(one, settings, { setupLink }) }
  })
  return { domains }
}

/** `/domain/*` */
export const domains = [
  reads('/domain/view', { domain: text() }, (call, { domain }) => view(call, domain)),
  writes(
    '/domain/add',
    {
      domain: need(name),
      tracking_subdomain: label,
      returnpath_subdomain: label,
      auto_verify: or(flag(), () => true),
      requisition_ssl: or(flag(), () => true),
      subaccount_access: access,
    },
    (call, input) => {
      const fulldomain = input.domain.toLowerCase()
      const { scope, world, settings, now } = call
      if (scope.domains.has(fulldomain)) {
        throw new Refusal(`A sender domain matching the passed value of ${input.domain} already exists`)
      }
      checkVerifiedSenders(scope.domains.size, settings.maxSenderDomains)
      checkSubaccounts(call, input.subaccount_access?.subaccounts ?? [])
      const part = { fulldomain, dkim_selector: '', dkim_verified: false, rpath_verified: false }
      const tracker = { subdomain: input.tracking_subdomain ?? 'link', cname_verified: false }
      const added: Domain = {
        domain: { ...part, rpath_selector: input.returnpath_subdomain ?? '' },
        trackers: [{ ...tracker, enabled: settings.trackerEnabled === 'always' }],
        subaccount_access: input.subaccount_access ?? { subaccounts: [], future_subaccounts: false },
        last_checked: null,
      }
      nameRecords(world, added)
      if (input.auto_verify) verify(added, settings, now)
      scope.domains.set(fulldomain, added)
      return show(added, call, true)
    },
  ),
  writes('/domain/verify', { domain: need(name), requisition_ssl: or(flag(), () => true) }, (call, { domain }) => {
    const found = find(call, domain)
    verify(found, call.settings, call.now)
    return show(found, call)
  }),
  writes('/domain/remove', { domain: need(name) }, (call, { domain }) => {
    call.scope.domains.delete(find(call, domain).domain.fulldomain)
    return call.settings.domainRemoveAnswer === 'empty' ? { domains: [] } : view(call, undefined)
  }),
  writes(
    '/domain/tracking',
    { domain: need(name), old_subdomain: need(label), new_subdomain: need(label) },
    (call, { domain, old_subdomain, new_subdomain }) => {
      const found = find(call, domain)
      const tracker = found.trackers.find(({ subdomain }) => subdomain === old_subdomain)
      if (!tracker)
        throw new Refusal(`A tracking subdomain matching the passed value of ${old_subdomain} was not found`)
      if (old_subdomain !== new_subdomain) tracker.cname_verified = false
      tracker.subdomain = new_subdomain
      return show(found, call)
    },
  ),
  writes(
    '/domain/returnpath',
    { domain: need(name), old_subdomain: need(label), new_subdomain: need(label) },
    (call, { domain, old_subdomain, new_subdomain }) => {
      const found = find(call, domain)
      if (found.domain.rpath_selector !== old_subdomain) {
        throw new Refusal(`A return path subdomain matching the passed value of ${old_subdomain} was not found`)
      }
      if (old_subdomain !== new_subdomain) found.domain.rpath_verified = false
      found.domain.rpath_selector = new_subdomain
      return show(found, call)
    },
  ),
  writes(
    '/domain/subaccount_access',
    {
      domain: need(name),
      subaccounts: need(list(text())),
      future_subaccounts: or(flag(), () => false),
    },
    (call, { domain, subaccounts, future_subaccounts }) => {
      const found = find(call, domain)
      checkSubaccounts(call, subaccounts)
      found.subaccount_access = { subaccounts: [...new Set(subaccounts)], future_subaccounts }
      return { domain: found.domain.fulldomain, ...found.subaccount_access }
    },
    { scoped: false },
  ),
]
