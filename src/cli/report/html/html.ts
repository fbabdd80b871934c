import { createHash } from 'node:crypto'
import { shownFields } from '../../text/plan.ts'
import { sendingLines } from '../../text/sending.ts'
import { PAGE } from '../content/assets.ts'
import { html } from '../content/escape.ts'
import { isEmpty, outcomeOf, timeWords } from '../content/phrases.ts'
import { allProblems, type RunRecord } from '../content/record.ts'
import { isMarkup, type PageContents, PREVIEW_STYLE } from './contents.ts'

/** No more styles of templates are allowed by name. */
const MOST_STYLES = 200

/** A run as one page that needs nothing else: no network, no other file. */
export function htmlReport(told: RunRecord): string {
  const contents = contentsOf(told)
  const title = html(`mailconfig ${told.command}: ${contents.outcome}`)
  return `<!doctype html>
<!-- mailconfig report -->
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(contents)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta http-equiv="x-dns-prefetch-control" content="off">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${PAGE.style}</style>
</head>
<body>
<noscript><h1>${title}</h1><p>The list of changes needs JavaScript. The same report is there as text and as Markdown.</p></noscript>
<script type="application/json" id="contents">${json(contents)}</script>
<script>${PAGE.script}</script>
</body>
</html>
`
}

function contentsOf(told: RunRecord): PageContents {
  const { plan } = told
  return {
    command: told.command,
    target: told.target,
    outcome: outcomeOf(told),
    plan:
      plan === undefined
        ? null
        : { ...plan, changes: plan.changes.map((change) => ({ ...change, fields: shownFields(change) })) },
    sending: plan === undefined ? [] : sendingLines(plan),
    results: told.results ?? [],
    problems: allProblems(told),
    error: told.error ?? null,
    time: plan === undefined || isEmpty(plan) || told.seconds === undefined ? null : timeWords(told.seconds),
    url: told.url ?? null,
  }
}

/** JSON that no parser of HTML reads as anything else. */
function json(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** What the page may do: run its own script, use its own style and those of the templates, and load nothing. */
function policy(contents: PageContents): string {
  const styles = [PAGE.style, PREVIEW_STYLE, ...templateStyles(contents)].map(hash).join(' ')
  // A preview inherits this policy, so the attributes of templates have to be allowed here; the page sets none from what it shows.
  const parts = [
    "default-src 'none'",
    `script-src ${hash(PAGE.script)}`,
    `style-src ${styles}`,
    `style-src-elem ${styles}`,
    "style-src-attr 'unsafe-inline'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ]
  return parts.join('; ')
}

function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

function templateStyles({ plan }: PageContents): string[] {
  const texts = (plan?.changes ?? []).flatMap(({ fields }) =>
    fields.flatMap(({ path, before, after, sensitive }) =>
      sensitive ? [] : [before, after].filter((one) => isMarkup(path, one)),
    ),
  )
  const styles = texts.flatMap((text) => [
    ...String(text)
      .replace(/\r\n?/g, '\n')
      .matchAll(/<style\b[^>]*>([\s\S]*?)<\/style/gi),
  ])
  return [...new Set(styles.map((found) => found[1] ?? ''))].slice(0, MOST_STYLES)
}
