/** A part of a text that is to be replaced; `from` equals `to` where something is put in. */
export interface Edit {
  readonly from: number
  readonly to: number
  readonly text: string
}

/** The text with its edits made; all offsets are those of the text before. What no edit names stays to the byte. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = ''
  let at = 0
  for (const { from, to, text: put } of inOrder(edits)) {
    if (from < at) throw new RangeError('two edits of one place')
    result += text.slice(at, from) + put
    at = to
  }
  return result + text.slice(at)
}

/** By place; of those at one place what is put in comes first, and keeps its order. */
function inOrder(edits: readonly Edit[]): Edit[] {
  return edits
    .map((edit, at) => ({ edit, at }))
    .sort((a, b) => a.edit.from - b.edit.from || a.edit.to - b.edit.to || a.at - b.at)
    .map(({ edit }) => edit)
}
