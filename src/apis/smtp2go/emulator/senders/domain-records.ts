import type { Json, JsonObject } from '../../../../emulator/input/json.ts'
import { Refusal } from '../call/refusal.ts'
import type { Domain } from '../state/entities.ts'
import type { Settings } from '../state/settings.ts'

const targets = { dkim: 'dkim.smtp2go.net', rpath: 'return.smtp2go.net', track: 'track.smtp2go.net' } as const
const twoLabels = /^(?:co|com|net|org|gov|edu|ac)\.[a-z]{2}$/

/** Splits a name into the three parts the API answers. */
function splitName(fulldomain: string): { subdomain: string; domain: string; suffix: string } {
  const labels = fulldomain.split('.')
  const size = labels.length > 2 && twoLabels.test(labels.slice(-2).join('.')) ? 2 : 1
  return {
    subdomain: labels.slice(0, -size - 1).join('.'),
    domain: labels.at(-size - 1) ?? '',
    suffix: labels.slice(-size).join('.'),
  }
}

/** Refuses one verified sender more than the plan has. */
export function checkVerifiedSenders(count: number, most: number | null): void {
  if (most === null || count < most) return
  const message = `Free plans can add a maximum of ${most} verified senders, please upgrade to a paid plan to add more`
  throw new Refusal(message)
}

interface Record {
  readonly name: string
  readonly verified: boolean
  readonly target: string
}

/** How an answer shows one record: whether it was found, what was found, and what was said about it. */
function show(prefix: string, { name, verified, target }: Record, view: View): JsonObject {
  const failure = view.checked
    ? [1, 2].map((n) => `Lookup CNAME(${name}.) on ns${n}.example.net returned no results`)
    : []
  const success = view.settings.liveExtras ? `Target: ${target}` : ''
  return {
    [`${prefix}_verified`]: verified,
    [`${prefix}_status`]: verified ? success : failure.join('\n'),
    [`${prefix}_value`]: verified || view.justAdded ? target : '',
    [`${prefix}_expected`]: view.settings.liveExtras ? target : undefined,
  }
}

interface View {
  readonly settings: Settings
  readonly checked: boolean
  readonly justAdded: boolean
}

/** A domain as the answers show it; a `setupLink` of undefined is left out. */
export function showDomain(
  one: Domain,
  settings: Settings,
  more: { justAdded?: boolean; setupLink?: string },
): JsonObject {
  const { domain, trackers, subaccount_access } = one
  const name = domain.fulldomain
  const view = { settings, checked: one.last_checked !== null, justAdded: more.justAdded ?? false }
  const parts = splitName(name)
  const dkim = { name: dkimName(one), verified: domain.dkim_verified, target: targets.dkim }
  const rpath = { name: rpathName(one), verified: domain.rpath_verified, target: targets.rpath }
  return {
    domain: {
      fulldomain: name,
      ...parts,
      subdomain: parts.subdomain === '' && !settings.liveExtras ? null : parts.subdomain,
      dkim_selector: domain.dkim_selector,
      ...show('dkim', dkim, view),
      rpath_selector: domain.rpath_selector,
      ...show('rpath', rpath, view),
      registrar: settings.liveExtras ? '' : undefined,
      setup_link: more.setupLink,
    },
    trackers: trackers.map((tracker): Json => {
      const fulldomain = `${tracker.subdomain}.${name}`
      return {
        fulldomain,
        ...parts,
        subdomain: parts.subdomain === '' ? tracker.subdomain : `${tracker.subdomain}.${parts.subdomain}`,
        ...show('cname', { name: fulldomain, verified: tracker.cname_verified, target: targets.track }, view),
        ssl_status: settings.liveExtras ? sslStatus(one, tracker.cname_verified) : undefined,
        enabled: tracker.enabled,
      }
    }),
    subaccount_access: { ...subaccount_access },
  }
}

function sslStatus({ last_checked }: Domain, verified: boolean): string {
  return verified ? `issued: ${Math.floor(Date.parse(last_checked ?? '2026-01-01T00:00:00Z') / 1000)}` : ''
}

const dkimName = ({ domain }: Domain): string => `${domain.dkim_selector}._domainkey.${domain.fulldomain}`
const rpathName = ({ domain }: Domain): string => `${domain.rpath_selector}.${domain.fulldomain}`

/** Looks the records of a domain up in the published ones. */
export function verify(one: Domain, settings: Settings, now: Date): void {
  const { publishedDns: published, verifiedForever } = settings
  const names = new Set(Array.isArray(published) ? published.map((name) => name.toLowerCase().replace(/\.$/, '')) : [])
  const found = (name: string, was: boolean): boolean =>
    published === 'all' || names.has(name.toLowerCase()) || (was && verifiedForever)
  one.domain.dkim_verified = found(dkimName(one), one.domain.dkim_verified)
  one.domain.rpath_verified = found(rpathName(one), one.domain.rpath_verified)
  for (const tracker of one.trackers) {
    tracker.cname_verified = found(`${tracker.subdomain}.${one.domain.fulldomain}`, tracker.cname_verified)
    tracker.enabled ||= tracker.cname_verified || settings.trackerEnabled === 'always'
  }
  one.last_checked = now.toISOString()
}

/** Verifies what the service itself would have verified by now. */
export function reverify(one: Domain, settings: Settings, now: Date): void {
  const { domain, trackers, last_checked } = one
  const done = domain.dkim_verified && domain.rpath_verified && trackers.every(({ cname_verified }) => cname_verified)
  if (done || settings.reverifyMinutes === null || last_checked === null) return
  if (now.getTime() - Date.parse(last_checked) >= settings.reverifyMinutes * 60_000) verify(one, settings, now)
}
