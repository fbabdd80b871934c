/** How one account, object or server answered. */
export interface Verdict {
  readonly account: string
  readonly subject: string
  readonly verdict: 'ok' | 'failed' | 'unknown'
  readonly message: string
  readonly hint?: string
}
