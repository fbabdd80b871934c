import type { CommandText, OptionText } from '../options/command-text.ts'
import { REPORT_FORMATS } from '../options/report-request.ts'

type Options = NonNullable<CommandText['options']>

/** The options of every command, in the order of the help. */
export const EVERYWHERE: Options = {
  file: 'file or folder of the spec (may be repeated; default mailconfig.yaml or mailconfig/)',
  account: 'only this account (may be repeated)',
  only: 'only objects whose address matches (may be repeated)',
  exclude: 'not objects whose address matches (may be repeated)',
  var: 'a value for ${var:name} (may be repeated)',
  varFile: 'a YAML or JSON file of values (may be repeated)',
  envFile: 'a file of NAME=value lines for ${env:NAME}; the environment counts before it (may be repeated)',
  emulator: 'run against an emulator inside this process; data keeps its contents',
  ledger: 'where the ledger is, a file or a URL; "none" goes without (default beside the spec)',
  lockTimeout: 'how long to wait for whoever holds the ledger: 90s, 10m (default 20s)',
  auditLog: 'a file that gets a line of JSON before and after each change',
  notify: 'a webhook that is told how a run ended, in the form of Slack (may be repeated)',
  notifyOn: 'when it is told (may be repeated; default all but always)',
  parallelism: 'changes and calls at the same time',
  maxRps: 'calls in one second (default 50; no limit on loopback)',
  runnerIp: 'an address from which this machine reaches the API (may be repeated)',
  allowExec: 'run the commands of ${exec:…} in the spec',
  allowHidden: 'read files of the spec that are hidden, such as .env',
  strict: 'warnings are errors',
  allProblems: 'show every problem, however many there are',
  input: 'never ask',
  color: 'no colours (and NO_COLOR)',
  logLevel: 'what is logged',
  logFormat: 'how it is logged',
}

/** A result as text or as JSON. */
export const FORMAT = {
  format: { summary: 'how the result is written', choices: ['text', 'json'], preset: 'text' } satisfies OptionText,
} as const

/** A result in every form, and reports that go to files. */
export const REPORTS = {
  format: {
    summary: 'how the result is written',
    choices: ['text', ...REPORT_FORMATS],
    preset: 'text',
  } satisfies OptionText,
  report: 'write a report to a file, too: markdown=plan.md (may be repeated)',
  reportUrl: 'where the whole report can be read: a Markdown report links to it',
  reportTarget: 'the name by which a comment with the report is found again',
  maxSize: 'most characters of a Markdown report (default 60000)',
} as const

/** What is not done without somebody's word. */
export const ACCEPT = { accept: 'accept a gate by its number, such as G1:3f9c (may be repeated)' } as const

/** No question. */
export const AUTO_APPROVE = { autoApprove: 'do not ask' } as const

/** What may change something in a CI job. */
export const BRANCH = { branch: 'in CI: a branch that may be applied from (may be repeated)' } as const
