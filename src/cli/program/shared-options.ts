import type { CommandText, OptionText } from '../options/command-text.ts'
import { REPORT_FORMATS } from '../options/report-request.ts'

type Options = NonNullable<CommandText['options']>

/** The options of every command, in the order of the help. */
export const EVERYWHERE: Options = {
  file: 'spec file or folder (may be repeated; default mailconfig.yaml or mailconfig/)',
  account: 'only this account (may be repeated)',
  only: 'only objects whose address matches (may be repeated)',
  exclude: 'skip objects whose address matches (may be repeated)',
  var: 'set ${var:name} (may be repeated)',
  varFile: 'a YAML or JSON file of values (may be repeated)',
  envFile: 'a file of NAME=value lines for ${env:NAME}; the environment takes precedence (may be repeated)',
  emulator: 'run against an emulator in this process; with a file, its contents are kept there',
  ledger: 'file or URL of the ledger; "none" disables it (default: next to the spec)',
  lockTimeout: 'how long to wait for the ledger lock, such as 90s or 10m (default 20s)',
  auditLog: 'append a line of JSON to this file before and after each change',
  notify: 'a Slack-compatible webhook to notify when a run ends (may be repeated)',
  notifyOn: 'when to notify (may be repeated; default: everything except always)',
  parallelism: 'maximum number of concurrent changes and calls',
  maxRps: 'maximum calls per second (default 50; no limit on loopback)',
  runnerIp: 'an IP address that this machine uses to reach the API (may be repeated)',
  allowExec: 'run the commands of ${exec:…} in the spec',
  allowHidden: 'allow the spec to read hidden files, such as .env',
  strict: 'treat warnings as errors',
  allProblems: 'show every problem, without a limit',
  input: 'never prompt',
  color: 'disable colours (as does NO_COLOR)',
  logLevel: 'log level',
  logFormat: 'log format',
}

/** A result as text or as JSON. */
export const FORMAT = {
  format: { summary: 'output format', choices: ['text', 'json'], preset: 'text' } satisfies OptionText,
} as const

/** A result in every form, and reports that go to files. */
export const REPORTS = {
  format: {
    summary: 'output format',
    choices: ['text', ...REPORT_FORMATS],
    preset: 'text',
  } satisfies OptionText,
  report: 'also write a report to a file, such as markdown=plan.md (may be repeated)',
  reportUrl: 'URL of the full report; a Markdown report links to it',
  reportTarget: 'name that identifies the comment with the report',
  maxSize: 'maximum characters of a Markdown report (default 60000)',
} as const

/** What needs an explicit confirmation. */
export const ACCEPT = { accept: 'accept a gate by its number, such as G1:3f9c (may be repeated)' } as const

/** What DNS says of what a plan adds. */
export const DNS = {
  dns: 'ask DNS whether mail of an added sender would fail DMARC',
  resolver: 'resolver for --dns, as IP[:PORT] (may be repeated; default: those of this machine)',
} as const

/** No question. */
export const AUTO_APPROVE = { autoApprove: 'do not ask for confirmation' } as const

/** What may change something in a CI job. */
export const BRANCH = { branch: 'in CI: a branch from which changes may be applied (may be repeated)' } as const
