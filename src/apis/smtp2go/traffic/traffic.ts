import type { ApiTraffic } from '../../../model/traffic/traffic.ts'
import { EVENT_NAMES, events } from './events.ts'
import { history } from './history.ts'
import { plan, subaccounts } from './plan.ts'
import { send } from './send.ts'

/** Characters of an API key that the numbers show: `api-` and 12 more. */
const SHOWN = 16

/** What SMTP2GO tells of mail that was sent, and how it sends some. */
export const smtp2goTraffic: ApiTraffic = {
  eventNames: EVENT_NAMES,
  history,
  plan,
  subaccounts,
  events,
  send,
  shortKey: (key) => key.slice(0, SHOWN),
}
