import { CommanderError } from 'commander'
import { SENSITIVE } from '../model/secret.ts'
import { NO_WATCH, type Watch } from '../telemetry/watch.ts'
import { commands } from './commands.ts'
import { EXIT, Stop } from './invocation/exit.ts'
import type { Io } from './invocation/io.ts'
import { collectTelling } from './invocation/telling.ts'
import { VERSION } from './invocation/version.ts'
import { isObserved } from './observe/is-observed.ts'
import { printedFormat } from './options/output-format.ts'
import type { Options } from './options/vocabulary.ts'
import type { CommandDefinition } from './program/define.ts'
import { refuseMisspelt } from './program/env-variables.ts'
import { programOf } from './program/program.ts'
import { jsonLines, wantsJsonLines } from './terminal/json-lines.ts'
import { paint, printable } from './terminal/paint.ts'

const STOPPING = '\nStopping: calls in flight are finished first; once more stops at once.\n'

/** Runs a command line and answers its exit code. */
export async function main(argv: readonly string[], given: Io): Promise<number> {
  const io = wantsJsonLines(argv) ? { ...given, stderr: jsonLines(given.stderr, given.now) } : given
  io.signal.addEventListener('abort', () => io.stderr.write(STOPPING))
  let code: number = EXIT.ok
  const program = programOf(commands, io, async (command, options, args) => {
    code = await runCommand(command, { io, options, args })
  })
  try {
    await program.parseAsync(argv.map(bareEmulator), { from: 'user' })
    return io.signal.aborted && code === EXIT.failed ? EXIT.interrupted : code
  } catch (error) {
    const failed = report(error, io, !argv.includes('--no-color'))
    return io.signal.aborted && failed === EXIT.failed ? EXIT.interrupted : failed // a call that we stopped is not a failure
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

interface Called {
  readonly io: Io
  readonly options: Options
  readonly args: readonly string[]
}

/** Loads a command and runs it, with its observers and reports; answers its exit code. */
async function runCommand(command: CommandDefinition, { io, options, args }: Called): Promise<number> {
  const action = await command.run()
  const { name } = command
  const { tell, telling } = collectTelling()
  refuseMisspelt(io.env)
  const run = async (watch: Watch) => {
    const invocation = { io, options, args, tell, watch, commands }
    if (options.report.length === 0 && printedFormat(options) === undefined) return await action(invocation)
    const { reported } = await import('./report/write.ts')
    return await reported(name, invocation, telling, () => action(invocation))
  }
  if (!isObserved(io, options)) return await run(NO_WATCH)
  const { observeRun } = await import('./observe/observed-run.ts')
  return await observeRun(name, { io, options, telling }, run)
}
