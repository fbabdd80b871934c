import { type ServingOptions as Options, type RunningEmulator as Running, startServices } from '../emulator/index.ts'
import { blank, many } from '../emulator/input/usual.ts'
import type { SettingsOf, SharedSettings } from '../emulator/world/settings.ts'
import { services } from './services.ts'
import { messageFields } from './smtp2go/emulator/state/messages.ts'

export {
  type Fault,
  type FaultName,
  type LoggedRequest,
  type Match,
  type RunningEmulator,
  type ServingOptions,
  startServices,
} from '../emulator/index.ts'
export type { Field, Fields, Values } from '../emulator/input/fields.ts'
export type { Json, JsonObject } from '../emulator/input/json.ts'
export { faultNames } from '../emulator/server/faults.ts'
export type { Answer, CallSurroundings, Context, Counters, Incoming } from '../emulator/world/call.ts'
export {
  type Controls,
  defineService,
  type KeptState,
  type RunningService,
  type Service,
  type ServiceContext,
  type ServiceDefinition,
  type ServiceFacts,
} from '../emulator/world/definition.ts'
export type { Heard } from '../emulator/world/heard.ts'
export type {
  Envelope,
  Errands,
  MailClient,
  MailDoor,
  MailRefusal,
  Outgoing,
  OutgoingResult,
} from '../emulator/world/mail.ts'
export type {
  BoxCall,
  BoxChange,
  BoxEvent,
  BoxLogin,
  BoxMessage,
  BoxRecipient,
  BoxSent,
  Mailbox,
  MailFooter,
  Reaction,
} from '../emulator/world/mailbox.ts'
export type { Evidence, Setting } from '../emulator/world/setting.ts'
export {
  type Definitions,
  type SettingsOf,
  type SettingValues,
  SHARED_SETTINGS,
  type SharedSettings,
} from '../emulator/world/settings.ts'
export { services }

/** The switches of every service, by service. */
export type SettingDefinitions = (typeof services)[number]['settings']
/** What has the members of every one of some types. */
export type Together<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer All) => void ? All : never

/** The settings of every service. */
export type Settings = SharedSettings & SettingsOf<Together<SettingDefinitions>>

/** A running emulator of every API. */
export interface Emulator extends Running<Settings> {
  readonly smtp2go: string
  readonly backoffice: string
  /** A key of the master account that may do everything. */
  readonly apiKey: string
  /** A bearer token of the Back Office. */
  readonly token: string
  /** The address of the page that shows the messages; Mailpit's API is beside it, under `api/v1`. */
  readonly inbox: string
  /** Every message that it keeps, refused ones too; without those that were removed from the inbox. */
  messages(): EmulatedMessage[]
  /** Says what becomes of mail, by pattern; the first that fits decides. */
  outcomes(list: readonly OutcomeRule[]): void
  /** The first message that fits, now or within the time; throws where there is none. */
  waitForMessage(wanted: WantedMessage): Promise<EmulatedMessage>
}

/** A message as the emulator keeps it. */
export interface EmulatedMessage {
  readonly subaccount_id: string
  readonly email_id: string
  /** ISO 8601, in UTC. */
  readonly time: string
  readonly channel: 'smtp' | 'api' | 'ip'
  /** The SMTP user, the first 16 characters of an API key, or the address that sent without a login. */
  readonly username: string
  readonly ip: string
  readonly envelope_from: string
  /** The From header. */
  readonly from: string
  readonly subject: string
  readonly recipients: readonly {
    readonly address: string
    readonly field: 'to' | 'cc' | 'bcc'
    readonly fate: string
    /** The rule that decided, as docs/reference/who-may-send.md names it. */
    readonly rule: string
  }[]
  /** The message as it was sent, a character for each byte. */
  readonly raw: string
  readonly size: number
  /** The message that this one is an audit copy of. */
  readonly copy_of: string | null
  readonly refused: { readonly rule: string; readonly code: number; readonly lines: readonly string[] } | null
  readonly events: readonly {
    readonly event: string
    readonly time: string
    readonly recipient: string
    readonly reason: string
  }[]
}

/** What becomes of mail to addresses that fit a pattern, such as `*@partner.example`. */
export interface OutcomeRule {
  readonly to: string
  readonly outcome: 'delivered' | 'hardbounce' | 'softbounce' | 'spam' | 'unsubscribe' | 'open' | 'click' | 'delay'
}

const emulatedFields = { ...messageFields, subaccount_id: blank }
const emulated = many(emulatedFields)

/** Which message is waited for: what is left out may be anything. */
export interface WantedMessage {
  readonly to?: string
  readonly from?: string
  readonly subject?: string
  /** The SMTP user, or the first 16 characters of an API key. */
  readonly user?: string
  /** Milliseconds to wait; 5 seconds if left out. */
  readonly timeout?: number
}

/** How an emulator starts. */
export type EmulatorOptions = Options<Settings>

/** Serves every API on a loopback port; throws for any other host and for a state it does not understand. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const started = await startServices(services, options)
  const of = (api: string) => started.endpoints[api] ?? { url: '', credential: '' }
  return {
    ...started,
    get endpoints() {
      return started.endpoints
    },
    smtp2go: of('smtp2go').url,
    backoffice: of('backoffice').url,
    inbox: new URL('/', of('backoffice').url).href,
    messages: () => messagesOf(started),
    outcomes: (list) => void started.control('POST /outcomes', list),
    waitForMessage: (wanted) => waitFor(started, wanted),
    get apiKey() {
      return of('smtp2go').credential
    },
    get token() {
      return of('backoffice').credential
    },
  }
}

function messagesOf(emulator: Running<Settings>): EmulatedMessage[] {
  return emulated(JSON.parse(JSON.stringify(emulator.control('GET /messages'))), 'messages')
}

async function waitFor(
  emulator: Running<Settings>,
  { timeout = 5000, ...wanted }: WantedMessage,
): Promise<EmulatedMessage> {
  const until = Date.now() + timeout
  for (;;) {
    const found = messagesOf(emulator).find((one) => isWanted(one, wanted))
    if (found !== undefined) return found
    if (Date.now() > until) throw new Error(`no message ${JSON.stringify(wanted)} came within ${timeout} ms`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function isWanted({ recipients, envelope_from, subject, username }: EmulatedMessage, wanted: WantedMessage): boolean {
  const { to, from, user } = wanted
  return (
    (to === undefined || recipients.some(({ address }) => address.toLowerCase() === to.toLowerCase())) &&
    (from === undefined || envelope_from === from.toLowerCase()) &&
    (wanted.subject === undefined || subject.includes(wanted.subject)) &&
    (user === undefined || username === user)
  )
}
