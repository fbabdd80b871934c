/** What the exit codes mean; see docs/cli.md. */
export const EXIT = { ok: 0, failed: 1, changes: 2, refused: 3, partial: 4, bug: 70, interrupted: 130 } as const

/** Ends a command with a message for the user and an exit code. */
export class Stop extends Error {
  override readonly name = 'Stop'
  readonly code: number
  readonly hint: string | undefined

  constructor(message: string, options: { readonly code?: number; readonly hint?: string } = {}) {
    super(message)
    this.code = options.code ?? EXIT.failed
    this.hint = options.hint
  }
}
