/** Documents of ours and answers of APIs have a few levels; what has more than this was made to break a reader. */
const DEEPEST = 200

/** Parses JSON whose depth is bounded, so that whoever walks through it needs no more of the stack than that. Throws `SyntaxError`. */
export function parseJson(text: string): unknown {
  if (isDeeper(text)) throw new SyntaxError(`it is nested deeper than ${DEEPEST} levels`)
  return JSON.parse(text)
}

function isDeeper(text: string): boolean {
  let depth = 0
  let inText = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (inText) {
      if (code === 92) at += 1
      else if (code === 34) inText = false
    } else if (code === 34) inText = true
    else if (code === 91 || code === 123) {
      depth += 1
      if (depth > DEEPEST) return true
    } else if (code === 93 || code === 125) depth -= 1
  }
  return false
}
