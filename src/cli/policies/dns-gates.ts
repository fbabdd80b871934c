import type { DraftGate } from '../../engine/gates/draft-gate.ts'
import type { Spec } from '../../model/desired/spec.ts'
import type { Problem } from '../../model/problem.ts'
import type { Change } from '../../model/run/change.ts'
import type { Live } from '../../model/run/live.ts'
import type { Invocation } from '../invocation/invocation.ts'
import type { Connection } from '../session/connection.ts'

/** What DNS adds to a plan. */
interface DnsGates {
  /** Asks DNS about what the accounts lack; answers the gates of a plan. */
  readonly survey: (live: Live) => Promise<(changes: readonly Change[], live: Live) => readonly DraftGate[]>
  /** What DNS did not answer, once a plan was made. */
  readonly warnings: () => readonly Problem[]
  /** What is worth knowing of a plan, and stops nothing. */
  readonly notes: () => readonly string[]
}

/** The gates that DNS has for a plan, where `--dns` or `safety: { dns: true }` asks for them. Else nothing is loaded. */
export async function dnsGates(
  spec: Spec,
  connection: Connection,
  invocation: Invocation,
): Promise<DnsGates | undefined> {
  const asks = invocation.options.dns === true
  const scopes = spec.scopes.filter(({ safety }) => asks || safety?.dns === true).map(({ scope }) => scope)
  if (scopes.length === 0) return undefined
  const { surveyDns } = await import('../dns/survey.ts')
  return surveyDns(spec, scopes, connection, invocation)
}
