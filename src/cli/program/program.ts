import { Argument, Command, Option } from 'commander'
import type { Io } from '../invocation/io.ts'
import { VERSION } from '../invocation/version.ts'
import {
  type ArgumentText,
  type CommandText,
  flagsOf,
  type GroupText,
  type OptionText,
} from '../options/command-text.ts'
import { type Options, VOCABULARY } from '../options/vocabulary.ts'
import type { Word } from '../options/word.ts'
import { names, wordsIn } from '../options/words-in.ts'
import { refuseBlank } from './refuse-blank.ts'
import { EVERYWHERE } from './shared-options.ts'

/** Runs the command that was chosen, with its options and arguments. */
type Chosen<C> = (command: C, options: Options, args: readonly string[]) => Promise<void>

/** A command line out of commands: it reads words, checks them, writes help, and calls what was chosen. */
export function programOf<C extends CommandText>(
  commands: readonly C[],
  io: Pick<Io, 'stdout' | 'stderr'>,
  chosen: Chosen<C>,
): Command {
  const program = new Command('mailconfig')
    .description('Keeps e-mail configuration in Git: validate, plan, apply.')
    .version(VERSION, '-V, --version', 'print the version')
    .exitOverride()
    .showHelpAfterError('(--help shows what there is)')
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .configureHelp({ showGlobalOptions: true, helpWidth: Math.min(io.stdout.columns ?? 100, 110) })
  for (const { word, text } of wordsIn(EVERYWHERE)) program.addOption(optionOf(word, text))
  for (const definition of commands) {
    const parent = definition.group === undefined ? program : groupOf(program, definition.group)
    const command = parent.command(definition.name).description(definition.summary).exitOverride()
    for (const argument of definition.arguments ?? []) command.addArgument(argumentOf(argument))
    for (const { word, text } of wordsIn(definition.options ?? {})) command.addOption(optionOf(word, text))
    command.addHelpText('after', () => examplesOf(definition))
    command.action(async (...found: unknown[]) => {
      const given: Readonly<Record<string, unknown>> = command.optsWithGlobals()
      refuseBlank([...command.options, ...program.options], given)
      await chosen(definition, completed(given), argumentsOf(found))
    })
  }
  return program
}

function groupOf(program: Command, { name, summary }: GroupText): Command {
  const known = program.commands.find((one) => one.name() === name)
  return known ?? program.command(name).description(summary).exitOverride()
}

function argumentOf({ name, summary, choices }: ArgumentText): Argument {
  const argument = new Argument(name, summary)
  return choices === undefined ? argument : argument.choices(choices)
}

function optionOf(word: Word, { summary, required, ...own }: OptionText): Option {
  const option = new Option(flagsOf(word, { summary, ...own }), summary)
  const { choices = word.choices } = own
  const preset = own.preset ?? word.preset
  if (choices !== undefined) option.choices(choices)
  const { parse = (text: string): unknown => text, repeats } = word
  if (repeats === true)
    option.argParser((text: string, before: unknown) => [...(Array.isArray(before) ? before : []), parse(text)])
  else if (word.parse !== undefined) option.argParser(parse)
  if (own.alone !== undefined) option.preset(own.alone)
  if (preset !== undefined) option.default(preset)
  return option.makeOptionMandatory(required === true)
}

/** What the words gave, and lists and presets for those that did not stand. */
function completed(given: Readonly<Record<string, unknown>>): Options {
  const all = Object.fromEntries(
    names(VOCABULARY).flatMap((name) => {
      const word: Word = VOCABULARY[name]
      const value = given[name] ?? (word.repeats === true ? [] : word.preset)
      return value === undefined ? [] : [[name, value]]
    }),
  )
  if (isComplete(all)) return all
  throw new TypeError('an option that is always there has no value')
}

/** True where everything is there that a command may read without a look: lists, presets, and what `--no-…` turns off. */
function isComplete(all: Readonly<Record<string, unknown>>): all is Options {
  return names(VOCABULARY).every((name) => {
    const { repeats, preset, flags }: Word = VOCABULARY[name]
    const isAlways = repeats === true || preset !== undefined || flags.startsWith('--no-')
    return !isAlways || all[name] !== undefined
  })
}

function examplesOf({ examples }: CommandText): string {
  const lines = examples.map(([line, what]) => `  ${line}\n      ${what}`)
  return `\nExamples:\n${lines.join('\n')}\n`
}

/** Commander gives arguments, then options, then the command itself. */
function argumentsOf(found: readonly unknown[]): string[] {
  return found
    .slice(0, -2)
    .flat()
    .filter((value) => typeof value === 'string')
}
