import { anything, flag, oneOf, or, type Values } from '../../../../emulator/input/fields.ts'
import type { Json } from '../../../../emulator/input/json.ts'
import { by, many, off, part, texts } from '../../../../emulator/input/usual.ts'
import * as entity from './entities.ts'
import { type Mail, mailFields } from './mail.ts'
import {
  type HookCall,
  hookCallFields,
  type Message,
  messageFields,
  type Scheduled,
  type Sms,
  scheduledFields,
  smsFields,
} from './messages.ts'

const ipList = part({ enabled: off, entries: many(entity.ipEntryFields) })

const scopeFields = {
  smtpUsers: many(entity.smtpUserFields, entity.derivedSender),
  domains: many(entity.domainFields, ['from_master']),
  singleSenders: many(entity.singleSenderFields),
  allowedSenders: part({
    mode: or(oneOf(['whitelist', 'blacklist', 'disabled']), () => 'disabled' as const),
    entries: texts,
  }),
  sender_domains_enabled: or(flag(), () => true),
  allowedRecipients: part({ enabled: off, entries: texts }),
  ipAllowList: part({ smtp: ipList, api: ipList }),
  ipAuth: many(entity.ipAuthFields, entity.derivedSender),
  suppressions: many(entity.suppressionFields),
  templates: many(entity.templateFields, ['template_name']),
  webhooks: many(entity.webhookFields),
  dedicatedIps: many(entity.dedicatedIpFields),
  mail: part(mailFields),
  messages: many(messageFields),
  scheduled: many(scheduledFields),
  hookCalls: many(hookCallFields),
  sms: many(smsFields),
}

/** The scopes of a state, by the id of the subaccount; the master account has none. */
export function scopesOf(value: Json | undefined, name: string): Record<string, Values<typeof scopeFields>> {
  const given = or(anything(), () => ({}))(value, name)
  return Object.fromEntries(Object.entries(given).map(([id, one]) => [id, part(scopeFields)(one, `scopes['${id}']`)]))
}

/** What one account or subaccount owns. */
export interface Scope {
  readonly id: string
  readonly smtpUsers: Map<string, entity.SmtpUser>
  readonly domains: Map<string, entity.Domain>
  readonly singleSenders: Map<string, entity.SingleSender>
  allowedSenders: { mode: 'whitelist' | 'blacklist' | 'disabled'; entries: Map<string, string> }
  senderDomainsEnabled: boolean
  allowedRecipients: { enabled: boolean; entries: Map<string, string> }
  readonly ipAllowList: Readonly<Record<'smtp' | 'api', { enabled: boolean; entries: Map<string, entity.IpEntry> }>>
  readonly ipAuth: Map<string, entity.IpAuth>
  readonly suppressions: Map<string, entity.Suppression>
  readonly templates: Map<string, entity.Template>
  readonly webhooks: Map<number, entity.Webhook>
  readonly dedicatedIps: readonly entity.DedicatedIp[]
  readonly mail: Mail
  /** The oldest first. */
  readonly messages: Message[]
  readonly scheduled: Scheduled[]
  readonly hookCalls: HookCall[]
  readonly sms: Sms[]
}

/** Entries keyed without regard to letter case. */
const caseless = (entries: readonly string[]): Map<string, string> => by(entries, (entry) => entry.toLowerCase())

/** The key of a suppression. */
export const suppressionKey = (address: string, reason: string): string => `${address.toLowerCase()} ${reason}`

/** An empty scope, or one from its state. */
export function createScope(id: string, state: Values<typeof scopeFields> = part(scopeFields)({}, id)): Scope {
  const { allowedSenders, allowedRecipients, ipAllowList } = state
  const entries = (items: readonly entity.IpEntry[]) => by(items, ({ ip_address }) => ip_address)
  return {
    id,
    smtpUsers: by(state.smtpUsers, ({ username }) => username),
    domains: by(state.domains, ({ domain }) => domain.fulldomain),
    singleSenders: by(state.singleSenders, ({ email_address }) => email_address.toLowerCase()),
    allowedSenders: { mode: allowedSenders.mode, entries: caseless(allowedSenders.entries) },
    senderDomainsEnabled: state.sender_domains_enabled,
    allowedRecipients: { enabled: allowedRecipients.enabled, entries: caseless(allowedRecipients.entries) },
    ipAllowList: {
      smtp: { enabled: ipAllowList.smtp.enabled, entries: entries(ipAllowList.smtp.entries) },
      api: { enabled: ipAllowList.api.enabled, entries: entries(ipAllowList.api.entries) },
    },
    ipAuth: by(state.ipAuth, ({ ip_address }) => ip_address),
    suppressions: by(state.suppressions, ({ email_address, reason }) => suppressionKey(email_address, reason)),
    templates: by(state.templates, ({ id: one }) => one),
    webhooks: by(state.webhooks, ({ id: one }) => one),
    dedicatedIps: state.dedicatedIps,
    mail: state.mail,
    messages: state.messages,
    scheduled: state.scheduled,
    hookCalls: state.hookCalls,
    sms: state.sms,
  }
}

/** The state of a scope, in the names of the API. */
export function dumpScope(scope: Scope): Values<typeof scopeFields> {
  const { smtp, api } = scope.ipAllowList
  return {
    smtpUsers: [...scope.smtpUsers.values()],
    domains: [...scope.domains.values()],
    singleSenders: [...scope.singleSenders.values()],
    allowedSenders: { mode: scope.allowedSenders.mode, entries: [...scope.allowedSenders.entries.values()] },
    sender_domains_enabled: scope.senderDomainsEnabled,
    allowedRecipients: {
      enabled: scope.allowedRecipients.enabled,
      entries: [...scope.allowedRecipients.entries.values()],
    },
    ipAllowList: {
      smtp: { enabled: smtp.enabled, entries: [...smtp.entries.values()] },
      api: { enabled: api.enabled, entries: [...api.entries.values()] },
    },
    ipAuth: [...scope.ipAuth.values()],
    suppressions: [...scope.suppressions.values()],
    templates: [...scope.templates.values()],
    webhooks: [...scope.webhooks.values()],
    dedicatedIps: [...scope.dedicatedIps],
    mail: scope.mail,
    messages: scope.messages,
    scheduled: scope.scheduled,
    hookCalls: scope.hookCalls,
    sms: scope.sms,
  }
}
