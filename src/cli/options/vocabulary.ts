import { TRAFFIC_GROUPS, type TrafficGroup } from '../../model/traffic/traffic.ts'
import { LOG_LEVELS } from './log-level.ts'
import { NOTIFY_ON } from './notify-events.ts'
import {
  address,
  askedReport,
  days,
  notifyEvent,
  page,
  percent,
  positiveNumber,
  size,
  suppressionReason,
  time,
  wholeNumber,
} from './parsers.ts'
import { REPORT_FORMATS, type ReportFormat } from './report-request.ts'
import { SERVICE_REASONS } from './suppression-reasons.ts'
import { flag, type Given, many, negated, oneOf, parsed, preset, text, type Word } from './word.ts'

/** How the result of a command may be written. */
type Format =
  | 'text'
  | 'tap'
  | 'yaml'
  | 'terraform'
  | 'emulator'
  | 'csv'
  | 'jsonl'
  | 'openmetrics'
  | RecordFormat
  | ReportFormat

/** How DNS records may be written for the tool that publishes them. */
type RecordFormat =
  | 'zone'
  | 'octodns'
  | 'dnscontrol'
  | 'terraform-route53'
  | 'terraform-cloudflare'
  | 'terraform-google'

/** Every option that any command takes: how it is written and what it gives. What it means is said by the command. */
export const VOCABULARY = {
  file: many('-f, --file <path>'),
  account: many('--account <name>'),
  only: many('--only <glob>'),
  exclude: many('--exclude <glob>'),
  var: many('--var <name=value>'),
  varFile: many('--var-file <file>'),
  envFile: many('--env-file <file>'),
  /** Undefined: the real APIs. Empty: an emulator in memory. Else: the file that keeps its contents. */
  emulator: text('--emulator [=data]'),
  /** Where the ledger is; `none`: nowhere. */
  ledger: text('--ledger <url>'),
  /** Milliseconds to wait for the holder of the ledger. */
  lockTimeout: parsed('--lock-timeout <time>', time),
  auditLog: text('--audit-log <file>'),
  notify: many('--notify <url>'),
  notifyOn: many('--notify-on <event>', notifyEvent, NOTIFY_ON),
  parallelism: preset(parsed('--parallelism <number>', positiveNumber), 8),
  maxRps: parsed('--max-rps <number>', positiveNumber),
  runnerIp: many('--runner-ip <address>', address),
  allowExec: flag('--allow-exec'),
  allowHidden: flag('--allow-hidden'),
  strict: flag('--strict'),
  allProblems: flag('--all-problems'),
  input: negated('--no-input'),
  color: negated('--no-color'),
  logLevel: preset(oneOf('--log-level <level>', LOG_LEVELS), 'warn'),
  logFormat: preset(oneOf('--log-format <format>', ['text', 'json']), 'text'),

  format: oneOf<Format>('--format <format>', ['text', ...REPORT_FORMATS]),
  report: many('--report <format=file>', askedReport),
  reportUrl: parsed('--report-url <url>', page),
  reportTarget: text('--report-target <name>'),
  maxSize: parsed('--max-size <number>', size),
  accept: many('--accept <gate>'),
  autoApprove: flag('--auto-approve'),
  branch: many('--branch <glob>'),
  traffic: flag('--traffic'),
  detailedExitcode: flag('--detailed-exitcode'),
  all: flag('--all'),
  out: text('-o, --out <file>'),
  force: flag('--force'),
  subaccounts: flag('--subaccounts'),
  allFields: flag('--all-fields'),

  region: text('--region <region>'),
  withSecrets: flag('--with-secrets'),
  into: text('--into <file>'),
  allSections: flag('--all-sections'),
  updateFiles: flag('--update-files'),
  check: flag('--check'),
  direct: flag('--direct'),
  passwords: flag('--passwords'),
  diff: flag('--diff'),
  ownership: flag('--ownership'),
  replace: flag('--replace'),
  from: text('--from <address>'),
  headerFrom: text('--header-from <address>'),
  to: many('--to <address>'),
  user: text('--user <name>'),
  key: text('--key <description>'),
  ipAuth: flag('--ip-auth'),
  ip: parsed('--ip <address>', address),
  state: oneOf('--state <state>', ['desired', 'live']),
  /** Looks into DNS before it plans. */
  dns: flag('--dns'),
  resolver: many('--resolver <server>'),
  nameserver: many('--nameserver <server>'),
  timeout: parsed('--timeout <time>', time),
  keepBounces: flag('--keep-bounces'),
  yes: flag('--yes'),
  last: parsed('--last <time>', days),
  until: text('--until <day>'),
  by: oneOf<'day' | TrafficGroup>('--by <what>', ['day', ...TRAFFIC_GROUPS]),
  maxBounces: parsed('--max-bounces <percent>', percent),
  maxSpam: parsed('--max-spam <percent>', percent),
  max: parsed('--max <percent>', percent),
  subject: text('--subject <text>'),
  event: many('--event <name>'),
  emailId: text('--email-id <id>'),
  limit: parsed('--limit <number>', positiveNumber),
  follow: flag('--follow'),
  text: text('--text <text>'),
  html: text('--html <file>'),
  template: text('--template <id>'),
  eml: text('--eml <file>'),
  via: oneOf('--via <way>', ['smtp', 'api']),
  provider: text('--provider <name>'),
  smtp: text('--smtp <host:port>'),
  wait: parsed('--wait <time>', time),
  reason: many('--reason <reason>', suppressionReason, SERVICE_REASONS),
  subaccount: text('--subaccount <name>'),
  dir: text('--dir <folder>'),

  generate: flag('--generate'),
  length: parsed('--length <number>', positiveNumber),
  saveTo: text('--save-to <place>'),
  field: text('--field <path>'),
  overlap: flag('--overlap'),
  twin: text('--twin <name>'),
  confirm: flag('--confirm'),
  retire: oneOf('--retire <how>', ['block', 'delete']),
  abort: flag('--abort'),
  list: flag('--list'),

  port: parsed('--port <number>', wholeNumber),
  smtpPort: parsed('--smtp-port <number>', wholeNumber),
  smtpsPort: parsed('--smtps-port <number>', wholeNumber),
  host: text('--host <address>'),
  allowHost: many('--allow-host <name>'),
  tls: flag('--tls'),
  tlsCert: text('--tls-cert <file>'),
  tlsKey: text('--tls-key <file>'),
  settings: text('--settings <json>'),
  withParent: flag('--with-parent'),
  data: text('--data <file>'),
  seed: text('--seed <file>'),
} as const satisfies Readonly<Record<string, Word>>

/** The name of an option, as code reads it: `autoApprove` for `--auto-approve`. */
export type WordName = keyof typeof VOCABULARY
type GivenBy<N extends WordName> = Given<(typeof VOCABULARY)[N]>

/** What the options of a command line give: those that are not there are left out, lists are empty. */
export type Options = {
  readonly [N in WordName as undefined extends GivenBy<N> ? never : N]: GivenBy<N>
} & {
  readonly [N in WordName as undefined extends GivenBy<N> ? N : never]?: NonNullable<GivenBy<N>>
}
