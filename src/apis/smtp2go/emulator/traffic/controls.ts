import { Invalid, list, need, oneOf, read, record, text } from '../../../../emulator/input/fields.ts'
import { isObject, type Json } from '../../../../emulator/input/json.ts'
import type { Controls } from '../../../../emulator/world/definition.ts'
import { react } from '../mail/outcomes.ts'
import { outcomeFields } from '../state/messages.ts'
import type { Context } from '../state/world.ts'

const reactionFields = {
  email_id: need(text()),
  recipient: need(text()),
  outcome: need(oneOf(['spam', 'unsubscribe', 'open', 'click'])),
  url: text(),
}

/** What tests ask of the emulated service. */
export const controls: Controls<Context> = {
  'GET /outcomes': ({ world }) => world.outcomes,
  'POST /outcomes': ({ world }, body) => {
    world.outcomes.push(...outcomes(body))
    return undefined
  },
  'DELETE /outcomes': ({ world }) => {
    world.outcomes.length = 0
    return undefined
  },
  'GET /webhooks': ({ world }) =>
    [...world.scopes.values()].flatMap(({ id, hookCalls }) =>
      hookCalls.map((call) => ({ subaccount_id: id, ...call })),
    ),
  'GET /messages': ({ world }) =>
    [...world.scopes.values()].flatMap(({ id, messages }) =>
      messages.flatMap((one) => (one.removed ? [] : [{ subaccount_id: id, ...one }])),
    ),
  'POST /reactions': (context, body) => {
    const { email_id, recipient, outcome, url } = read(reactionFields, object(body))
    for (const scope of context.world.scopes.values()) {
      const message = scope.messages.find((one) => one.email_id === email_id)
      if (message === undefined) continue
      react(context, scope, message, recipient, outcome, url === undefined ? {} : { url })
      return undefined
    }
    throw new Invalid('email_id', `there is no message ${email_id}`)
  },
}

function outcomes(body: Json | undefined) {
  return need(list(record(outcomeFields, [])))(Array.isArray(body) ? body : [object(body)], 'outcomes')
}

function object(body: Json | undefined) {
  if (isObject(body)) return body
  throw new Invalid('body', 'the body has to be an object')
}
