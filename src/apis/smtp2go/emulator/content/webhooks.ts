import {
  flag,
  list,
  need,
  oneOf,
  or,
  record,
  such,
  text,
  type Values,
  whole,
} from '../../../../emulator/input/fields.ts'
import type { Json, JsonObject } from '../../../../emulator/input/json.ts'
import { type Call, reads, writes } from '../call/operation.ts'
import { Refusal } from '../call/refusal.ts'
import type { Webhook } from '../state/entities.ts'

const mailEvents = ['delivered', 'unsubscribe', 'spam', 'bounce', 'processed', 'reject', 'click', 'open', 'resubscribe']
const smsEvents = ['delivered', 'failed', 'rejected', 'sending', 'submitted', 'opt-out']
const url = such((value) => /^https?:\/\/[^\s/]+/i.test(value) && URL.canParse(value), 'an http or https URL')
const changes = {
  events: list(text()),
  sms_events: list(text()),
  headers: list(text()),
  usernames: list(text()),
  output_format: oneOf(['form', 'json']),
  auth_header_type: oneOf(['', 'bearer', 'basic']),
  auth_header_value: text({ secret: true }),
  disabled: flag(),
  custom_headers: list(record({ header: need(text({ min: 1 })), value: or(text({ secret: true }), () => '') })),
}
const plain: Omit<Webhook, 'id' | 'url'> = {
  events: [],
  sms_events: [],
  headers: [],
  usernames: [],
  output_format: 'form',
  auth_header_type: '',
  auth_header_value: '',
  disabled: null,
  custom_headers: null,
}

function show(hook: Webhook, { settings }: Call): JsonObject {
  const mask = hook.auth_header_value === '' ? '' : '********'
  const values = { omit: undefined, echo: hook.auth_header_value, mask }
  const { disabled, custom_headers, ...old } = hook
  const shown = { ...old, auth_header_value: values[settings.webhookAuthReadback] }
  const isShown = (value: unknown) =>
    settings.webhookNewFields === 'always' || (settings.webhookNewFields === 'set' && value !== null)
  return {
    ...shown,
    ...(isShown(disabled) ? { disabled: disabled ?? false } : {}),
    ...(isShown(custom_headers) ? { custom_headers: headersShown(custom_headers ?? [], settings) } : {}),
  }
}

/** Headers of a webhook's own, as a list or by name, their values as those of `auth_header_value`. */
function headersShown(headers: NonNullable<Webhook['custom_headers']>, settings: Call['settings']): Json {
  const shownValue = (value: string) => ({ omit: '', echo: value, mask: '********' })[settings.webhookAuthReadback]
  if (settings.webhookHeadersShape === 'list')
    return headers.map(({ header, value }) => ({ header, value: shownValue(value) }))
  return Object.fromEntries(headers.map(({ header, value }) => [header, shownValue(value)]))
}

function showChanged(hook: Webhook, call: Call): JsonObject {
  const asText = (items: readonly string[]): Json =>
    call.settings.webhookTextLists && items.length === 1 ? (items[0] ?? '') : [...items]
  return { ...show(hook, call), headers: asText(hook.headers), usernames: asText(hook.usernames) }
}

function find({ scope }: Call, id: number): Webhook {
  const found = scope.webhooks.get(id)
  if (!found) throw new Refusal(`A webhook matching the passed id of ${id} was not found`)
  return found
}

function fill(base: Omit<Webhook, 'id' | 'url'>, input: Values<typeof changes>): Omit<Webhook, 'id' | 'url'> {
  const known = (events: readonly string[], all: readonly string[]): string[] =>
    [...new Set(events)].filter((event) => all.includes(event))
  return {
    events: known(input.events ?? base.events, mailEvents),
    sms_events: known(input.sms_events ?? base.sms_events, smsEvents),
    headers: input.headers ?? base.headers,
    usernames: input.usernames ?? base.usernames,
    output_format: input.output_format ?? base.output_format,
    auth_header_type: input.auth_header_type ?? base.auth_header_type,
    auth_header_value: input.auth_header_value ?? base.auth_header_value,
    disabled: input.disabled ?? base.disabled,
    custom_headers: input.custom_headers ?? base.custom_headers,
  }
}

/** `/webhook/*` */
export const webhooks = [
  reads('/webhook/view', {}, (call) => {
    const hooks = [...call.scope.webhooks.values()].map((hook) => show(hook, call))
    switch (call.settings.webhookViewShape) {
      case 'array':
        return hooks
      case 'object':
        return hooks[0] ?? {}
      case 'wrapped':
        return { webhooks: hooks }
    }
  }),
  writes('/webhook/add', { url: need(url), ...changes }, (call, { url: target, ...input }) => {
    const most = call.settings.maxWebhooks
    if (most !== null && call.scope.webhooks.size >= most) {
      throw new Refusal(`The plan of this account has a maximum of ${most} webhooks`)
    }
    call.world.counters.webhook += 1
    const added = { id: call.world.counters.webhook, url: target, ...fill(plain, input) }
    call.scope.webhooks.set(added.id, added)
    return showChanged(added, call)
  }),
  writes('/webhook/edit', { id: need(whole()), url, ...changes }, (call, { id, url: target, ...input }) => {
    const old = find(call, id)
    const base = call.settings.webhookEditOmitted === 'keep' ? old : plain
    const edited = { id, url: target ?? old.url, ...fill(base, input) }
    call.scope.webhooks.set(id, edited)
    return showChanged(edited, call)
  }),
  writes('/webhook/remove', { id: need(whole()) }, (call, { id }) => {
    const removed = find(call, id)
    call.scope.webhooks.delete(id)
    return show(removed, call)
  }),
]
