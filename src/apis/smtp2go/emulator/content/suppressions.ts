import { flag, isDomain, isEmail, list, need, oneOf, or, read, such, text } from '../../../../emulator/input/fields.ts'
import type { JsonObject } from '../../../../emulator/input/json.ts'
import { type Call, reads, writes } from '../call/operation.ts'
import { page } from '../call/pages.ts'
import { instant, midnightBefore, stamp, time } from '../call/time.ts'
import type { Suppression } from '../state/entities.ts'
import { suppressionKey } from '../state/scope.ts'

const address = need(such((value) => isEmail(value) || isDomain(value), 'an email address or a domain'))
const types = ['manual', 'spam', 'unsubscribe', 'bounce', 'compliance'] as const
const viewFields = {
  email_address: text(),
  wildcard: text(),
  recipient: text(),
  recipients: or(list(text()), () => []),
  reason: text(),
  reasons: or(list(text()), () => []),
  suppression_type: oneOf(types),
  suppression_types: or(list(oneOf(types)), () => []),
  fuzzy: or(flag(), () => false),
  start_date: time,
  end_date: time,
  sort: or(oneOf(['asc', 'desc']), () => 'asc' as const),
  continue_token: text(),
}

function filter(call: Call, question: JsonObject): (one: Suppression) => boolean {
  const input = read(viewFields, question)
  const from =
    input.start_date === undefined
      ? midnightBefore(call.now, call.settings.suppressionWindowDays)
      : instant(input.start_date)
  const until = input.end_date === undefined ? undefined : instant(input.end_date)
  const kinds = new Set<string>([
    ...input.suppression_types,
    ...(input.suppression_type ? [input.suppression_type] : []),
  ])
  const people = [...input.recipients, ...(input.recipient ? [input.recipient] : [])].map((one) => one.toLowerCase())
  const reasons = [...input.reasons, ...(input.reason ? [input.reason] : [])].map((one) => one.toLowerCase())
  const exact = input.email_address?.toLowerCase()
  const wild = input.wildcard?.toLowerCase().split('*')
  const fits = (value: string, wanted: string): boolean => (input.fuzzy ? value.includes(wanted) : value === wanted)
  return (one) => {
    if (one.timestamp < from || (until !== undefined && one.timestamp > until)) return false
    if (kinds.size > 0 && !kinds.has(one.reason)) return false
    const lower = one.email_address.toLowerCase()
    if (exact !== undefined && lower !== exact) return false
    if (wild && !wild.every((part) => lower.includes(part))) return false
    if (people.length > 0 && !people.some((wanted) => fits(lower, wanted))) return false
    const words = [one.reason, one.block_description.toLowerCase()]
    return reasons.length === 0 || reasons.some((wanted) => words.some((word) => fits(word, wanted)))
  }
}

/** `/suppression/*` */
export const suppressions = [
  reads('/suppression/view', viewFields, (call) => {
    const size = call.settings.suppressionPageSize ?? Number.POSITIVE_INFINITY
    const { rows, total, token } = page(call, 'suppressions', size, (question) => {
      const up = read(viewFields, question).sort === 'asc' ? 1 : -1
      const found = [...call.scope.suppressions.values()].filter(filter(call, question))
      return found.sort((a, b) => (a.timestamp === b.timestamp ? 0 : a.timestamp < b.timestamp ? -up : up))
    })
    return { results: rows, continue_token: token, total_results: total }
  }),
  writes(
    '/suppression/add',
    { email_address: address, block_description: or(text(), () => '') },
    ({ scope, settings, now }, { email_address, block_description }) => {
      const name = suppressionKey(email_address, 'manual')
      const old = scope.suppressions.get(name)
      if (old && settings.suppressionReAdd === 'ignore') {
        return { added: false, email_address, block_description: old.block_description }
      }
      const blank = { complaint: '', subject: null, timestamp: stamp(now) }
      const made = { ...blank, ...old, email_address: old?.email_address ?? email_address, reason: 'manual' as const }
      scope.suppressions.set(name, { ...made, block_description })
      return { added: true, email_address, block_description }
    },
  ),
  writes(
    '/suppression/remove',
    { email_address: address, reasons: need(list(oneOf(types))) },
    ({ scope }, { email_address, reasons }) => ({
      suppressions: reasons.map((reason) => {
        return { email_address, reason, removed: scope.suppressions.delete(suppressionKey(email_address, reason)) }
      }),
    }),
  ),
]
