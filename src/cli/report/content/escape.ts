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

/** A text for a place where only HTML is read. */
export function html(text: string): string {
  return visible(text).replace(/[&<>"'`]/g, (char) => `&#${char.charCodeAt(0)};`)
}
