/** A line of a log: how much it matters, what happened, and what it is about. */
export interface LogEntry {
  readonly level: 'error' | 'warn' | 'info' | 'debug'
  readonly msg: string
  readonly [about: string]: unknown
}

/** Where text goes. */
export interface Output {
  write(text: string): unknown
  /** There where every line has to be JSON; what has parts is told in them. */
  readonly record?: (entry: LogEntry) => void
  readonly isTTY?: boolean
  readonly columns?: number
}

/** Everything of the outside world that a command may touch. */
export interface Io {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly stdout: Output
  readonly stderr: Output
  /** Where a question is put: standard error. */
  readonly prompt: NodeJS.WritableStream
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  readonly now: () => Date
  /** With a signal it ends at once when that aborts; it never rejects. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>
  /** Runs a shell command with a text on its standard input; answers what it prints, throws if it fails. */
  readonly exec: (command: string, input?: string) => string
  /** The home folder of the user. */
  readonly home: string
  /** The full path of a file of this package's own build. */
  readonly file: (name: string) => string
  /** Where this runs, in Terraform's words, and the Node that it runs on. */
  readonly platform: { readonly os: string; readonly arch: string; readonly node: string }
  /** The addresses of this machine, without loopback. */
  readonly addresses: () => readonly string[]
}
