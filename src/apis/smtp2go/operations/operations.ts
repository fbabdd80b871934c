import type { DomainAccess, DomainAdd, DomainLabel, Domains, DomainVerify, SubaccountAccess } from './domains.ts'
import type {
  AllowedRecipients,
  AllowedRecipientsChange,
  AllowedRecipientsUpdate,
  AllowedSenders,
  AllowedSendersChange,
  AllowedSendersUpdate,
  ForSubaccount,
  IpAllowList,
  IpEntry,
  IpListType,
  SingleSenderAdd,
  SingleSenders,
  Suppressions,
  SuppressionView,
} from './senders.ts'
import type {
  BillingCycle,
  Bounces,
  History,
  HistoryQuery,
  MailSummary,
  OfLogin,
  SpamComplaints,
  Unsubscribes,
} from './statistics.ts'
import type {
  Subaccount,
  SubaccountAdd,
  SubaccountEdit,
  SubaccountRef,
  SubaccountSearch,
  Subaccounts,
} from './subaccounts.ts'
import type { Template, TemplateAdd, TemplateChanged, TemplateEdit, TemplateSearch, Templates } from './templates.ts'
import type {
  ApiKey,
  ApiKeySettings,
  IpAuth,
  IpAuths,
  IpPool,
  SmtpUser,
  SmtpUserPatch,
  SmtpUserSettings,
  SmtpUsers,
  UserSettings,
} from './users.ts'
import type { Webhook, WebhookSettings } from './webhooks.ts'

/** What a call takes and what its answer holds. */
export type OperationCall<Request, Answer> = { readonly request: Request; readonly answer: Answer }

/** What each operation of SMTP2GO for configuration and statistics takes and what its `data` holds; POST unless the name says PATCH. */
export type Operations = {
  '/allowed_senders/view': OperationCall<ForSubaccount, AllowedSenders>
  '/allowed_senders/add': OperationCall<AllowedSendersChange, AllowedSenders>
  '/allowed_senders/remove': OperationCall<AllowedSendersChange, AllowedSenders>
  '/allowed_senders/update': OperationCall<AllowedSendersUpdate, AllowedSenders>
  '/allowed_recipients/view': OperationCall<ForSubaccount, AllowedRecipients>
  '/allowed_recipients/add': OperationCall<AllowedRecipientsChange, AllowedRecipients>
  '/allowed_recipients/remove': OperationCall<AllowedRecipientsChange, AllowedRecipients>
  '/allowed_recipients/update': OperationCall<AllowedRecipientsUpdate, AllowedRecipients>
  '/api_keys/view': OperationCall<ForSubaccount & { readonly id?: string; readonly search?: string }, readonly ApiKey[]>
  '/api_keys/add': OperationCall<ApiKeySettings, readonly ApiKey[]>
  '/api_keys/edit': OperationCall<ApiKeySettings & { readonly id: string }, readonly ApiKey[]>
  'PATCH /api_keys/edit': OperationCall<ApiKeySettings & { readonly id: string }, readonly ApiKey[]>
  '/api_keys/remove': OperationCall<ForSubaccount & { readonly id: string }, unknown>
  '/api_keys/permissions': OperationCall<Readonly<Record<string, never>>, readonly string[]>
  '/dedicated_ips/view': OperationCall<Readonly<Record<string, never>>, readonly IpPool[]>
  '/domain/view': OperationCall<ForSubaccount & { readonly domain?: string }, Domains>
  '/domain/add': OperationCall<DomainAdd, Domains>
  '/domain/verify': OperationCall<DomainVerify, Domains>
  '/domain/tracking': OperationCall<DomainLabel, Domains>
  '/domain/returnpath': OperationCall<DomainLabel, Domains>
  '/domain/subaccount_access': OperationCall<DomainAccess, SubaccountAccess & { readonly domain: string }>
  '/domain/remove': OperationCall<ForSubaccount & { readonly domain: string }, Domains>
  '/ip_allow_list': OperationCall<IpListType & { readonly enabled: boolean }, { readonly enabled: boolean }>
  '/ip_allow_list/view': OperationCall<IpListType, IpAllowList>
  '/ip_allow_list/add': OperationCall<IpListType & Pick<IpEntry, 'ip_address'> & Partial<IpEntry>, IpEntry>
  '/ip_allow_list/edit': OperationCall<
    IpListType & {
      readonly ip_address: string
      readonly new_ip_address?: string
      readonly description?: string
    },
    IpEntry
  >
  '/ip_allow_list/remove': OperationCall<IpListType & { readonly ip_address: string }, IpEntry>
  '/ip_auth/view': OperationCall<ForSubaccount & { readonly ip_address?: string }, IpAuths>
  'PATCH /ip_auth/edit': OperationCall<UserSettings & { readonly ip_address: string }, readonly IpAuth[]>
  '/ip_auth/remove': OperationCall<ForSubaccount & { readonly ip_address: string }, unknown>
  '/single_sender_emails/view': OperationCall<ForSubaccount & { readonly email_address?: string }, SingleSenders>
  '/single_sender_emails/add': OperationCall<SingleSenderAdd, unknown>
  '/single_sender_emails/remove': OperationCall<ForSubaccount & { readonly email_address: string }, unknown>
  '/stats/email_bounces': OperationCall<OfLogin, Bounces>
  '/stats/email_cycle': OperationCall<Readonly<Record<string, never>>, BillingCycle>
  '/stats/email_history': OperationCall<HistoryQuery, History>
  '/stats/email_spam': OperationCall<OfLogin, SpamComplaints>
  '/stats/email_summary': OperationCall<OfLogin, MailSummary>
  '/stats/email_unsubs': OperationCall<OfLogin, Unsubscribes>
  '/subaccounts/search': OperationCall<SubaccountSearch, Subaccounts>
  '/subaccount/add': OperationCall<SubaccountAdd, Subaccount>
  '/subaccount/edit': OperationCall<SubaccountEdit, Subaccount>
  '/subaccount/close': OperationCall<SubaccountRef, string | Readonly<Record<string, unknown>>>
  '/subaccount/reopen': OperationCall<SubaccountRef, string | Readonly<Record<string, unknown>>>
  '/suppression/view': OperationCall<SuppressionView, Suppressions>
  '/suppression/add': OperationCall<
    ForSubaccount & { readonly email_address: string; readonly block_description?: string },
    { readonly added: boolean; readonly email_address: string; readonly block_description: string }
  >
  '/suppression/remove': OperationCall<
    ForSubaccount & { readonly email_address: string; readonly reasons: readonly string[] },
    {
      readonly suppressions: readonly {
        readonly email_address: string
        readonly reason: string
        readonly removed: boolean
      }[]
    }
  >
  '/template/search': OperationCall<TemplateSearch, Templates>
  '/template/view': OperationCall<{ readonly id: string }, Template>
  '/template/add': OperationCall<TemplateAdd, TemplateChanged>
  '/template/edit': OperationCall<TemplateEdit, TemplateChanged>
  '/template/delete': OperationCall<{ readonly id: string }, string | Readonly<Record<string, unknown>>>
  '/users/smtp/view': OperationCall<ForSubaccount & { readonly username?: string }, SmtpUsers>
  '/users/smtp/add': OperationCall<SmtpUserSettings, SmtpUsers>
  '/users/smtp/edit': OperationCall<SmtpUserSettings, SmtpUsers>
  'PATCH /users/smtp/edit': OperationCall<SmtpUserPatch, readonly SmtpUser[] | SmtpUsers>
  '/users/smtp/remove': OperationCall<ForSubaccount & { readonly username: string }, SmtpUsers>
  '/webhook/view': OperationCall<ForSubaccount, readonly Webhook[]>
  '/webhook/add': OperationCall<WebhookSettings & { readonly url: string }, Webhook>
  '/webhook/edit': OperationCall<WebhookSettings & { readonly id: number; readonly url?: string }, Webhook>
  '/webhook/remove': OperationCall<ForSubaccount & { readonly id: number }, unknown>
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
export type OperationFacts = { readonly reads: boolean; readonly holds: Holds; readonly secrets?: readonly string[] }

const read = (holds: Holds, secrets?: readonly string[]) => ({ reads: true, holds, ...(secrets && { secrets }) })
const write = (holds: Holds, secrets?: readonly string[]) => ({ reads: false, holds, ...(secrets && { secrets }) })
const list = (name: string) => ({ list: name })

/** Every operation: whether it only reads, what its answer holds, which fields of it are secret. */
export const OPERATIONS: Readonly<Record<OperationName, OperationFacts>> = {
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
