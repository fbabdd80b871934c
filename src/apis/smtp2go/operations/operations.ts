import type * as domain from './domains.ts'
import type * as sender from './senders.ts'
import type * as statistic from './statistics.ts'
import type * as subaccount from './subaccounts.ts'
import type * as template from './templates.ts'
import type * as user from './users.ts'
import type * as webhook from './webhooks.ts'

type Sub = sender.ForSubaccount
type Call<Request, Answer> = { request: Request; answer: Answer }

/** What each operation of SMTP2GO for configuration and statistics takes and what its `data` holds; POST unless the name says PATCH. */
export type Operations = {
  '/allowed_senders/view': Call<Sub, sender.AllowedSenders>
  '/allowed_senders/add': Call<sender.AllowedSendersChange, sender.AllowedSenders>
  '/allowed_senders/remove': Call<sender.AllowedSendersChange, sender.AllowedSenders>
  '/allowed_senders/update': Call<sender.AllowedSendersUpdate, sender.AllowedSenders>
  '/allowed_recipients/view': Call<Sub, sender.AllowedRecipients>
  '/allowed_recipients/add': Call<sender.AllowedRecipientsChange, sender.AllowedRecipients>
  '/allowed_recipients/remove': Call<sender.AllowedRecipientsChange, sender.AllowedRecipients>
  '/allowed_recipients/update': Call<sender.AllowedRecipientsUpdate, sender.AllowedRecipients>
  '/api_keys/view': Call<Sub & { readonly id?: string; readonly search?: string }, readonly user.ApiKey[]>
  '/api_keys/add': Call<user.ApiKeySettings, readonly user.ApiKey[]>
  '/api_keys/edit': Call<user.ApiKeySettings & { readonly id: string }, readonly user.ApiKey[]>
  'PATCH /api_keys/edit': Call<user.ApiKeySettings & { readonly id: string }, readonly user.ApiKey[]>
  '/api_keys/remove': Call<Sub & { readonly id: string }, unknown>
  '/api_keys/permissions': Call<Readonly<Record<string, never>>, readonly string[]>
  '/dedicated_ips/view': Call<Readonly<Record<string, never>>, readonly user.IpPool[]>
  '/domain/view': Call<Sub & { readonly domain?: string }, domain.Domains>
  '/domain/add': Call<domain.DomainAdd, domain.Domains>
  '/domain/verify': Call<domain.DomainVerify, domain.Domains>
  '/domain/tracking': Call<domain.DomainLabel, domain.Domains>
  '/domain/returnpath': Call<domain.DomainLabel, domain.Domains>
  '/domain/subaccount_access': Call<domain.DomainAccess, domain.SubaccountAccess & { readonly domain: string }>
  '/domain/remove': Call<Sub & { readonly domain: string }, domain.Domains>
  '/ip_allow_list': Call<sender.IpListType & { readonly enabled: boolean }, { readonly enabled: boolean }>
  '/ip_allow_list/view': Call<sender.IpListType, sender.IpAllowList>
  '/ip_allow_list/add': Call<
    sender.IpListType & Pick<sender.IpEntry, 'ip_address'> & Partial<sender.IpEntry>,
    sender.IpEntry
  >
  '/ip_allow_list/edit': Call<
    sender.IpListType & {
      readonly ip_address: string
      readonly new_ip_address?: string
      readonly description?: string
    },
    sender.IpEntry
  >
  '/ip_allow_list/remove': Call<sender.IpListType & { readonly ip_address: string }, sender.IpEntry>
  '/ip_auth/view': Call<Sub & { readonly ip_address?: string }, user.IpAuths>
  'PATCH /ip_auth/edit': Call<user.UserSettings & { readonly ip_address: string }, readonly user.IpAuth[]>
  '/ip_auth/remove': Call<Sub & { readonly ip_address: string }, unknown>
  '/single_sender_emails/view': Call<Sub & { readonly email_address?: string }, sender.SingleSenders>
  '/single_sender_emails/add': Call<sender.SingleSenderAdd, unknown>
  '/single_sender_emails/remove': Call<Sub & { readonly email_address: string }, unknown>
  '/stats/email_bounces': Call<statistic.OfLogin, statistic.Bounces>
  '/stats/email_cycle': Call<Readonly<Record<string, never>>, statistic.BillingCycle>
  '/stats/email_history': Call<statistic.HistoryQuery, statistic.History>
  '/stats/email_spam': Call<statistic.OfLogin, statistic.SpamComplaints>
  '/stats/email_summary': Call<statistic.OfLogin, statistic.MailSummary>
  '/stats/email_unsubs': Call<statistic.OfLogin, statistic.Unsubscribes>
  '/subaccounts/search': Call<subaccount.SubaccountSearch, subaccount.Subaccounts>
  '/subaccount/add': Call<subaccount.SubaccountAdd, subaccount.Subaccount>
  '/subaccount/edit': Call<subaccount.SubaccountEdit, subaccount.Subaccount>
  '/subaccount/close': Call<subaccount.SubaccountRef, string | Readonly<Record<string, unknown>>>
  '/subaccount/reopen': Call<subaccount.SubaccountRef, string | Readonly<Record<string, unknown>>>
  '/suppression/view': Call<sender.SuppressionView, sender.Suppressions>
  '/suppression/add': Call<
    Sub & { readonly email_address: string; readonly block_description?: string },
    { readonly added: boolean; readonly email_address: string; readonly block_description: string }
  >
  '/suppression/remove': Call<
    Sub & { readonly email_address: string; readonly reasons: readonly string[] },
    {
      readonly suppressions: readonly {
        readonly email_address: string
        readonly reason: string
        readonly removed: boolean
      }[]
    }
  >
  '/template/search': Call<template.TemplateSearch, template.Templates>
  '/template/view': Call<{ readonly id: string }, template.Template>
  '/template/add': Call<template.TemplateAdd, template.TemplateChanged>
  '/template/edit': Call<template.TemplateEdit, template.TemplateChanged>
  '/template/delete': Call<{ readonly id: string }, string | Readonly<Record<string, unknown>>>
  '/users/smtp/view': Call<Sub & { readonly username?: string }, user.SmtpUsers>
  '/users/smtp/add': Call<user.SmtpUserSettings, user.SmtpUsers>
  '/users/smtp/edit': Call<user.SmtpUserSettings, user.SmtpUsers>
  'PATCH /users/smtp/edit': Call<user.SmtpUserPatch, readonly user.SmtpUser[] | user.SmtpUsers>
  '/users/smtp/remove': Call<Sub & { readonly username: string }, user.SmtpUsers>
  '/webhook/view': Call<Sub, readonly webhook.Webhook[]>
  '/webhook/add': Call<webhook.WebhookSettings & { readonly url: string }, webhook.Webhook>
  '/webhook/edit': Call<webhook.WebhookSettings & { readonly id: number; readonly url?: string }, webhook.Webhook>
  '/webhook/remove': Call<Sub & { readonly id: number }, unknown>
}

/** The name of an operation: its path, with `PATCH ` before it where the API has both. */
export type OperationName = keyof Operations

/** The paths that take a POST. */
export type PostPath = Exclude<OperationName, `PATCH ${string}`>

/** The paths that take a PATCH. */
export type PatchPath = OperationName extends infer N ? (N extends `PATCH ${infer P}` ? P : never) : never

/** The container that `data` must be; `anything` where the API documents none, or contradicts itself. */
export type Holds =
  | 'anything'
  | 'data'
  | 'array'
  | 'object'
  | 'objects'
  | 'text'
  | 'webhooks'
  | { readonly list: string }

/** What the client must know about an operation before it sends it. */
type Operation = { readonly reads: boolean; readonly holds: Holds; readonly secrets?: readonly string[] }

const read = (holds: Holds, secrets?: readonly string[]) => ({ reads: true, holds, ...(secrets && { secrets }) })
const write = (holds: Holds, secrets?: readonly string[]) => ({ reads: false, holds, ...(secrets && { secrets }) })
const list = (name: string) => ({ list: name })

/** Every operation: whether it only reads, what its answer holds, which fields of it are secret. */
export const OPERATIONS: Readonly<Record<OperationName, Operation>> = {
  '/allowed_senders/view': read(list('allowed_senders')),
  '/allowed_senders/add': write(list('allowed_senders')),
  '/allowed_senders/remove': write(list('allowed_senders')),
  '/allowed_senders/update': write(list('allowed_senders')),
  '/allowed_recipients/view': read(list('allowed_recipients')),
  '/allowed_recipients/add': write(list('allowed_recipients')),
  '/allowed_recipients/remove': write(list('allowed_recipients')),
  '/allowed_recipients/update': write(list('allowed_recipients')),
  '/api_keys/view': read('array', ['id']),
  '/api_keys/add': write('array'),
  '/api_keys/edit': write('array', ['id']),
  'PATCH /api_keys/edit': write('array', ['id']),
  '/api_keys/remove': write('anything', ['id']),
  '/api_keys/permissions': read('array'),
  '/dedicated_ips/view': read('array'),
  '/domain/view': read(list('domains')),
  '/domain/add': write(list('domains')),
  '/domain/verify': write(list('domains')),
  '/domain/tracking': write(list('domains')),
  '/domain/returnpath': write(list('domains')),
  '/domain/subaccount_access': write('object'),
  '/domain/remove': write('objects'),
  '/ip_allow_list': write('object'),
  '/ip_allow_list/view': read(list('ip_addresses')),
  '/ip_allow_list/add': write('object'),
  '/ip_allow_list/edit': write('object'),
  '/ip_allow_list/remove': write('object'),
  '/ip_auth/view': read(list('results')),
  'PATCH /ip_auth/edit': write('objects'),
  '/ip_auth/remove': write('anything'),
  '/single_sender_emails/view': read(list('senders')),
  '/single_sender_emails/add': write('anything'),
  '/single_sender_emails/remove': write('anything'),
  '/stats/email_bounces': read('object'),
  '/stats/email_cycle': read('object'),
  '/stats/email_history': read(list('history')),
  '/stats/email_spam': read('object'),
  '/stats/email_summary': read('object'),
  '/stats/email_unsubs': read('object'),
  '/subaccounts/search': read(list('subaccounts')),
  '/subaccount/add': write('object'),
  '/subaccount/edit': write('object'),
  '/subaccount/close': write('text'),
  '/subaccount/reopen': write('text'),
  '/suppression/view': read(list('results')),
  '/suppression/add': write('object'),
  '/suppression/remove': write(list('suppressions')),
  '/template/search': read(list('templates')),
  '/template/view': read('object'),
  '/template/add': write('object'),
  '/template/edit': write('object'),
  '/template/delete': write('text'),
  '/users/smtp/view': read(list('results')),
  '/users/smtp/add': write(list('results'), ['email_password']),
  '/users/smtp/edit': write(list('results'), ['email_password']),
  'PATCH /users/smtp/edit': write('objects', ['email_password']),
  '/users/smtp/remove': write('objects'),
  '/webhook/view': read('webhooks'),
  '/webhook/add': write('objects', ['auth_header_value', 'custom_headers']),
  '/webhook/edit': write('objects', ['auth_header_value', 'custom_headers']),
  '/webhook/remove': write('anything'),
}

/** Whether a name (a path, or `PATCH ` and a path) is one of the operations here. */
export function isOperation(name: string): name is OperationName {
  return Object.hasOwn(OPERATIONS, name)
}

/** The operations that change nothing and may be repeated. */
export const READS: readonly OperationName[] = Object.keys(OPERATIONS)
  .filter(isOperation)
  .filter((name) => OPERATIONS[name].reads)
