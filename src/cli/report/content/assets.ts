/** What docs/problems.md says of a code. */
interface Rule {
  readonly means: string
  /** What to do; none for a gate, which says itself what accepts it. */
  readonly todo?: string
}

/** The table of docs/problems.md by code; `scripts/report.mjs` puts it in when the command is built. */
export const RULES: Readonly<Record<string, Rule>> = {}

/** The script and style of the page, which come the same way. */
export const PAGE: { readonly script: string; readonly style: string } = { script: '', style: '' }
