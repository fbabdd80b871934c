import { type Command, Option } from 'commander'
import type { Invocation } from './invocation/invocation.ts'

type Verb = (invocation: Invocation) => Promise<number>
type AddVerb = (name: string, summary: string, load: () => Promise<Verb>) => Command

/** The commands that are about what was applied before. */
export function addLedgerVerbs(
  verb: AddVerb,
  {
    collect,
    number,
    reporting,
  }: {
    readonly collect: (value: string, before?: readonly string[]) => string[]
    readonly number: (value: string) => number
    readonly reporting: (command: Command) => Command
  },
): void {
  const format = () =>
    new Option('--format <format>', 'how the result is written').choices(['text', 'json']).default('text')
  const branch = (command: Command) =>
    command.option('--branch <glob>', 'in CI: a branch that may be applied from (may be repeated)', collect)

  reporting(
    verb('drift', 'what changed outside the spec', async () => (await import('./commands/drift/drift.ts')).drift),
  )
  branch(
    verb(
      'adopt',
      'take declared and live objects into the ledger; no API is changed',
      async () => (await import('./commands/adopt/adopt.ts')).adopt,
    ),
  )
    .argument('[address...]', 'such as smtpUsers/billing-app or "smtpUsers/*"')
    .addOption(format())
    .option('--all', 'everything that the spec declares')
    .option('--replace', 'begin the record anew where it cannot be used')
  verb('history', 'earlier runs', async () => (await import('./commands/history/history.ts')).history)
    .argument('[run]', 'one of them in detail')
    .addOption(format())
  branch(
    verb(
      'rollback',
      'a plan back to the state after an earlier run',
      async () => (await import('./commands/rollback/rollback.ts')).rollback,
    ),
  )
    .requiredOption('--to <run>', 'the run, as history names it')
    .addOption(format())
    .option('--auto-approve', 'do not ask')
    .option('--accept <gate>', 'accept a gate by its number, such as G1:3f9c (may be repeated)', collect)
  branch(
    verb(
      'rotate',
      'send a secret again, or make a new one',
      async () => (await import('./commands/rotate/rotate.ts')).rotate,
    ),
  )
    .argument('[address]', 'such as smtpUsers/billing-app')
    .option('--generate', 'make up a new secret, and put it where saveTo says')
    .option('--length <number>', 'how many characters a new secret has (16 to 100)', number)
    .option('--save-to <place>', 'instead of saveTo: file:PATH, env-file:PATH#NAME or command:COMMAND')
    .option('--field <path>', 'only this secret, such as auth.value')
    .option('--overlap', 'make a twin with a new secret; the old one stays until --confirm')
    .option('--twin <name>', 'with --overlap: the name of the twin')
    .option('--confirm', 'the twin is in use: retire the old one')
    .addOption(new Option('--retire <how>', 'with --confirm: what happens to the old one').choices(['block', 'delete']))
    .option('--abort', 'take the twin away again')
    .option('--list', 'the rotations that are open')
    .addOption(format())
    .option('--auto-approve', 'do not ask')
    .option('--accept <gate>', 'accept a gate by its number, such as G1:3f9c (may be repeated)', collect)
  branch(
    verb(
      'unlock',
      'free a lock that was left behind',
      async () => (await import('./commands/unlock/unlock.ts')).unlock,
    ),
  ).option('--yes', 'do not ask')
}
