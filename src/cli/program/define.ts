import type { Invocation } from '../invocation/invocation.ts'
import type { CommandText } from '../options/command-text.ts'

/** Runs a command; answers its exit code. */
type Run = (invocation: Invocation) => Promise<number>

/** A command: what it says about itself, and its code, which is loaded when it is called. */
export interface CommandDefinition extends CommandText {
  readonly run: () => Promise<Run>
}

/** Declares a command. */
export function defineCommand<const C extends CommandDefinition>(command: C): C {
  return command
}
