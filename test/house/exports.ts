import { posix } from 'node:path'
import ts from 'typescript'

/** What a file imports: every name by the file that has it; `*` for all of it. */
type Imports = readonly (readonly [file: string, name: string])[]

/**
 * Exports of `src` that nobody imports, neither there nor in tests and scripts. What `src/index.ts` and other entries hand on is for users of the package.
 */
export function needlessExports(sources: ReadonlyMap<string, string>, entries: readonly string[]): string[] {
  const used = new Set<string>()
  for (const [path, text] of sources) for (const [file, name] of importsIn(path, text)) used.add(`${file} ${name}`)
  return [...sources].flatMap(([path, text]) => {
    if (!path.startsWith('src/') || entries.some((one) => path.startsWith(one)) || used.has(`${path} *`)) return []
    return exportsIn(path, text)
      .filter((name) => !used.has(`${path} ${name}`))
      .map((name) => `${path} ${name}`)
  })
}

function exportsIn(path: string, text: string): string[] {
  return parsed(path, text).statements.flatMap((statement) => {
    if (!ts.canHaveModifiers(statement)) return []
    if (!ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return []
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []))
    const isNamed =
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement)
    return isNamed && statement.name !== undefined ? [statement.name.text] : []
  })
}

function importsIn(path: string, text: string): Imports {
  const found: [string, string][] = []
  const add = (target: string, name: string) => {
    if (target.startsWith('.')) found.push([posix.join(posix.dirname(path), target), name])
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier))
      for (const name of namesOf(node.importClause?.namedBindings)) add(node.moduleSpecifier.text, name)
    else if (
      ts.isExportDeclaration(node) &&
      node.moduleSpecifier !== undefined &&
      ts.isStringLiteral(node.moduleSpecifier)
    )
      for (const name of namesOf(node.exportClause)) add(node.moduleSpecifier.text, name)
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [target] = node.arguments
      if (target !== undefined && ts.isStringLiteralLike(target))
        for (const name of lateNames(node)) add(target.text, name)
    } else if (
      ts.isImportTypeNode(node) &&
      ts.isLiteralTypeNode(node.argument) &&
      ts.isStringLiteral(node.argument.literal)
    )
      add(node.argument.literal.text, node.qualifier?.getText().split('.')[0] ?? '*')
    ts.forEachChild(node, visit)
  }
  visit(parsed(path, text))
  return found
}

function namesOf(bindings: ts.NamedImportBindings | ts.NamedExportBindings | undefined): string[] {
  if (bindings === undefined) return ['*']
  if (!ts.isNamedImports(bindings) && !ts.isNamedExports(bindings)) return ['*']
  return bindings.elements.map(({ name, propertyName = name }) => propertyName.text)
}

/** `(await import(…)).name`, `const { name } = await import(…)`; anything else takes all. */
function lateNames(call: ts.CallExpression): string[] {
  let around: ts.Node = call.parent
  while (ts.isAwaitExpression(around) || ts.isParenthesizedExpression(around)) around = around.parent
  if (ts.isPropertyAccessExpression(around)) return [around.name.text]
  if (ts.isVariableDeclaration(around) && ts.isObjectBindingPattern(around.name))
    return around.name.elements.map(({ name, propertyName = name }) => propertyName.getText())
  return ['*']
}

function parsed(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
}
