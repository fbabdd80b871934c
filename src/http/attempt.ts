/** What one try brought: an answer, or a failure that says whether the request had begun to go out. */
export type Attempt =
  | { readonly got: 'answer'; readonly status: number; readonly headers: AnswerHeaders; readonly text: string }
  | { readonly got: 'failure'; readonly why: Failure; readonly sent: boolean; readonly cause: Error & { code: string } }

/** Answer headers by lower-case name; repeated ones are joined with a comma. */
export type AnswerHeaders = Readonly<Record<string, string>>

/** `timeout` no answer in time, `stopped` by the caller's signal, `broken` everything the network does. */
export type Failure = 'timeout' | 'stopped' | 'too-large' | 'broken'
