import {
  email,
  type Field,
  Invalid,
  need,
  nullable,
  oneOf,
  text,
  type Values,
  whole,
} from '../../../emulator/input/fields.ts'
import type { Json, JsonObject } from '../../../emulator/input/json.ts'
import type { Answer, Incoming } from '../../../emulator/world/call.ts'
import { stamp } from './auth.ts'
import type { Provider } from './entities.ts'
import { type FieldErrors, Refusal, readBody } from './refusal.ts'
import type { Settings } from './settings.ts'
import type { Context } from './world.ts'

const filled = text({ min: 1 })
const fields = {
  driver: oneOf(['smtp']),
  host: filled,
  port: whole(1, 65_535),
  username: filled,
  password: text({ min: 1, secret: true }),
  sendFrom: email(),
  sendFromName: filled,
  encryption: oneOf(['tls', 'ssl']),
  isEnabled: oneOf([true, false, 1, 0]),
  caption: nullable(text()),
}
type Sent = Values<typeof fields>

/** Checks all fields of a body; a null is only fine for the caption. */
function check(body: JsonObject, required: boolean, settings: Settings): Sent {
  const errors: Record<string, readonly string[]> = {}
  const sent: Record<string, unknown> = {}
  for (const [name, field] of Object.entries<Field<unknown>>(fields)) {
    const optional = name === 'caption' || (!required && body[name] !== null)
    try {
      sent[name] = (optional ? field : need(field))(body[name], name)
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      errors[name] = [error.message]
    }
  }
  if (Object.keys(errors).length > 0) throw invalid(errors, settings)
  return sent as Sent
}

function invalid(errors: FieldErrors, { providerErrorStatus }: Settings): Refusal {
  return new Refusal(providerErrorStatus, 'The given data was invalid.', errors)
}

function show(provider: Provider, settings: Settings): JsonObject {
  const { id, isEnabled, password, createTime, updateTime, port, encryption, ...rest } = provider
  const ui = encryption === 'tls' ? 'TSL' : 'SSL'
  return {
    [settings.idName]: id,
    ...rest,
    port: settings.portReply === 'string' ? String(port) : port,
    encryption: { lower: encryption, upper: encryption.toUpperCase(), ui }[settings.encryptionReply],
    password: { omit: undefined, null: null, mask: '********', echo: password }[settings.passwordReadback],
    isEnabled: { boolean: isEnabled, integer: isEnabled ? 1 : 0, string: isEnabled ? '1' : '0' }[
      settings.isEnabledReply
    ],
    createTime: settings.extraFields ? createTime : undefined,
    updateTime: settings.extraFields ? updateTime : undefined,
  }
}

function find({ world }: Context, id: string): Provider {
  const found = /^\d{1,15}$/.test(id) ? world.providers.get(Number(id)) : undefined
  if (!found) throw new Refusal(404, 'Not found.')
  return found
}

function refuseTwice({ world, settings }: Context, caption: string | null | undefined, self: number | undefined): void {
  if (settings.allowDuplicateCaptions || typeof caption !== 'string') return
  const twice = [...world.providers.values()].some((one) => one.caption === caption && one.id !== self)
  if (twice) throw invalid({ caption: ['The caption has already been taken.'] }, settings)
}

function disableOthers({ world, settings }: Context, { id, isEnabled }: Provider): void {
  if (!settings.enableExclusive || !isEnabled) return
  for (const other of world.providers.values()) if (other.id !== id) other.isEnabled = false
}

function bound(query: URLSearchParams, name: string, settings: Settings): number | undefined {
  const sent = query.get(name)
  if (sent === null) return undefined
  if (/^\d{1,9}$/.test(sent)) return Number(sent)
  throw invalid({ [name]: [`The ${name} must be a whole number that is not negative.`] }, settings)
}

/** `GET /api/v2/mail/providers` */
export function list({ world, settings }: Context, { query }: Incoming): Answer {
  const most = settings.maxLimit ?? Number.POSITIVE_INFINITY
  const limit = Math.min(bound(query, 'limit', settings) ?? settings.defaultLimit ?? most, most)
  const offset = bound(query, 'offset', settings) ?? 0
  const all = [...world.providers.values()]
  const data: Json = all.slice(offset, offset + limit).map((one) => show(one, settings))
  switch (settings.listEnvelope) {
    case 'array':
      return { status: 200, body: data }
    case 'data':
      return { status: 200, body: { data } }
    case 'data+total':
      return { status: 200, body: { data, total: all.length } }
  }
}

/** `POST /api/v2/mail/providers` */
export function create(context: Context, call: Incoming): Answer {
  const { world, settings, now } = context
  const { caption, isEnabled, ...sent } = check(readBody(context, call), true, settings)
  refuseTwice(context, caption, undefined)
  world.counters.provider += 1
  const provider: Provider = {
    ...empty,
    ...defined(sent),
    id: world.counters.provider,
    caption: caption ?? null,
    isEnabled: Boolean(isEnabled),
    createTime: stamp(now),
  }
  world.providers.set(provider.id, provider)
  disableOthers(context, provider)
  world.version += 1
  return settings.createReply === 'empty' ? { status: 201 } : { status: 201, body: show(provider, settings) }
}

const empty = {
  driver: 'smtp',
  host: '',
  port: 25,
  username: '',
  password: '',
  sendFrom: '',
  sendFromName: '',
  encryption: 'tls',
  updateTime: null,
} as const

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> }

function defined<T extends object>(values: T): Partial<Defined<T>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<Defined<T>>
}

/** `GET /api/v2/mail/providers/{id}` */
export function get(context: Context, id: string): Answer {
  return { status: 200, body: show(find(context, id), context.settings) }
}

/** `PATCH /api/v2/mail/providers/{id}` */
export function update(context: Context, call: Incoming, id: string): Answer {
  const { world, settings, now } = context
  const old = find(context, id)
  const body = readBody(context, call)
  const { isEnabled, ...sent } = check(body, !settings.partialPatch, settings)
  const enabled = isEnabled === undefined ? old.isEnabled : Boolean(isEnabled)
  if (settings.onlyConnectionRule && old.isEnabled && !enabled && world.providers.size === 1) {
    throw invalid({ isEnabled: ['The only connection cannot be disabled.'] }, settings)
  }
  refuseTwice(context, sent.caption, old.id)
  const isEmpty = Object.keys(body).length === 0
  const edited = { ...old, ...defined(sent), isEnabled: enabled, updateTime: isEmpty ? old.updateTime : stamp(now) }
  world.providers.set(old.id, edited)
  disableOthers(context, edited)
  world.version += 1
  return { status: 200, body: show(edited, settings) }
}

/** `DELETE /api/v2/mail/providers/{id}` */
export function remove(context: Context, id: string): Answer {
  const { world, settings } = context
  const found = find(context, id)
  if (settings.deleteLast === 'refuse' && world.providers.size === 1) {
    throw new Refusal(settings.providerErrorStatus, 'The only connection cannot be deleted.')
  }
  world.providers.delete(found.id)
  world.version += 1
  return { status: 204 }
}

/** `GET /api/v2/mail/providers/{id}/status` */
export function testConnection(context: Context, id: string): Answer {
  const { settings } = context
  const { caption, isEnabled, id: found } = find(context, id)
  const failure = settings.statusFailure[String(found)] ?? settings.statusFailure[caption ?? '']
  if (failure === 'hang') return { status: 204, hangs: true }
  if (failure !== undefined) throw new Refusal(failure, 'Connection could not be established.')
  if (!isEnabled && settings.statusDisabled === 'refuse') throw new Refusal(400, 'The connection is disabled.')
  return settings.statusBody === null ? { status: 204 } : { status: 200, body: { message: settings.statusBody } }
}
