import type { ForSubaccount } from './senders.ts'

/** A file that goes with a message: base64 text, or a URL that the service fetches. */
export type MailFile = {
  readonly filename: string
  readonly fileblob?: string
  readonly url?: string
  readonly mimetype?: string
}

/** A message in parts; people are written `Name <name@example.com>`, at most 100 of each. Source: /email/send. */
export type MailDraft = {
  readonly sender: string
  readonly to: readonly string[]
  readonly cc?: readonly string[]
  readonly bcc?: readonly string[]
  /** Ignored, as both bodies, where a template is named. */
  readonly subject?: string
  readonly html_body?: string
  readonly text_body?: string
  readonly custom_headers?: readonly { readonly header: string; readonly value: string }[]
  readonly attachments?: readonly MailFile[]
  /** Shown in the HTML as `cid:` and the name of the file. */
  readonly inlines?: readonly MailFile[]
  readonly template_id?: string
  readonly template_data?: Readonly<Record<string, unknown>>
  /** ISO 8601, in the next 3 days. */
  readonly schedule?: string
}

/** With `fastaccept`, the answer says nothing but the id. */
export type MailSent = {
  readonly email_id: string
  /** 1 or 0: a message with several recipients is one. */
  readonly succeeded?: number
  readonly failed?: number
  /** What the SMTP side said. */
  readonly failures?: readonly string[]
  readonly schedule_id?: string
}

/** Source: /email/mime; the message in base64. */
export type MimeMail = { readonly mime_email: string; readonly schedule?: string; readonly fastaccept?: boolean }

/** Source: /email/scheduled/search. */
export type ScheduledSearch = {
  readonly schedule_id?: string
  readonly search_subject?: string
  readonly search_recipient?: string
  readonly search_sender?: string
  /** 1,000 if left out. */
  readonly limit?: number
  readonly page?: number
}

/** A message that waits for its time. */
export type ScheduledMail = {
  readonly schedule_id: string
  readonly schedule: string
  readonly sender: string
  readonly subject: string
  readonly recipients: string
  readonly client_ip: string
}

/** What can happen to a message. */
export type ActivityEventName =
  | 'processed'
  | 'delivered'
  | 'soft-bounced'
  | 'hard-bounced'
  | 'rejected'
  | 'spam'
  | 'unsubscribed'
  | 'resubscribed'
  | 'opened'
  | 'clicked'

/** Times are ISO 8601, in UTC; today if left out. The values of `*_op` are not documented. Source: /activity/search. */
export type ActivitySearch = {
  readonly start_date?: string
  readonly end_date?: string
  /** In any field; several texts are parted by `|`. */
  readonly search?: string
  readonly search_email_id?: string
  readonly search_subject?: string
  readonly search_subject_op?: string
  readonly search_sender?: string
  readonly search_sender_op?: string
  readonly search_recipient?: string
  readonly search_recipient_op?: string
  readonly search_usernames?: readonly string[]
  readonly subaccounts?: readonly string[]
  /** 100 if left out, 1,000 at most. */
  readonly limit?: number
  readonly continue_token?: string
  readonly only_latest?: boolean
  readonly only_latest_by_sent?: boolean
  readonly event_types?: readonly ActivityEventName[]
  readonly include_headers?: boolean
  readonly custom_headers?: readonly string[]
  readonly region?: 'us' | 'eu' | 'au'
}

/** Something that happened to a message for one recipient; what an event does not have is empty or left out. */
export type ActivityEvent = {
  readonly email_id: string
  readonly event: ActivityEventName
  /** RFC 3339, in UTC. */
  readonly date: string
  readonly from?: string
  readonly recipient?: string
  readonly recipients?: readonly string[]
  readonly subaccount_name?: string
  readonly subject?: string
  readonly username?: string
  readonly reply_to?: string
  readonly sender?: string
  readonly sender_full?: string
  readonly to?: string
  readonly cc?: string
  readonly bcc?: string
  readonly smtp_response?: string
  readonly reason?: string
  readonly host?: string
  readonly originating_host?: string
  readonly error?: string
  readonly email_client?: Readonly<Record<string, unknown>>
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly outbound_ip?: string
  readonly byte_size?: number
  readonly headers?: string
  readonly custom_headers?: Readonly<Record<string, string>>
  readonly delivery_attempts?: readonly {
    readonly smtptime: string
    readonly host: string
    readonly smtpresponse: string
  }[]
}

/** A page of events, the latest first. */
export type ActivityPage = {
  readonly events: readonly ActivityEvent[]
  readonly total_events: number
  readonly continue_token: string | null
}

/** Times are ISO 8601, in UTC; today if left out, the end not included. Source: /archive/search. */
export type ArchiveSearch = {
  readonly start_date?: string
  readonly end_date?: string
  /** 5,000 if left out. */
  readonly limit?: number
  readonly username?: string
  readonly recipient?: string
  readonly sender?: string
  readonly envelope_from?: string
  readonly subject?: string
  readonly headers?: string
  readonly continue_token?: string
}

/** A message that is kept. */
export type ArchivedMail = {
  readonly email_id: string
  readonly sent: string
  readonly sender: string
  readonly envelope_from: string
  readonly recipient: string
  readonly to: string
  readonly subject: string
  readonly username: string
  readonly headers: string
  readonly byte_count: number
  readonly attachment_count: number
  readonly attachments: readonly unknown[]
  /** Where the whole message is. */
  readonly url: string
}

/** At most 100 numbers with their country codes. Source: /sms/send. */
export type SmsDraft = { readonly destination: readonly string[]; readonly content: string; readonly sender?: string }

/** What became of each text message. */
export type SmsSent = {
  readonly total_sent: number
  readonly statuses: Readonly<Record<string, number>>
  readonly messages?: readonly { readonly destination: string; readonly message_id: string; readonly status: string }[]
}

/** Times are ISO 8601, in UTC. */
export type SmsPeriod = ForSubaccount & { readonly start_date?: string; readonly end_date?: string }

/** Source: /sms/summary; the cost is in the currency of the account. */
export type SmsSummary = { readonly total_messages: number; readonly total_units: number; readonly total_cost: number }

/** Source: /sms/view-received. */
export type ReceivedSms = {
  readonly message_id: string
  readonly timestamp: string
  readonly source_address: string | number
  readonly destination_address: string | number
  readonly content: string
  readonly username: string
}

/** Source: /sms/view-sent. */
export type SentSms = {
  readonly id: string
  readonly timestamp: string
  readonly username: string
  readonly sender: string
  readonly sender_email: string
  readonly destination_address: string
  readonly format: string
  readonly status: string
  readonly content: string
  readonly units: number
}

/** How much of its plan a subaccount has used. Named in the vendor's overview; the shape is invented. */
export type SubaccountUsage = {
  readonly id: string
  readonly name: string
  readonly plan_size?: number
  readonly plan_used?: number
  readonly plan_remaining?: number
}

/** How many text messages a subaccount has sent. Named in the vendor's overview; the shape is invented. */
export type SubaccountSmsUsage = {
  readonly id: string
  readonly name: string
  readonly sms_limit?: number
  readonly sms_used?: number
}
