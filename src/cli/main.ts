import { Command, CommanderError } from 'commander'
import { SENSITIVE } from '../model/secret.ts'
import { NO_WATCH, type Watch } from '../telemetry/watch.ts'
import { EXIT, Stop } from './invocation/exit.ts'
import type { Invocation } from './invocation/invocation.ts'
import type { Io } from './invocation/io.ts'
import { collectTelling } from './invocation/telling.ts'
import { VERSION } from './invocation/version.ts'
import { addLedgerVerbs } from './ledger-verbs.ts'
import { isObserved } from './observe/is-observed.ts'
import { LOG_LEVELS } from './options/log-level.ts'
import { NOTIFY_ON } from './options/notify-events.ts'
import type { Options } from './options/options.ts'
import { printedFormat } from './options/output-format.ts'
import {
  address,
  askedReport,
  choice,
  collect,
  notifyOn,
  page,
  positiveNumber,
  size,
  suppressionReason,
  time,
  wholeNumber,
} from './options/parsers.ts'
import { REPORT_FORMATS } from './options/report-request.ts'
import { SERVICE_REASONS } from './options/suppression-reasons.ts'
import { refuseMisspelt } from './program/env-variables.ts'
import { refuseBlank } from './program/refuse-blank.ts'
import { jsonLines, wantsJsonLines } from './terminal/json-lines.ts'
import { paint, printable } from './terminal/paint.ts'

/** Options that may be repeated, where they are not given. */
const NONE = {
  file: [],
  account: [],
  only: [],
  exclude: [],
  var: [],
  varFile: [],
  envFile: [],
  runnerIp: [],
  accept: [],
  branch: [],
  reason: [],
  report: [],
  notify: [],
  notifyOn: [],
}

type Verb = (invocation: Invocation) => Promise<number>

const STOPPING = '\nStopping: calls in flight are finished first; once more stops at once.\n'

/** Runs a command line and answers its exit code. */
export async function main(argv: readonly string[], given: Io): Promise<number> {
  const io = wantsJsonLines(argv) ? { ...given, stderr: jsonLines(given.stderr, given.now) } : given
  io.signal.addEventListener('abort', () => io.stderr.write(STOPPING))
  let code: number = EXIT.ok
  const program = build(io, (found) => {
    code = found
  })
  try {
    await program.parseAsync(argv.map(bareEmulator), { from: 'user' })
    return io.signal.aborted && code === EXIT.failed ? EXIT.interrupted : code
  } catch (error) {
    const failed = report(error, io, !argv.includes('--no-color'))
    return io.signal.aborted && failed === EXIT.failed ? EXIT.interrupted : failed // a call that we stopped is no failure
  }
}

/** `--emulator` takes its value after `=` alone, so that it never swallows the word behind it. */
function bareEmulator(argument: string): string {
  return argument === '--emulator' ? '--emulator=' : argument
}

function report(error: unknown, io: Io, wantsColor: boolean): number {
  const color = paint(io.stderr, io.env, wantsColor)
  if (error instanceof CommanderError) {
    if (
      error.code === 'commander.unknownOption' &&
      /'(--yes|-y|--force-yes|--assume-yes|-auto-approve)'/.test(error.message)
    )
      io.stderr.write('did you mean --auto-approve?\n')
    return error.exitCode === 0 ? EXIT.ok : EXIT.failed
  }
  if (error instanceof Stop) {
    const { message, code } = error
    if (io.stderr.record !== undefined) {
      io.stderr.record({ level: 'error', msg: message, hint: error.hint, exitCode: code })
      return code
    }
    const hint = error.hint === undefined ? '' : `  ${color.cyan(printable(error.hint))}\n`
    io.stderr.write(`${color.red('error:')} ${printable(message)}\n${hint}`)
    return code
  }
  const text = withoutVariables(error instanceof Error ? (error.stack ?? error.message) : String(error), io.env)
  io.stderr.write(
    `${color.red('This is a bug in mailconfig.')} Please report it, with the lines below and without secrets, at\n` +
      `https://github.com/mailconfig/mailconfig/issues\nmailconfig ${VERSION}\n${text}\n`,
  )
  return EXIT.bug
}

/** A text without the values of variables, where secrets come from; paths stay, or no place in it could be found. */
function withoutVariables(text: string, env: Io['env']): string {
  const values = Object.values(env).flatMap((value = '') => (value.length < 8 || value.startsWith('/') ? [] : [value]))
  return values.reduce((safe, value) => safe.replaceAll(value, SENSITIVE), text)
}

function build(io: Io, done: (code: number) => void): Command {
  const program = new Command('mailconfig')
    .description('Keeps e-mail configuration in Git: validate, plan, apply.')
    .version(VERSION, '-V, --version', 'print the version')
    .exitOverride()
    .showHelpAfterError('(--help shows what there is)')
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .configureHelp({ showGlobalOptions: true, helpWidth: Math.min(io.stdout.columns ?? 100, 110) })
  addGlobalOptions(program)
  const verb = (name: string, summary: string, load: () => Promise<Verb>, parent = program): Command => {
    const command = parent.command(name).description(summary).exitOverride()
    command.action(async (...found: unknown[]) => {
      const action = await load()
      const { tell, telling } = collectTelling()
      const options = { ...NONE, ...command.optsWithGlobals<Options>() }
      refuseMisspelt(io.env)
      refuseBlank([...command.options, ...program.options], command.optsWithGlobals())
      const run = async (watch: Watch) => {
        const invocation = { io, options, args: argumentsOf(found), tell, watch }
        if (options.report.length === 0 && printedFormat(options) === undefined) return await action(invocation)
        const { reported } = await import('./report/write.ts')
        return await reported(name, invocation, telling, () => action(invocation))
      }
      if (!isObserved(io, options)) return done(await run(NO_WATCH))
      const { observeRun } = await import('./observe/observed-run.ts')
      done(await observeRun(name, { io, options, telling }, run))
    })
    return command
  }
  const format = () => choice('--format <format>', 'how the result is written', ['text', 'json']).default('text')
  const reporting = (command: Command): Command =>
    command
      .addOption(choice('--format <format>', 'how the result is written', ['text', ...REPORT_FORMATS]).default('text'))
      .option(
        '--report <format=file>',
        'write a report to a file, too: markdown=plan.md (may be repeated)',
        askedReport,
      )
      .option('--report-url <url>', 'where the whole report can be read: a Markdown report links to it', page)
      .option('--report-target <name>', 'the name by which a comment with the report is found again')
      .option('--max-size <number>', 'most characters of a Markdown report (default 60000)', size)

  verb(
    'init',
    'write a first mailconfig.yaml, from a live account where credentials are given',
    async () => (await import('./commands/init/init.ts')).init,
  )
    .option('--force', 'write over a file that is there')
    .option('--region <region>', 'region of the SMTP2GO account: global (the default), us, eu, au')
    .option('--subaccounts', 'with the contents of every subaccount')
    .option('--all-fields', 'write fields at their defaults, too, so that every later change outside is seen')
  reporting(
    verb(
      'validate',
      'check the spec offline; every problem at once',
      async () => (await import('./commands/validate/validate.ts')).validate,
    ),
  ).option('--with-secrets', 'look at the values that references stand for, too, as plan does')
  reporting(
    verb(
      'plan',
      'read live state and show what would change',
      async () => (await import('./commands/plan/plan.ts')).plan,
    ),
  )
    .option('--detailed-exitcode', 'exit 2 if there are changes')
    .option('--all', 'list what stays as it is, too')
    .option('-o, --out <file>', 'save the plan to a file, for show and apply')
    .option('--accept <gate>', 'accept a gate by its number, such as G1:3f9c (may be repeated)', collect)
  reporting(verb('show', 'print a saved plan', async () => (await import('./commands/show/show.ts')).show)).argument(
    '<plan>',
    'a file that plan --out wrote',
  )
  reporting(
    verb('apply', 'plan, ask, apply, read back, report', async () => (await import('./commands/apply/apply.ts')).apply),
  )
    .argument('[plan]', 'a file that plan --out wrote: exactly that is applied, and nobody is asked')
    .option('--auto-approve', 'do not ask')
    .option('--accept <gate>', 'accept a gate by its number, such as G1:3f9c (may be repeated)', collect)
    .option('--branch <glob>', 'in CI: a branch that may be applied from (may be repeated)', collect)
  reporting(
    verb(
      'destroy',
      'delete what the spec names, after the same plan and gates',
      async () => (await import('./commands/destroy/destroy.ts')).destroy,
    ),
  )
    .option('-o, --out <file>', 'delete nothing, and save the plan to a file, for show and apply')
    .option('--auto-approve', 'do not ask')
    .option('--accept <gate>', 'accept a gate by its number, such as G1:3f9c (may be repeated)', collect)
    .option('--branch <glob>', 'in CI: a branch that may be applied from (may be repeated)', collect)
  addLedgerVerbs(verb, { collect, number: positiveNumber, reporting })
  verb('export', 'print live state as a spec', async () => (await import('./commands/export/export.ts')).exportCommand)
    .addOption(
      choice('--format <format>', 'what it is written as; json for the report of --into', [
        'yaml',
        'terraform',
        'emulator',
        'json',
      ]),
    )
    .option('-o, --out <file>', 'write to a file instead')
    .option('--force', 'write over a file that is there')
    .option('--subaccounts', 'with the contents of every subaccount')
    .option('--all-fields', 'write fields at their defaults, too, so that every later change outside is seen')
    .option('--into <file>', 'merge into a file of the spec, which keeps its comments, order and references')
    .option('--all-sections', 'with --into: add the sections, too, that the spec leaves out')
    .option('--update-files', 'with --into: write texts that stand in files of their own, too')
    .option('--detailed-exitcode', 'with --into: exit 2 if the plan would not be empty afterwards')
  verb('fmt', 'format the spec: order, indentation, quotes', async () => (await import('./commands/fmt/fmt.ts')).fmt)
    .argument('[file...]', 'files or folders; "-" is standard input')
    .option('--check', 'write nothing; exit 1 and list the files that are not formatted')
    .option('--diff', 'write nothing; show what would change')
  verb(
    'check',
    'ask each provider for its status, and each API whether the credentials work',
    async () => (await import('./commands/check/check.ts')).check,
  ).addOption(format())
  verb(
    'explain',
    'say what a kind or a field means',
    async () => (await import('./commands/explain/explain.ts')).explain,
  )
    .argument('[path]', 'such as smtpUsers or smtpUsers.rateLimit')
    .option('--ownership', 'what is matched, updated and deleted when')
    .addOption(format())
  verb(
    'schema',
    'print the JSON Schema of a spec',
    async () => (await import('./commands/schema/schema.ts')).schema,
  ).argument('[kind]', 'only one kind')
  verb(
    'emulator',
    'serve both APIs on loopback',
    async () => (await import('./commands/emulator/emulator.ts')).emulator,
  )
    .option('--port <number>', 'port; any free one if left out', wholeNumber)
    .option('--host <address>', 'address to listen on; loopback unless a host is allowed', '127.0.0.1')
    .option(
      '--allow-host <name>',
      'a name under which others may call it, such as that of its container (may be repeated)',
      collect,
    )
    .option('--tls', 'serve https with a certificate that is made now')
    .option('--tls-cert <file>', 'serve https with this certificate (PEM)')
    .option('--tls-key <file>', 'and this key (PEM)')
    .option('--settings <json>', 'settings as JSON, or a file of them')
    .option('--with-parent', 'stop when the process that started it is gone')
    .option('--data <file>', 'keep the contents in a file')
    .option('--seed <file>', 'start with the contents of a file (JSON or YAML)')
  const suppressions = program
    .command('suppressions')
    .description('who gets no mail, beside what the spec says')
    .exitOverride()
  verb(
    'lift',
    'let mail go out again to an address that bounced, complained or unsubscribed',
    async () => (await import('./commands/suppressions-lift/suppressions-lift.ts')).liftSuppressions,
    suppressions,
  )
    .argument('<address>', 'an e-mail address or a domain')
    .addOption(
      choice('--reason <reason>', 'only what was suppressed for this (may be repeated; default all)', [
        ...SERVICE_REASONS,
      ]).argParser(suppressionReason),
    )
    .option('--subaccount <name>', 'in this subaccount')
    .addOption(format())
    .option('--auto-approve', 'do not ask')
    .option('--accept <gate>', 'accept a gate by its number, such as G1:3f9c (may be repeated)', collect)
    .option('--branch <glob>', 'in CI: a branch that may be applied from (may be repeated)', collect)
  const terraform = program.command('terraform').description('the Terraform provider').exitOverride()
  verb(
    'install',
    'put the Terraform provider into the plugin folder',
    async () => (await import('./commands/terraform-install/terraform-install.ts')).terraformInstall,
    terraform,
  ).option('--dir <folder>', 'another plugin folder than ~/.terraform.d/plugins')
  verb('completion', 'print shell completion', async () => {
    const { completion } = await import('./commands/completion/completion.ts')
    return (invocation) => completion(invocation, program)
  }).addArgument(program.createArgument('<shell>', 'bash, zsh or fish').choices(['bash', 'zsh', 'fish']))
  return program
}

function addGlobalOptions(program: Command): void {
  program
    .option(
      '-f, --file <path>',
      'file or folder of the spec (may be repeated; default mailconfig.yaml or mailconfig/)',
      collect,
    )
    .option('--account <name>', 'only this account (may be repeated)', collect)
    .option('--only <glob>', 'only objects whose address matches (may be repeated)', collect)
    .option('--exclude <glob>', 'not objects whose address matches (may be repeated)', collect)
    .option('--var <name=value>', 'a value for ${var:name} (may be repeated)', collect)
    .option('--var-file <file>', 'a YAML or JSON file of values (may be repeated)', collect)
    .option(
      '--env-file <file>',
      'a file of NAME=value lines for ${env:NAME}; the environment counts before it (may be repeated)',
      collect,
    )
    .option('--emulator [=data]', 'run against an emulator inside this process; data keeps its contents')
    .option('--ledger <url>', 'where the ledger is, a file or a URL; "none" goes without (default beside the spec)')
    .option('--lock-timeout <time>', 'how long to wait for whoever holds the ledger: 90s, 10m (default 20s)', time)
    .option('--audit-log <file>', 'a file that gets a line of JSON before and after each change')
    .option('--notify <url>', 'a webhook that is told how a run ended, in the form of Slack (may be repeated)', collect)
    .addOption(
      choice('--notify-on <event>', 'when it is told (may be repeated; default all but always)', [
        ...NOTIFY_ON,
      ]).argParser(notifyOn),
    )
    .option('--parallelism <number>', 'changes and calls at the same time', positiveNumber, 8)
    .option('--max-rps <number>', 'calls in one second (default 50; no limit on loopback)', positiveNumber)
    .option('--runner-ip <address>', 'an address from which this machine reaches the API (may be repeated)', address)
    .option('--allow-exec', 'run the commands of ${exec:…} in the spec')
    .option('--allow-hidden', 'read files of the spec that are hidden, such as .env')
    .option('--strict', 'warnings are errors')
    .option('--all-problems', 'show every problem, however many there are')
    .option('--no-input', 'never ask')
    .option('--no-color', 'no colours (and NO_COLOR)')
    .addOption(choice('--log-level <level>', 'what is logged', [...LOG_LEVELS]).default('warn'))
    .addOption(choice('--log-format <format>', 'how it is logged', ['text', 'json']).default('text'))
}

/** Commander gives arguments, then options, then the command itself. */
function argumentsOf(found: readonly unknown[]): string[] {
  return found
    .slice(0, -2)
    .flat()
    .filter((value) => typeof value === 'string')
}
