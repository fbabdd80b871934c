import type { LogLevel } from './log-level.ts'
import type { NotifyOn } from './notify-events.ts'
import type { AskedReport, ReportFormat } from './report-request.ts'

/** The options of a command line: those that every command knows, and those of one. */
export interface Options {
  readonly file: readonly string[]
  readonly account: readonly string[]
  readonly only: readonly string[]
  readonly exclude: readonly string[]
  readonly var: readonly string[]
  readonly varFile: readonly string[]
  readonly envFile: readonly string[]
  /** Undefined: the real APIs. Empty: an emulator in memory. Else: the file that keeps its contents. */
  readonly emulator?: string
  /** Where the ledger is; `none`: nowhere. */
  readonly ledger?: string
  /** Milliseconds to wait for whoever holds the ledger. */
  readonly lockTimeout?: number
  /** The file that gets a line for each change. */
  readonly auditLog?: string
  /** Webhooks that are told how a run ended. */
  readonly notify: readonly string[]
  readonly notifyOn: readonly NotifyOn[]
  readonly parallelism: number
  readonly maxRps?: number
  readonly runnerIp: readonly string[]
  readonly allowExec?: boolean
  /** The spec may name files that begin with a dot. */
  readonly allowHidden?: boolean
  readonly strict?: boolean
  readonly input: boolean
  readonly color: boolean
  readonly logLevel: LogLevel
  readonly logFormat: 'text' | 'json'
  readonly format?: 'text' | 'yaml' | 'terraform' | 'emulator' | ReportFormat
  /** Reports that go to files, whatever standard output gets. */
  readonly report: readonly AskedReport[]
  readonly reportUrl?: string
  readonly reportTarget?: string
  /** The most characters of a Markdown report. */
  readonly maxSize?: number
  readonly accept?: readonly string[]
  /** Branches from which a CI job may change something. */
  readonly branch: readonly string[]
  /** Which suppressions of the service are lifted; empty: all. */
  readonly reason: readonly string[]
  /** The name of a subaccount. */
  readonly subaccount?: string
  readonly all?: boolean
  readonly ownership?: boolean
  readonly autoApprove?: boolean
  readonly detailedExitcode?: boolean
  readonly force?: boolean
  readonly region?: string
  readonly out?: string
  readonly subaccounts?: boolean
  /** Exports write fields at their defaults, too. */
  readonly allFields?: boolean
  readonly into?: string
  readonly allSections?: boolean
  readonly updateFiles?: boolean
  readonly check?: boolean
  readonly allProblems?: boolean
  /** `validate` looks at the values of references, too. */
  readonly withSecrets?: boolean
  readonly diff?: boolean
  readonly port?: number
  readonly host?: string
  readonly allowHost?: readonly string[]
  readonly tls?: boolean
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly settings?: string
  readonly withParent?: boolean
  readonly data?: string
  readonly seed?: string
  readonly dir?: string
  readonly replace?: boolean
  readonly to?: string
  readonly yes?: boolean
  /** What `rotate` is to do beside sending a secret again. */
  readonly generate?: boolean
  readonly length?: number
  readonly field?: string
  readonly saveTo?: string
  readonly overlap?: boolean
  /** The name of the twin. */
  readonly twin?: string
  readonly confirm?: boolean
  readonly abort?: boolean
  readonly retire?: 'block' | 'delete'
  readonly list?: boolean
}
