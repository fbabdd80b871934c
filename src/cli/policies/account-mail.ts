import type { ApiMail } from '../../model/kind/api.ts'
import type { ApiTraffic, TrafficRow } from '../../model/traffic/traffic.ts'

/** The mail of one account of the last days. */
export interface AccountMail {
  readonly account: string
  readonly mail: ApiMail
  readonly traffic: Pick<ApiTraffic, 'shortKey'>
  readonly users: readonly TrafficRow[]
  readonly domains: readonly TrafficRow[]
  readonly senders: readonly TrafficRow[]
}
