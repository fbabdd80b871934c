import { type Document, isCollection, isMap, isSeq, visit } from 'yaml'
import type { Path } from '../../model/position.ts'
import { samplesOf } from './items.ts'
import { columnOf, isFlow, type OpenedTree, placeAt } from './tree.ts'
import type { Style } from './write.ts'

/** How a document is written, seen from one of its sections. */
export function styleOf(opened: OpenedTree, document: Document, section: Path): Style {
  const place = placeAt(document, section)
  const list = place.ok ? place.node : undefined
  const found = { step: 0, indentSeq: 0, flow: 0 }
  const look = (root: unknown) => {
    if (!isCollection(root)) return
    visit(root, {
      Pair(_, { value }, path) {
        const holder = path.findLast(isMap)
        if (holder === undefined || isFlow(holder) || !isCollection(value)) return
        if (isFlow(value)) return
        const deeper = columnOf(value) - columnOf(holder)
        if (isMap(value) && deeper > 0 && found.step === 0) found.step = deeper
        if (isSeq(value)) found.indentSeq += deeper > 0 ? 1 : -1
      },
      Collection(_, node) {
        if (node !== root && node.items.length > 0) found.flow += isFlow(node) ? 1 : 0
      },
    })
  }
  look(list)
  const flow = found.flow
  look(document.contents)
  return {
    quote: opened.quote,
    step: found.step || 2,
    indentSeq: found.indentSeq >= 0,
    isFlow: (field) => {
      const samples = samplesOf(list, field).filter(isCollection)
      const last = samples.at(-1)
      return last === undefined ? flow > 0 : isFlow(last)
    },
  }
}
