import Handlebars from 'handlebars'
import type { TemplateFault, TemplateGap, TemplateReading, TextPlace } from '../model/lint/mail-reader.ts'

type Node = hbs.AST.Node
type Path = hbs.AST.PathExpression

/** What `this` is in a block, as a path from the values of the sender; undefined where nobody can tell. */
interface Frame {
  readonly path: readonly string[] | undefined
  /** Names of block parameters (`as |line|`), and what they stand for. */
  readonly names: ReadonlyMap<string, readonly string[] | undefined>
  /** What the blocks around ask for. */
  readonly asked: ReadonlySet<string>
}

/** Helpers that Handlebars brings. Whether the service has others is not documented. */
const HELPERS = ['if', 'unless', 'each', 'with', 'lookup', 'log']

/** Reads a template of Handlebars: what it fills in, with the scope of its blocks, and what is wrong with it, in plain words. */
export function readTemplate(text: string): TemplateReading {
  if (!text.includes('{{')) return { gaps: [], faults: [] }
  let program: hbs.AST.Program
  try {
    program = Handlebars.parse(text)
  } catch (error) {
    return { gaps: [], faults: [faultOf(error, text)] }
  }
  const gaps: TemplateGap[] = []
  const faults: TemplateFault[] = []
  walk(program.body, [{ path: [], names: new Map(), asked: new Set() }])
  return { gaps, faults }

  function walk(nodes: readonly Node[], frames: readonly Frame[]): void {
    for (const node of nodes) visit(node, frames)
  }

  function visit(node: Node, frames: readonly Frame[]): void {
    if (isMustache(node)) mustache(node, frames)
    else if (isBlock(node)) block(node, frames)
    else if (node.type === 'PartialStatement' || node.type === 'PartialBlockStatement')
      fault(node, 'a partial ({{> …}}) is another template, and the service knows of none')
    else if (node.type === 'DecoratorBlock' || node.type === 'Decorator')
      fault(node, 'a decorator ({{* …}}) is not something that the service is known to have')
  }

  function mustache({ path, params, hash, loc }: hbs.AST.MustacheStatement, frames: readonly Frame[]): void {
    const hasArguments = params.length > 0 || hash !== undefined
    if (isPath(path) && !hasArguments) use(path, frames)
    else if (isPath(path)) helper(path, loc)
    for (const one of params) expression(one, frames)
    for (const pair of hash?.pairs ?? []) expression(pair.value, frames)
  }

  function block(
    { path, params, hash, program: inner, inverse }: hbs.AST.BlockStatement,
    frames: readonly Frame[],
  ): void {
    const [frame] = frames
    if (frame === undefined) return
    const [first] = params
    const target = isPath(first) ? resolve(first, frames) : undefined
    const own = isPath(path) ? path.original : ''
    const body = (around: readonly Frame[]) => {
      if (inner !== undefined) walk(inner.body, around)
    }
    if (own === 'if' || own === 'unless') {
      const asked = new Set([...frame.asked, ...(target === undefined ? [] : [key(target)])])
      for (const one of params) if (isPath(one)) use(one, frames, true)
      body([{ ...frame, asked }, ...frames.slice(1)])
    } else if (own === 'each' || own === 'with') {
      for (const one of params) expression(one, frames)
      const here = own === 'each' && target !== undefined ? [...target, '[]'] : target
      if (inner !== undefined) body([inside(here, inner, frame), ...frames])
    } else if (params.length > 0 || hash !== undefined) {
      if (isPath(path)) helper(path, path.loc)
      for (const one of params) expression(one, frames)
      body(frames)
    } else {
      // `{{#name}}`: once for each item of a list, or with an object, or where it is true.
      if (isPath(path)) use(path, frames, true)
      if (inner !== undefined) body([inside(undefined, inner, frame), ...frames])
    }
    for (const pair of hash?.pairs ?? []) expression(pair.value, frames)
    if (inverse !== undefined) walk(inverse.body, frames)
  }

  function inside(
    path: readonly string[] | undefined,
    { blockParams = [] }: hbs.AST.Program,
    { names, asked }: Frame,
  ): Frame {
    const [item, index] = blockParams
    const own = new Map(names)
    if (item !== undefined) own.set(item, path)
    if (index !== undefined) own.set(index, undefined)
    return { path, names: own, asked }
  }

  function expression(node: Node, frames: readonly Frame[]): void {
    if (isPath(node)) use(node, frames)
    else if (isSubExpression(node)) {
      if (isPath(node.path)) helper(node.path, node.loc)
      for (const one of node.params) expression(one, frames)
    }
  }

  function use(path: Path, frames: readonly Frame[], isAsked = false): void {
    if (path.original === 'else') return
    const found = resolve(path, frames)
    if (found === undefined || found.length === 0) return
    const isOptional = isAsked || frames.some(({ asked }) => asked.has(key(found)))
    gaps.push({ path: found, isOptional, ...placeOf(path.loc) })
  }

  /** The path from the values of the sender; undefined where it leads somewhere that nobody can tell. */
  function resolve(path: Path, frames: readonly Frame[]): readonly string[] | undefined {
    const { depth, data, parts } = path
    if (data) return parts[0] === 'root' ? parts.slice(1) : undefined // @index, @key, @first, @last
    const frame = frames[depth]
    const [first = '', ...more] = parts
    if (depth === 0 && !path.original.startsWith('this') && !path.original.startsWith('.')) {
      if (frame?.names.has(first) === true) {
        const base = frame.names.get(first)
        return base === undefined ? undefined : [...base, ...more]
      }
    }
    return frame?.path === undefined ? undefined : [...frame.path, ...parts]
  }

  function helper(path: Path, loc: hbs.AST.SourceLocation): void {
    if (HELPERS.includes(path.original)) return
    faults.push({ message: `the helper "${path.original}" is not one that Handlebars brings`, ...placeOf(loc) })
  }

  function fault({ loc }: Node, message: string): void {
    faults.push({ message, ...placeOf(loc) })
  }
}

const key = (path: readonly string[]): string => path.join('.')
const placeOf = ({ start }: hbs.AST.SourceLocation): TextPlace => ({ line: start.line, column: start.column + 1 })

function isMustache(node: Node): node is hbs.AST.MustacheStatement {
  return node.type === 'MustacheStatement'
}
function isBlock(node: Node): node is hbs.AST.BlockStatement {
  return node.type === 'BlockStatement'
}
function isPath(node: Node | undefined): node is Path {
  return node?.type === 'PathExpression'
}
function isSubExpression(node: Node): node is hbs.AST.SubExpression {
  return node.type === 'SubExpression'
}

/** What the parser of Handlebars refuses, in plain words. */
function faultOf(error: unknown, text: string): TemplateFault {
  const message = error instanceof Error ? error.message : String(error)
  const line = Number(/(?:on line |- )(\d+)/.exec(message)?.[1] ?? 1)
  const at = { line, column: columnOf(message, text, line) }
  const [, opened, closed] = /^(\S+) doesn't match (\S+)/.exec(message) ?? []
  if (opened !== undefined) return { ...at, message: `{{#${opened}}} is closed by {{/${closed}}}` }
  if (/got 'EOF'/.test(message)) return { ...at, message: `the template ends before {{#${lastOpen(text)}}} is closed` }
  if (/got 'OPEN_ENDBLOCK'|got 'CLOSE_BLOCK'/.test(message))
    return { ...at, message: 'a block is closed that was not opened' }
  const number = /\{\{[^}]*?([\w-]+)\.(\d+)/.exec(
    text
      .split('\n')
      .slice(line - 1)
      .join('\n'),
  )
  if (/got 'NUMBER'|got 'INVALID'/.test(message) && number !== null)
    return {
      ...at,
      message: `${number[1]}.${number[2]} has a number in its path, which is written in brackets: ${number[1]}.[${number[2]}]`,
    }
  if (/Invalid path/.test(message)) return { ...at, message: 'a path may go up (../) at its beginning alone' }
  if (/got 'INVALID'/.test(message)) return { ...at, message: 'there is a character that cannot stand inside of {{ }}' }
  return { ...at, message: 'it is not valid Handlebars here' }
}

function columnOf(message: string, text: string, line: number): number {
  const column = /:(\d+)$/.exec(message)?.[1]
  if (column !== undefined) return Number(column) + 1
  return (text.split('\n')[line - 1] ?? '').indexOf('{{') + 1 || 1
}

/** The last block that is opened and not closed. */
function lastOpen(text: string): string {
  const open: string[] = []
  for (const [, sign, name = ''] of text.matchAll(/\{\{~?([#^/])\s*([\w.@-]+)/g)) {
    if (sign === '/') open.pop()
    else open.push(name)
  }
  return open.at(-1) ?? 'a block'
}
