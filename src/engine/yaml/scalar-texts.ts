import { isMap, isScalar, parseAllDocuments } from 'yaml'

/** The scalars of a map of a document as they are written, by key: of the map at this key, or of the document itself. */
export function scalarTexts(text: string, document: number, key: string | undefined): ReadonlyMap<string, string> {
  const documents = parseAllDocuments(text, { merge: true, uniqueKeys: false, logLevel: 'silent' })
  const root = Array.isArray(documents) ? documents[document]?.contents : undefined
  const map = key === undefined || !isMap(root) ? root : root.get(key, true)
  if (!isMap(map)) return new Map()
  return new Map(
    map.items.flatMap(({ key: name, value }): [string, string][] =>
      isScalar(name) && isScalar(value) && value.source !== undefined ? [[String(name.value), value.source]] : [],
    ),
  )
}
