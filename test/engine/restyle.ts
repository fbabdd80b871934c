import {
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  Parser,
  parseAllDocuments,
  Scalar,
  visit,
} from 'yaml'

/** Decisions of a property test, one number after the other, over and over. */
export type Tape = () => number

/** A tape of the given numbers. */
export function tape(numbers: readonly number[]): Tape {
  let at = 0
  return () => numbers[at++ % numbers.length] ?? 0
}

/** What a hand may do to an exported spec without changing what it means, and what it may leave out. */
export function restyled(text: string, next: Tape): string {
  const documents = parseAllDocuments(text)
  const list = Array.isArray(documents) ? documents : []
  let comments = 0
  let vars = 0
  const remark = () => ` remark ${++comments} ${['# twice', 'a: b', '- c', '"'][next() % 4]}`
  const out = list.map((document) => {
    const known: Record<string, string> = {}
    const seen = new Map<string, Scalar>()
    if (isMap(document.contents))
      for (const { key, value } of [...document.contents.items]) {
        const name = isScalar(key) ? String(key.value) : ''
        if (['version', 'accounts', 'account'].includes(name)) continue
        if (next() % 7 === 0) document.delete(name)
        else if (isSeq(value)) value.items = value.items.filter(() => next() % 6 > 0)
      }
    visit(document, {
      Map(_, node, path) {
        const isEntry = isSeq(path.at(-1))
        if (isEntry) node.items = node.items.filter((pair, at) => at === 0 || mustStay(pair.key) || next() % 6 > 0)
        if (next() % 4 === 0 && path.length > 3) node.flow = true
      },
      Seq(_, node) {
        if (next() % 3 === 0) node.flow = true
      },
      Pair(_, { key, value }, path) {
        if (!isScalar(key) || key.value === 'vars') return
        const inFlow = path.some((one) => isCollection(one) && one.flow === true)
        if (!inFlow && next() % 4 === 0) key.commentBefore = remark()
        if (!inFlow && next() % 4 === 0) key.spaceBefore = true
        if (!isScalar(value)) return
        if (!inFlow && next() % 4 === 0 && !String(value.value).includes('\n')) value.comment = remark()
      },
      Scalar(place, node, path) {
        if (place === 'key' || typeof node.value !== 'string' || isAccount(path)) return undefined
        const choice = next() % 12
        const plain = !node.value.includes('${') && !node.value.includes('\n')
        const field = isPair(path.at(-1)) ? String((path.at(-1) as { key: Scalar }).key.value) : ''
        if (choice === 0 && field === 'description' && plain) {
          vars += 1
          known[`v${vars}`] = node.value
          node.value = `\${var:v${vars}}`
        } else if (choice === 1 && field === 'status') {
          const before = seen.get(node.value)
          if (before === undefined) seen.set(node.value, node)
          else {
            vars += 1
            return document.createAlias(before, `a${vars}`)
          }
        } else if (choice < 5) node.type = Scalar.QUOTE_SINGLE
        else if (choice < 8) node.type = Scalar.QUOTE_DOUBLE
        return undefined
      },
    })
    if (Object.keys(known).length > 0) document.set('vars', document.createNode(known))
    document.comment = remark()
    return document.toString({ lineWidth: 0, indent: 2 + (next() % 2) * 2, indentSeq: next() % 2 === 0 })
  })
  const joined = out.join(list.length > 1 ? '---\n' : '').replace(/---\n---\n/g, '---\n')
  const cut = next() % 5 === 0 ? joined.replace(/\n$/, '') : joined
  return next() % 4 === 0 ? cut.replaceAll('\n', '\r\n') : cut
}

function mustStay(key: unknown): boolean {
  const needed = ['name', 'subject', 'html', 'text', 'events', 'mode', 'entries', 'enabled', 'host', 'port', 'username']
  return [
    ...needed,
    'saveTo',
    'file',
    'list',
    'address',
    'subaccounts',
    'future',
    'sendFrom',
    'sendFromName',
    'encryption',
    'messages',
    'per',
    'url',
    'caption',
  ].includes(String(isScalar(key) ? key.value : key))
}

function isAccount(path: readonly unknown[]): boolean {
  return path.some((one) => isPair(one) && isScalar(one.key) && one.key.value === 'accounts')
}

/** Every comment of a YAML text, in order of the alphabet. */
export function commentsOf(text: string): string[] {
  const found: string[] = []
  const look = (token: unknown): void => {
    if (typeof token !== 'object' || token === null) return
    if ('type' in token && token.type === 'comment' && 'source' in token) found.push(String(token.source).trim())
    for (const part of Object.values(token)) look(part)
  }
  for (const token of new Parser(new LineCounter().addNewLine).parse(text)) look(token)
  return found.sort()
}
