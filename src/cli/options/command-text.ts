import type { WordName } from './vocabulary.ts'

/** What an option means in a command, where that is more than a sentence. */
export interface OptionText {
  readonly summary: string
  /** Other choices than the word has. */
  readonly choices?: readonly string[]
  /** Another preset than the word has. */
  readonly preset?: string
  /** What it takes, where that is called otherwise than the word says: `run` for `<run>`. */
  readonly takes?: string
  /** It takes nothing in this command, and gives what this text stands for. */
  readonly alone?: string
  /** It has to stand. */
  readonly required?: true
}

/** An argument of a command: `<plan>` has to be there, `[plan]` may, `[file...]` may be several. */
export interface ArgumentText {
  readonly name: string
  readonly summary: string
  readonly choices?: readonly string[]
  /** What shells complete, where that is known only when the command line runs. */
  readonly completes?: 'kinds' | 'explained'
}

/** `suppressions` in `mailconfig suppressions lift`. */
export interface GroupText {
  readonly name: string
  readonly summary: string
}

/** What a command says about itself: help, completion and the page of the command line are made of it. */
export interface CommandText {
  readonly name: string
  /** The word before its name, where it is one of several about one thing. */
  readonly group?: GroupText
  /** A sentence without a subject, in lower case. */
  readonly summary: string
  readonly arguments?: readonly ArgumentText[]
  /** The options that it takes beside those of every command, in the order of its help. */
  readonly options?: Readonly<Partial<Record<WordName, string | OptionText>>>
  /** Command lines as people type them, and what each does. */
  readonly examples: readonly (readonly [line: string, what: string])[]
}

/** An option as it is written for a command: `--to <run>`. */
export function flagsOf({ flags }: { readonly flags: string }, { takes, alone }: OptionText): string {
  if (alone !== undefined) return flags.replace(/ <[^>]+>/, '')
  return takes === undefined ? flags : flags.replace(/<[^>]+>/, `<${takes}>`)
}

/** `plan`, `suppressions lift` */
export function fullName({ group, name }: CommandText): string {
  return group === undefined ? name : `${group.name} ${name}`
}
