import type { Watch } from '../../telemetry/watch.ts'
import type { CommandText } from '../options/command-text.ts'
import type { Options } from '../options/vocabulary.ts'
import type { Io } from './io.ts'
import type { Telling } from './telling.ts'

/** What a command gets: its options and arguments, and the outside world. */
export interface Invocation {
  readonly io: Io
  readonly options: Options
  readonly args: readonly string[]
  /** What all commands say about themselves. */
  readonly commands: readonly CommandText[]
  /** Says what a report is made from. */
  readonly tell: (more: Telling) => void
  /** Who looks on while it runs. */
  readonly watch: Watch
}
