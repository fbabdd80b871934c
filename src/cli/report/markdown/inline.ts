import { clip, visible } from '../content/escape.ts'

/** A text as a code span: nothing in it is read as Markdown, as a link or as a mention. */
export function code(text: string): string {
  const safe = clip(visible(text))
  if (safe.trim() === '') return '(empty)'
  const fence = '`'.repeat(longestRun(safe) + 1)
  const pad = /^[` ]|[` ]$/.test(safe) ? ' ' : ''
  return `${fence}${pad}${safe}${pad}${fence}`
}

/** A sentence: words that Markdown or GitHub would read as more than words become code. */
export function prose(text: string, longest?: number): string {
  const words = clip(visible(text), longest).split(/ +/)
  return words.map((word) => (word === '' || isPlain(word) ? word : marked(word))).join(' ')
}

/** A word as code; the punctuation around it stays outside. */
function marked(word: string): string {
  const [, before = '', inner = word, after = ''] = /^([("']*)(.*?)([.,;:)"']*)$/.exec(word) ?? []
  return inner === '' ? code(word) : `${before}${code(inner)}${after}`
}

/** True for a word that is only a word: no mark-up, no mention, no number of an issue, no commit, no address. */
function isPlain(word: string): boolean {
  if (!/^[\p{L}\p{M}\p{N}.,;:()'"%…→=?/-]+$/u.test(word)) return false
  if (/www\.|:\/\/|:[\w-]+:|^(?:mailto|xmpp):/i.test(word)) return false // links and emoji
  return !/\bGH-\d/i.test(word) && !/\b(?=\d*[a-f])[0-9a-f]{7,40}\b/.test(word)
}

/** Lines in a block of code that none of them can end. */
export function block(lines: readonly string[], language: string): string {
  const safe = lines.map((line) => visible(line))
  const fence = '`'.repeat(Math.max(3, longestRun(safe.join('\n')) + 1))
  return `${fence}${language}\n${safe.join('\n')}\n${fence}\n`
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0)
}
