import { isRecord } from '../../model/json.ts'
import { isWideNetwork } from '../../model/value/network.ts'
import type { Around, LintFinding } from './finding.ts'
import { isFreemail } from './freemail.ts'

/** What is odd about lists that say who or what is let in. */
export function networkFindings({ of }: Around): LintFinding[] {
  const networks = of('ipAllowlist').flatMap((object) => {
    const { enabled, entries } = object.values
    return (enabled === true && Array.isArray(entries) ? entries : []).flatMap((entry, at): LintFinding[] => {
      const address = isRecord(entry) ? entry['address'] : undefined
      if (typeof address !== 'string' || !isWideNetwork(address)) return []
      const all = address.endsWith('/0') ? 'every address there is' : 'far more addresses than one company has'
      const message = `${address} lets in ${all}`
      return [{ code: 'LIST_TOO_WIDE', object, path: ['entries', at, 'address'], message }]
    })
  })
  const senders = of('allowedSenders').flatMap((object) => {
    const { mode, entries } = object.values
    return (mode === 'allow' && Array.isArray(entries) ? entries : []).flatMap((entry, at): LintFinding[] => {
      if (typeof entry !== 'string' || !isFreemail(entry)) return []
      const message = `anybody can have an address at "${entry}", and all of them may send`
      return [{ code: 'LIST_TOO_WIDE', object, path: ['entries', at], message }]
    })
  })
  return [...networks, ...senders]
}
