import type { DomainAccess, DomainAdd, DomainLabel, Domains, DomainVerify, SubaccountAccess } from './domains.ts'
import type {
  ActivityPage,
  ActivitySearch,
  ArchivedMail,
  ArchiveSearch,
  MailDraft,
  MailSent,
  MimeMail,
  ReceivedSms,
  ScheduledMail,
  ScheduledSearch,
  SentSms,
  SmsDraft,
  SmsPeriod,
  SmsSent,
  SmsSummary,
  SubaccountSmsUsage,
  SubaccountUsage,
} from './mail.ts'
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

/** What each operation of SMTP2GO takes and what its `data` holds; POST unless the name says PATCH. */
export type Operations = {
  '/activity/search': OperationCall<ActivitySearch, ActivityPage>
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
  '/archive/email': OperationCall<{ readonly email_id: string }, ArchivedMail>
  '/archive/search': OperationCall<
    ArchiveSearch,
    { readonly email_count: number; readonly emails: readonly ArchivedMail[]; readonly continue_token?: string }
  >
  '/dedicated_ips/view': OperationCall<Readonly<Record<string, never>>, readonly IpPool[]>
  '/domain/view': OperationCall<ForSubaccount & { readonly domain?: string }, Domains>
  '/domain/add': OperationCall<DomainAdd, Domains>
  '/domain/verify': OperationCall<DomainVerify, Domains>
  '/domain/tracking': OperationCall<DomainLabel, Domains>
  '/domain/returnpath': OperationCall<DomainLabel, Domains>
  '/domain/subaccount_access': OperationCall<DomainAccess, SubaccountAccess & { readonly domain: string }>
  '/domain/remove': OperationCall<ForSubaccount & { readonly domain: string }, Domains>
  '/email/batch': OperationCall<
    { readonly emails: readonly MailDraft[] },
    readonly { readonly email_id?: string; readonly schedule_id?: string }[]
  >
  '/email/mime': OperationCall<MimeMail, MailSent>
  '/email/scheduled/remove': OperationCall<{ readonly schedule_id: string }, unknown>
  '/email/scheduled/search': OperationCall<ScheduledSearch, readonly ScheduledMail[]>
  /** Deprecated by the vendor, and without a description. */
  '/email/search': OperationCall<
    {
      readonly start_date?: string
      readonly end_date?: string
      readonly email_id?: readonly string[]
      readonly limit?: number
    },
    { readonly count?: number; readonly emails?: readonly Readonly<Record<string, unknown>>[] }
  >
  '/email/send': OperationCall<MailDraft & { readonly fastaccept?: boolean }, MailSent>
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
  '/sms/send': OperationCall<SmsDraft, SmsSent>
  '/sms/summary': OperationCall<SmsPeriod, SmsSummary>
  '/sms/view-received': OperationCall<
    SmsPeriod & { readonly username?: string },
    { readonly messages: readonly ReceivedSms[] }
  >
  '/sms/view-sent': OperationCall<SmsPeriod & { readonly username?: string }, { readonly messages: readonly SentSms[] }>
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
  /** Gone from the vendor's description. */
  '/subaccount/reinvite': OperationCall<SubaccountRef, unknown>
  /** Gone from the vendor's description. */
  '/subaccount/subaccountsmsusage': OperationCall<
    Readonly<Record<string, never>>,
    { readonly subaccounts: readonly SubaccountSmsUsage[] }
  >
  /** Gone from the vendor's description. */
  '/subaccounts/usage': OperationCall<
    Readonly<Record<string, never>>,
    { readonly subaccounts: readonly SubaccountUsage[] }
  >
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
  '/activity/search': read(list('events')),
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
  '/archive/email': read('object'),
  '/archive/search': read(list('emails')),
  '/dedicated_ips/view': read('array'),
  '/domain/view': read(list('domains')),
  '/domain/add': write(list('domains')),
  '/domain/verify': write(list('domains')),
  '/domain/tracking': write(list('domains')),
  '/domain/returnpath': write(list('domains')),
  '/domain/subaccount_access': write('object'),
  '/domain/remove': write('objects'),
  '/email/batch': write('array'),
  '/email/mime': write('object'),
  '/email/scheduled/remove': write('anything'),
  '/email/scheduled/search': read('array'),
  '/email/search': read('anything'),
  '/email/send': write('object'),
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
  '/sms/send': write('object'),
  '/sms/summary': read('object'),
  '/sms/view-received': read(list('messages')),
  '/sms/view-sent': read(list('messages')),
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
  '/subaccount/reinvite': write('anything'),
  '/subaccount/subaccountsmsusage': read(list('subaccounts')),
  '/subaccounts/usage': read(list('subaccounts')),
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
