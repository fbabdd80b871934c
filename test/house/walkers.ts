import ts from 'typescript'

/** Functions that walk over fields by themselves: they look into objects or lists of fields, and reach themselves again. By path. */
export function ownWalks(sources: ReadonlyMap<string, string>): Record<string, string[]> {
  return Object.fromEntries(
    [...sources].flatMap(([path, text]) => {
      if (path === 'src/model/kind/walk.ts' || /\/emulator\/|\/gen\//.test(path)) return []
      const names = walksIn(text)
      return names.length === 0 ? [] : [[path, names]]
    }),
  )
}

function walksIn(text: string): string[] {
  const functions = new Map<string, ts.Node>()
  const find = (node: ts.Node): void => {
    if (ts.isFunctionDeclaration(node) && node.name !== undefined) functions.set(node.name.text, node)
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer !== undefined)
      if (ts.isArrowFunction(node.initializer)) functions.set(node.name.text, node.initializer)
    ts.forEachChild(node, find)
  }
  find(ts.createSourceFile('source.ts', text, ts.ScriptTarget.ES2023, true))
  const calls = new Map([...functions].map(([name, node]) => [name, namesIn(node, functions)]))
  return [...functions].filter(([name, node]) => entersFields(node) && reaches(name, calls)).map(([name]) => name)
}

/** The functions among these that a function names in its body. */
function namesIn(node: ts.Node, functions: ReadonlyMap<string, ts.Node>): ReadonlySet<string> {
  const found = new Set<string>()
  const visit = (inner: ts.Node): void => {
    if (ts.isIdentifier(inner) && functions.has(inner.text)) found.add(inner.text)
    ts.forEachChild(inner, visit)
  }
  if (ts.isFunctionDeclaration(node) || ts.isArrowFunction(node)) {
    for (const parameter of node.parameters) visit(parameter)
    if (node.body !== undefined) visit(node.body)
  }
  return found
}

function reaches(start: string, calls: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const seen = new Set<string>()
  const queue = [...(calls.get(start) ?? [])]
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (next === start) return true
    if (seen.has(next)) continue
    seen.add(next)
    queue.push(...(calls.get(next) ?? []))
  }
  return false
}

function entersFields(node: ts.Node): boolean {
  const text = node.getText()
  const objects = /\.fields\b/.test(text) && /'object'/.test(text)
  return objects || (/\.items\b/.test(text) && /'(?:set|list)'|'items' in/.test(text))
}
