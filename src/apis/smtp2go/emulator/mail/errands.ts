import type { Errands } from '../../../../emulator/world/mail.ts'
import type { Context } from '../state/world.ts'
import { callDone, dueCalls, nextCall } from './hooks.ts'
import { deliver } from './outcomes.ts'
import { nextScheduled, sendScheduled } from './schedule.ts'

/** What the service does by itself: mail that waited, mail for later, webhooks. */
export const errands: Errands<Context> = {
  next(context) {
    const times = [nextCall(context), nextRecipient(context), nextScheduled(context)].flatMap((one) => one ?? [])
    return times.length === 0 ? undefined : Math.min(...times)
  },
  due(context) {
    sendScheduled(context)
    deliverDue(context)
    return dueCalls(context)
  },
  done: callDone,
}

function nextRecipient({ world }: Context): number | undefined {
  const times = [...world.waiting.mail].flatMap(({ recipient: { due } }) => (due === null ? [] : [Date.parse(due)]))
  return times.length === 0 ? undefined : times.reduce((least, time) => Math.min(least, time))
}

function deliverDue(context: Context): void {
  const { mail } = context.world.waiting
  for (const waiting of mail) {
    const { scope, message, recipient } = waiting
    if (recipient.due !== null && Date.parse(recipient.due) > context.now.getTime()) continue
    mail.delete(waiting)
    deliver(context, scope, message, recipient, recipient.fate === 'delayed')
  }
}
