import { type Document, isAlias, isCollection, isMap, isPair, isScalar, Scalar, visit } from 'yaml'

/** What is wider than this stands below each other. */
const WIDEST = 80

/** Words and numbers that another reader of YAML, or a person, would take for something else than a text. */
const AMBIGUOUS =
  /^(?:y|n|yes|no|on|off|true|false|null|~|=|<<|[-+]?(?:0b[01_]+|0x[\da-f_]+|0o?[0-7_]+|\d[\d_]*(?::[0-5]?\d)+(?:\.\d*)?|(?:\d[\d_]*)?\.?\d[\d_]*\.?(?:e[-+]?\d+)?|\.inf)|\.nan|\d{4}-\d\d?-\d\d?.*)$/i

/** Takes quotes away that are not needed, and writes brackets that hold too much as lines. */
export function tidy(document: Document): void {
  visit(document, {
    Scalar(_, node) {
      const isQuoted = node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE
      if (isQuoted && typeof node.value === 'string' && isPlain(node.value)) node.type = Scalar.PLAIN
    },
  })
  visit(document, {
    Collection(_, node) {
      if (node.flow === true && node.items.length > 0 && (widthOf(node) > WIDEST || isRemarked(node))) node.flow = false
    },
  })
}

function isPlain(text: string): boolean {
  return text !== '' && !AMBIGUOUS.test(text) && !/[^\P{C}]|[^\P{Z} ]/u.test(text)
}

/** True if a comment or a blank line stands inside. */
function isRemarked(node: unknown): boolean {
  let found = false
  visit(isCollection(node) ? node : null, {
    Node(_, one) {
      if (one !== node && (one.comment || one.commentBefore || one.spaceBefore === true)) found = true
      return found ? visit.BREAK : undefined
    },
  })
  return found
}

/** About how many columns a value takes on one line. */
function widthOf(node: unknown): number {
  if (isScalar(node)) return String(node.value).length + (typeof node.value === 'string' ? 1 : 0)
  if (isAlias(node)) return node.source.length + 1
  if (isPair(node)) return widthOf(node.key) + widthOf(node.value) + 2
  if (!isCollection(node)) return 0
  return node.items.reduce<number>((sum, item) => sum + widthOf(item) + 2, isMap(node) ? 2 : 0)
}
