/** No name and no sentence is shown longer. */
const LONGEST = 240

/** A text on one line: what could move a cursor, turn the direction of writing or hide is shown as a code. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu, (char) => {
    if (char === '\n') return '\\n'
    return char === '\t' ? '\\t' : `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`
  })
}

/** The beginning of a long text, with a sign that there is more. */
export function clip(text: string, longest = LONGEST): string {
  if (text.length <= longest) return text
  const kept = text.slice(0, longest)
  return `${kept.replace(/[\ud800-\udbff]$/, '')}…` // no half of a character
}

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

/** A text for a place where only HTML is read. */
export function html(text: string): string {
  return visible(text).replace(/[&<>"'`]/g, (char) => `&#${char.charCodeAt(0)};`)
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
