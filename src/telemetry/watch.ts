/** The parts of a run, in their order. */
type Phase = 'load' | 'read' | 'plan' | 'apply' | 'read back'

/** One try of one call that has ended. Times are milliseconds. */
export interface WatchedCall {
  readonly account: string
  readonly method: string
  readonly path: string
  readonly attempt: number
  readonly ms: number
  readonly status?: number
  readonly failure?: string
}

/** What is changed, without a value. */
export interface WatchedChange {
  readonly account: string
  readonly subaccount: string | null
  readonly kind: string
  readonly address: string
  readonly action: string
}

/** What became of a change. */
export interface WatchedOutcome {
  readonly outcome: string
  readonly error?: { readonly code?: string }
}

/** Looks on while a command runs, and passes on what it sees; it never fails the run, and no secret comes to it. */
export interface Watch {
  /** Begins a part of the run; the one before ends. */
  readonly phase: (phase: Phase) => void
  readonly call: (call: WatchedCall) => void
  /** Makes a change; calls that are made meanwhile belong to it. */
  readonly change: <T extends WatchedOutcome>(change: WatchedChange, make: () => Promise<T>) => Promise<T>
  /** What became of the changes after all was read back. */
  readonly results: (results: readonly (WatchedChange & WatchedOutcome)[]) => void
  /** How many objects were changed outside the spec. */
  readonly drift: (account: string, objects: number) => void
  /** Sends what is left, within a bounded time; answers what has to be said about it. */
  readonly close: (exitCode: number) => Promise<string | undefined>
}

/** Nobody looks on. */
export const NO_WATCH: Watch = {
  phase: nothing,
  call: nothing,
  change: (_, make) => make(),
  results: nothing,
  drift: nothing,
  close: () => Promise.resolve(undefined),
}

function nothing(): void {
  // there is nobody to tell
}
