import type { PlanDocument, ProblemDocument } from '../../../model/run/plan-document.ts'
import type { ResultDocument } from '../../invocation/telling.ts'
import type { sendingLines } from '../../text/sending.ts'

/** What the page is given: the run, in the words of its documents. */
export interface PageContents {
  readonly command: string
  readonly target: string
  readonly outcome: string
  readonly plan: PlanDocument | null
  /** What the plan changes about who may send, by scope. */
  readonly sending: ReturnType<typeof sendingLines>
  readonly results: readonly ResultDocument[]
  readonly problems: readonly ProblemDocument[]
  readonly error: { readonly message: string; readonly hint?: string } | null
  /** "about 2 s"; none where nothing is to be done. */
  readonly time: string | null
  readonly url: string | null
}

/** The only style that a preview has beside the template's own: its hash is in the policy of the page. */
export const PREVIEW_STYLE =
  'html{background:#fff;color:#111}img:not([src]){outline:1px dashed #888;outline-offset:-1px;min-width:1em}'

/** What a preview may load: nothing but what is in it. */
export const PREVIEW_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

/** True for a text that is shown as a page, too. */
export function isMarkup(path: string, text: unknown): text is string {
  return (
    typeof text === 'string' &&
    (/html$/i.test(path) ? /<[a-z!]/i.test(text) : /^\s*<(?:!doctype|html|body|table)\b/i.test(text))
  )
}
