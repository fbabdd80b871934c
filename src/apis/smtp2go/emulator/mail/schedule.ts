import type { Scheduled } from '../state/messages.ts'
import type { Scope } from '../state/scope.ts'
import type { Context } from '../state/world.ts'
import { submit } from './submit.ts'

/** When the next message that waits for its time goes out, in milliseconds. */
export function nextScheduled({ world }: Context): number | undefined {
  const times = [...world.scopes.values()].flatMap(({ scheduled }) =>
    scheduled.map(({ schedule }) => Date.parse(schedule)),
  )
  return times.length === 0 ? undefined : times.reduce((least, time) => Math.min(least, time))
}

/** Sends what has reached its time; what its key may no longer send is gone, and kept as refused. */
export function sendScheduled(context: Context): void {
  for (const scope of context.world.scopes.values()) {
    const due = scope.scheduled.filter(({ schedule }) => Date.parse(schedule) <= context.now.getTime())
    for (const one of due) {
      scope.scheduled.splice(scope.scheduled.indexOf(one), 1)
      send(context, scope, one)
    }
  }
}

function send(context: Context, scope: Scope, one: Scheduled): void {
  const key = [...context.world.keys.values()].find(({ api_key }) => api_key.startsWith(one.username))
  if (key === undefined) return
  const { schedule_id, from, to, client_ip: ip } = one
  const sent = submit(context, {
    key,
    scope,
    ip,
    from,
    to,
    raw: Buffer.from(one.raw, 'latin1'),
    transaction: schedule_id,
  })
  if ('message' in sent) Object.assign(sent.message, { schedule_id, schedule: one.schedule })
}
