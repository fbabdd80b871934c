import { posix } from 'node:path'
import ts from 'typescript'

/** Rooms do not know each other; each stands on the ground alone, and the APIs on the wire, too. */
const ROOMS = [
  'engine',
  'http',
  'apis',
  'derive',
  'ledger',
  'dns',
  'mail',
  'policy',
  'templates',
  'telemetry',
  'emulator',
]
/** Doors use every room, and nobody uses a door. */
const DOORS = ['cli', 'terraform', 'cdktf', 'library', 'index.ts']
const GROUND = 'model'
/** What a kind may import of its own API. */
const SHARED = ['kinds', 'fields', 'api.ts']

/** The one room that may import a third-party package; the emulator, which shares nothing, may import some of them again. */
const HOMES: Readonly<Record<string, string | readonly string[]>> = {
  'js-yaml': 'engine',
  yaml: 'engine',
  ajv: 'derive',
  undici: 'http',
  hono: 'emulator',
  '@hono/node-server': 'emulator',
  commander: 'cli',
  'smtp-server': 'emulator',
  'postal-mime': 'emulator',
  nodemailer: ['mail', 'emulator'],
  'dns-packet': 'dns',
  handlebars: ['templates', 'emulator'],
  htmlparser2: ['templates', 'emulator'],
  diff: 'cli',
  pg: 'ledger',
  '@aws-sdk/client-s3': 'ledger',
  '@opentelemetry/api': 'telemetry',
  '@opentelemetry/core': 'telemetry',
  '@opentelemetry/exporter-metrics-otlp-http': 'telemetry',
  '@opentelemetry/exporter-trace-otlp-http': 'telemetry',
  '@opentelemetry/resources': 'telemetry',
  '@opentelemetry/sdk-metrics': 'telemetry',
  '@opentelemetry/sdk-trace-base': 'telemetry',
  '@bufbuild/protobuf': 'terraform',
  '@msgpack/msgpack': 'terraform',
  cdktf: 'cdktf',
  constructs: 'cdktf',
}

/** Every way in which sources break the import rule of docs/style.md; `sources` are texts by path (`src/engine/plan/plan.ts`). */
export function brokenImports(sources: ReadonlyMap<string, string>): string[] {
  return [...sources].flatMap(([path, text]) => {
    const home = roomOf(path)
    if (home !== GROUND && !ROOMS.includes(home) && !DOORS.includes(home)) return [`${path}: "${home}" is no room`]
    return importsOf(text).flatMap((target) => {
      const why = target === undefined ? 'imports what only a run can tell' : broken(home, path, target)
      return why === undefined ? [] : [`${path}: ${why}`]
    })
  })
}

function broken(home: string, path: string, target: string): string | undefined {
  if (target.startsWith('node:')) return undefined
  if (!target.startsWith('.')) return brokenPackage(home, target)
  const file = posix.join(posix.dirname(path), target)
  if (!file.startsWith('src/')) return `imports ${file}, outside src`
  const room = roomOf(file)
  if (room === home) return home === 'apis' ? brokenInside(path, file) : undefined
  if (home === 'index.ts' && room === 'library') return undefined // what it hands on
  if (DOORS.includes(room)) return `imports the door "${room}"`
  if (DOORS.includes(home)) return undefined
  if (home === GROUND) return `the ground imports the room "${room}"`
  if (home === 'emulator') return `the emulator imports "${room}"`
  if (isServed(path)) return room === 'emulator' ? undefined : `the emulator of an API imports "${room}"`
  if (home === 'apis' && room === 'emulator') return isLoose(path) ? undefined : `"${path}" imports the emulator`
  if (home === 'apis' && room === 'http') return isKind(path) ? `a kind imports "${file}"` : undefined
  return room === GROUND ? undefined : `the room "${home}" imports the room "${room}"`
}

/** An API knows no other one and not the list of all; a kind knows kinds and what they share, and no client. */
function brokenInside(path: string, file: string): string | undefined {
  const [, , api, part] = path.split('/')
  const [, , other, theirs] = file.split('/')
  if (part === undefined) return undefined
  if (isServed(path) !== isServed(file)) return `"${path}" imports "${file}": the emulator is a second witness`
  if (api !== other) return `the API "${api}" imports "${file}"`
  return isKind(path) && !SHARED.includes(theirs ?? '') ? `a kind imports "${file}"` : undefined
}

/** What an API serves for tests. */
function isServed(path: string): boolean {
  return /^src\/apis\/[^/]+\/emulator\//.test(path)
}

/** What is loose knows every API. */
function isLoose(path: string): boolean {
  return path.split('/').length === 3
}

function isKind(path: string): boolean {
  return /^src\/apis\/[^/]+\/(?:kinds|fields)\//.test(path)
}

function brokenPackage(home: string, target: string): string | undefined {
  const name = target.split('/', target.startsWith('@') ? 2 : 1).join('/')
  const owner = Object.hasOwn(HOMES, name) ? HOMES[name] : undefined
  if (owner === undefined) return `imports the package "${name}", which has no room`
  return [owner].flat().includes(home) ? undefined : `imports "${name}", which belongs to "${owner}"`
}

function roomOf(path: string): string {
  return path.split('/')[1] ?? ''
}

/** What a text imports, types too; undefined for an import whose target is no plain text. */
export function importsOf(text: string): (string | undefined)[] {
  const found: (string | undefined)[] = []
  const take = (node: ts.Node | undefined) =>
    found.push(node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined)
  const walk = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) take(node.moduleSpecifier)
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) take(node.moduleSpecifier)
    else if (ts.isImportTypeNode(node)) take(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined)
    else if (ts.isCallExpression(node) && loads(node.expression)) take(node.arguments[0])
    ts.forEachChild(node, walk)
  }
  walk(ts.createSourceFile('source.ts', text, ts.ScriptTarget.ES2023))
  return found
}

function loads(callee: ts.Expression): boolean {
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')
}
