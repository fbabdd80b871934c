import { isMap, isSeq } from 'yaml'
import type { Source } from '../../model/position.ts'
import type { Edit } from './edits.ts'
import { appendItems, joined } from './items.ts'
import type { Proposal } from './propose.ts'
import { styleOf } from './style.ts'
import { columnOf, endOf, isFlow, type NodePlace, nextLine, type OpenedTree, placeAt, startOf } from './tree.ts'
import { freshItem } from './value.ts'
import { indented, linesOf, pairLines } from './write.ts'

/** The list to which something is added, or why nothing can be. */
export function listAt(opened: OpenedTree, list: Source): NodePlace {
  const document = opened.documents[list.document]
  const place: NodePlace =
    document === undefined ? { ok: false, why: 'its document was not found' } : placeAt(document, list.path)
  if (!place.ok || isSeq(place.node)) return place
  return { ok: false, why: 'is not written as a list' }
}

/** The edits that add everything that is proposed for one list. */
export function additions(opened: OpenedTree, list: Source, proposals: readonly Proposal[]): Edit[] {
  const document = opened.documents[list.document]
  const place = listAt(opened, list)
  if (!place.ok || document === undefined || !isSeq(place.node)) return []
  const { node, pair, holder } = place
  const style = styleOf(opened, document, list.path.slice(0, 1))
  const values = proposals.flatMap(({ fresh }) => (fresh === undefined ? [] : [fresh.value]))
  const around = { opened, document, style }
  if (node.items.length > 0 || pair === undefined || holder === undefined || isFlow(holder)) {
    const items = values.map((value) => freshItem(around, node, value))
    if (node.items.length === 0) {
      const at = endOf(node) - 1
      return [{ from: at, to: at, text: items.map((one) => one.flow).join(', ') }]
    }
    return appendItems(opened, node, items)
  }
  const colon = opened.text.indexOf(':', endOf(pair.key)) + 1
  const at = nextLine(opened.text, endOf(node))
  const column = columnOf(holder) + (style.indentSeq ? style.step : 0)
  return [
    { from: colon, to: endOf(node), text: '' },
    { from: at, to: at, text: joined(opened, indented(linesOf(values, style), column)) },
  ]
}

/** True for a document that is written in lines, so that sections can be added to it. */
export function isOpenEnded(opened: OpenedTree, document: number): boolean {
  const root = opened.documents[document]?.contents
  return isMap(root) && !isFlow(root)
}

/** The edits that add whole sections at the end of a document. */
export function newSections(opened: OpenedTree, document: number, sections: Readonly<Record<string, unknown>>): Edit[] {
  const found = opened.documents[document]
  const root = found?.contents
  if (found === undefined || !isMap(root)) return []
  const style = styleOf(opened, found, [])
  const at = nextLine(opened.text, endOf(root))
  const apart = root.items.some(({ key }) => /\n[^\S\n]*\r?\n(#[^\n]*\n)*$/.test(opened.text.slice(0, startOf(key))))
  const lines = Object.entries(sections).flatMap(([name, value]) => [
    ...(apart ? [''] : []),
    ...pairLines(name, value, style),
  ])
  return [{ from: at, to: at, text: joined(opened, indented(lines, columnOf(root))) }]
}
