import ts from 'typescript'

/** A way around the compiler or the linter. */
export type Hatch = 'any' | 'as' | '!' | '@ts-' | 'biome-ignore' | 'console'

/** How often each hatch is used, by file. */
export type Hatches = Readonly<Record<Hatch, Readonly<Record<string, number>>>>

/** Counts the escape hatches in sources; `sources` are texts by path. */
export function countHatches(sources: ReadonlyMap<string, string>): Hatches {
  const found: Record<Hatch, Record<string, number>> = {
    any: {},
    as: {},
    '!': {},
    '@ts-': {},
    'biome-ignore': {},
    console: {},
  }
  for (const [path, text] of sources) {
    const count = (hatch: Hatch, times = 1) => {
      if (times > 0) found[hatch][path] = (found[hatch][path] ?? 0) + times
    }
    walk(ts.createSourceFile(path, text, ts.ScriptTarget.ES2023), count)
    count('@ts-', text.match(/@ts-(?:ignore|expect-error|nocheck)/g)?.length ?? 0)
    count('biome-ignore', text.match(/biome-ignore/g)?.length ?? 0)
  }
  return found
}

function walk(node: ts.Node, count: (hatch: Hatch) => void): void {
  if (node.kind === ts.SyntaxKind.AnyKeyword) count('any')
  if (ts.isTypeAssertionExpression(node)) count('as')
  if (ts.isAsExpression(node) && !isConst(node)) count('as')
  if (ts.isNonNullExpression(node)) count('!')
  if (ts.isIdentifier(node) && node.text === 'console') count('console')
  ts.forEachChild(node, (child) => walk(child, count))
}

function isConst({ type }: ts.AsExpression): boolean {
  return ts.isTypeReferenceNode(type) && ts.isIdentifier(type.typeName) && type.typeName.text === 'const'
}
