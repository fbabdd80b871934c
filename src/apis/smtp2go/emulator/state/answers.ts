import { isObject, type Json, type JsonObject } from '../../../../emulator/input/json.ts'
import { type Heard, known, once, type Rows, rowsIn } from '../../../../emulator/world/heard.ts'
import * as entity from './entities.ts'

type Draft = Record<string, Json>

/** The state of a service that answers as was heard. No secret is in it, and of API keys not even their beginnings. */
export function stateOf(heard: readonly Heard[]): JsonObject {
  const scopes: Record<string, Draft> = {}
  const keys: Rows = []
  const subaccounts: Rows = []
  for (const { path, body, answer } of heard) {
    const id = typeof body['subaccount_id'] === 'string' ? body['subaccount_id'] : ''
    scopes[id] ??= {}
    const scope = scopes[id]
    const add = (name: string, rows: Rows) => {
      const before = scope[name]
      scope[name] = [...(Array.isArray(before) ? before : []), ...rows]
    }
    switch (path) {
      case '/users/smtp/view':
        add('smtpUsers', known(rowsIn(answer, 'results').map(senderRow), entity.smtpUserFields, ['email_password']))
        break
      case '/domain/view':
        add('domains', rowsIn(answer, 'domains').filter(isOwn).map(domainRow))
        break
      case '/single_sender_emails/view':
        add('singleSenders', known(rowsIn(answer, 'senders'), entity.singleSenderFields))
        break
      case '/allowed_senders/view':
        scope['allowedSenders'] = { mode: part(answer, 'mode'), entries: part(answer, 'allowed_senders') ?? [] }
        break
      case '/allowed_recipients/view':
        scope['allowedRecipients'] = {
          enabled: part(answer, 'enabled'),
          entries: part(answer, 'allowed_recipients') ?? [],
        }
        break
      case '/ip_allow_list/view': {
        const lists = isObject(scope['ipAllowList']) ? scope['ipAllowList'] : {}
        const entries = known(rowsIn(answer, 'ip_addresses'), entity.ipEntryFields)
        const name = body['type'] === 'api' ? 'api' : 'smtp'
        scope['ipAllowList'] = { ...lists, [name]: { enabled: part(answer, 'enabled'), entries } }
        break
      }
      case '/suppression/view':
        add('suppressions', known(rowsIn(answer, 'results'), entity.suppressionFields))
        break
      case '/template/view':
        if (isObject(answer)) add('templates', known([answer], entity.templateFields))
        break
      case '/webhook/view':
        add('webhooks', known(rowsIn(answer, 'webhooks'), entity.webhookFields, ['auth_header_value']))
        break
      case '/api_keys/view':
        for (const row of known(rowsIn(answer, 'results').map(senderRow), entity.apiKeyFields, ['api_key'])) {
          keys.push({ ...row, api_key: madeUpKey(keys.length + 1), subaccount_id: id })
        }
        break
      case '/subaccounts/search':
        subaccounts.push(...known(rowsIn(answer, 'subaccounts'), entity.subaccountFields))
        break
    }
  }
  return { keys, scopes, subaccounts: once(subaccounts, 'id') }
}

/** The flag of a rate limit has two spellings. */
function senderRow(row: JsonObject): JsonObject {
  return { ...row, custom_ratelimit: row['custom_ratelimit'] ?? row['custom_rate_limit'] ?? false }
}

function part(answer: Json, name: string): Json | undefined {
  return isObject(answer) ? answer[name] : undefined
}

/** A domain that a subaccount has from its main account stands there, and not in the subaccount. */
function isOwn(row: JsonObject): boolean {
  return row['from_master'] !== true
}

function domainRow(row: JsonObject): JsonObject {
  const domain = isObject(row['domain']) ? row['domain'] : {}
  const [kept = {}] = known([domain], entity.domainPart)
  const access = isObject(row['subaccount_access'])
    ? known([row['subaccount_access']], entity.accessPart)[0]
    : undefined
  return {
    domain: kept,
    trackers: known(rowsIn(row['trackers'] ?? [], ''), entity.trackerPart),
    ...(access === undefined ? {} : { subaccount_access: access }),
  }
}

/** A key as long as a real one, which opens nothing. */
function madeUpKey(number: number): string {
  return `api-${`Recorded${number}x`.padEnd(32, '0')}`
}
