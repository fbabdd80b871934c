import { qualify } from '../model/address.ts'
import type { Change } from '../model/change.ts'
import type { Gate } from './gate.ts'

/** How much a change could break, and why, by rules that anybody can read. */
export interface Risk {
  readonly level: 'low' | 'medium' | 'high'
  readonly why: readonly string[]
}

/** The risk of a change: high where a gate names it or something is deleted, medium where a secret or the status changes. */
export function riskOf(change: Change, gates: readonly Gate[]): Risk {
  const address = qualify(change.scope, change.address)
  const why = gates.filter((gate) => gate.addresses.includes(address)).map((gate) => gate.reason)
  if (why.length > 0) return { level: 'high', why }
  switch (change.action) {
    case 'delete':
      return { level: 'high', why: ['it is deleted'] }
    case 'update': {
      const reasons = change.fields.flatMap(({ path, sensitive, after }) => {
        if (sensitive) return [`${path} is sent again`]
        if (path === 'status' || path === 'enabled') return [`${path} becomes ${JSON.stringify(after)}`]
        return change.kind.fields[path]?.resendWith !== undefined ? [`${path} changes`] : []
      })
      return reasons.length > 0 ? { level: 'medium', why: reasons } : { level: 'low', why: [] }
    }
    case 'create':
    case 'noop':
      return { level: 'low', why: [] }
  }
}
