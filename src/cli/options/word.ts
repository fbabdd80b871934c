/** An option as it is written on a command line, and what it gives to a command. `gives` is there for the compiler alone. */
export interface Word<T = unknown> {
  /** `-o, --out <file>` */
  readonly flags: string
  readonly choices?: readonly string[]
  /** Checks a text and says what it stands for; throws `InvalidArgumentError`. */
  readonly parse?: (text: string) => unknown
  /** It may stand several times, and gives a list. */
  readonly repeats?: true
  /** What it gives where it does not stand. */
  readonly preset?: unknown
  readonly gives?: () => T
}

/** What a word gives. */
export type Given<W> = W extends Word<infer T> ? T : never

/** Stands or does not. */
export function flag(flags: string): Word<boolean | undefined> {
  return { flags }
}

/** `--no-color`: true unless it stands. */
export function negated(flags: string): Word<boolean> {
  return { flags }
}

/** Takes a text. */
export function text(flags: string): Word<string | undefined> {
  return { flags }
}

/** Takes a text that is checked, and gives what it stands for. */
export function parsed<T>(flags: string, parse: (text: string) => T): Word<T | undefined> {
  return { flags, parse }
}

/** Takes one of some words. */
export function oneOf<T extends string>(flags: string, choices: readonly T[]): Word<T | undefined> {
  return { flags, choices }
}

/** May stand several times. */
export function many<T = string>(
  flags: string,
  parse: (text: string) => T,
  choices?: readonly string[],
): Word<readonly T[]>
export function many(flags: string): Word<readonly string[]>
export function many(
  flags: string,
  parse?: (text: string) => unknown,
  choices?: readonly string[],
): Word<readonly unknown[]> {
  return {
    flags,
    repeats: true,
    ...(parse === undefined ? {} : { parse }),
    ...(choices === undefined ? {} : { choices }),
  }
}

/** A word that gives this where it does not stand. */
export function preset<T>(word: Word<T>, value: NonNullable<T>): Word<NonNullable<T>> {
  const { gives: _, ...rest } = word
  return { ...rest, preset: value }
}
