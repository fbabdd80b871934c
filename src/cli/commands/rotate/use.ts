import { apis } from '../../../apis/index.ts'
import type { DesiredObject } from '../../../model/desired/object.ts'
import { apiNamed } from '../../../model/kind/api.ts'
import type { LiveObject } from '../../../model/kind/live-object.ts'
import { ApiError } from '../../../model/wire.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import type { Session } from '../../session/session.ts'
import { numberText } from '../../traffic/counts.ts'
import { dayOf } from '../../traffic/days.ts'

/** Says how much each of the two sent today, as far as the API tells: whether the twin is in use, and the old one silent. */
export async function useText(
  { kind, scope }: DesiredObject,
  old: LiveObject | undefined,
  twin: LiveObject,
  { connection }: Session,
  { io }: Invocation,
): Promise<string> {
  const { traffic: load, mail } = apiNamed(apis, kind.api.name)
  const traffic = await load?.()
  if (traffic === undefined || (mail?.user?.kind !== kind.name && mail?.key?.kind !== kind.name)) return ''
  const today = dayOf(io.now())
  try {
    const days = { first: today, last: today }
    const rows = await traffic.history((request) => connection.send(scope.account, request, io.signal), days, 'user')
    const sent = ({ id, key }: LiveObject) => {
      const name = mail?.user?.kind === kind.name ? key : traffic.shortKey(id)
      return rows.find((row) => row.name === name)?.counts.sent ?? 0
    }
    const words = (who: string, count: number) =>
      `${who} sent ${count === 0 ? 'nothing' : `${numberText(count)} ${count === 1 ? 'message' : 'messages'}`} today`
    const twinSent = sent(twin)
    const oldSent = old === undefined ? 0 : sent(old)
    const warning =
      twinSent === 0 ? ': nobody seems to use it yet' : oldSent > 0 ? ': look whether it is still in use' : ''
    const parts = [words(`"${twin.key}"`, twinSent), ...(old === undefined ? [] : [words(`"${old.key}"`, oldSent)])]
    return `${parts.join(', ')}${warning}.`
  } catch (error) {
    if (!(error instanceof ApiError) || error.kind === 'cancelled') throw error
    return `How much either sent is not known: ${error.message}.`
  }
}
