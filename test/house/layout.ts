import { posix } from 'node:path'
import { importsOf } from './import-rule.ts'

/** How many source files a folder may have. */
export const MOST_FILES = 12

/**
 * The folders of each divided room from the ground up: a file imports its own folder and those before it. `.` is what is loose in the room and
 * tells its story; `commands/*` is a folder for each command and `*` one for each API, none of which imports another.
 */
export const FLOORS: Readonly<Record<string, readonly string[]>> = {
  model: ['.', 'text', 'files', 'traffic', 'kind', 'value', 'lint', 'desired', 'run', 'ledger'],
  http: ['pace', '.'],
  apis: [
    ...['*/emulator/state', '*/emulator/call', '*/emulator/content', '*/emulator/logins', '*/emulator/account'],
    ...[
      '*/emulator/senders',
      '*/emulator/mail',
      '*/emulator/traffic',
      '*/emulator',
      '*/operations',
      '*/client',
      '*/traffic',
      '*',
      '*/fields',
      '*/kinds',
      '.',
    ],
  ],
  engine: [
    ...['yaml', 'wire', 'diff', 'gates', 'plan-file'],
    ...['documents', 'entries', 'suppressions', 'read', 'plan', 'export', 'format'],
    ...['assemble', 'lint', 'apply', 'drift', 'rotate'],
    ...['.', 'merge'],
  ],
  ledger: ['stores', 'record', 'journal', 'memory', 'runs', '.'],
  dns: ['names', 'wire', 'lookup', 'records', 'formats', 'spf', 'dmarc', 'check'],
  derive: ['.', 'schema', 'pages', 'terraform'],
  emulator: ['input', 'world', 'mail', 'inbox/page', 'inbox', 'mailpit', 'server', '.'],
  policy: ['state', 'rules', '.'],
  terraform: ['protocol', 'server', 'attributes', 'configuration', 'functions', 'resource', 'data', '.'],
  cdktf: ['constructs', '.'],
  cli: [
    ...['options', 'invocation', 'terminal', 'files', 'ci', 'delivery', 'program', 'text', 'observe'],
    ...['report/content', 'report/machine', 'report/markdown', 'report/html', 'report/html/page', 'report'],
    ...['session', 'traffic', 'dns', 'policies', 'runs', 'commands/*', '.'],
  ],
}

/** Imports that run up the list of their room, or from one command to another. */
export function brokenFloors(sources: ReadonlyMap<string, string>): string[] {
  return [...sources].flatMap(([path, text]) => {
    const [room = '', folder] = placeIn(path)
    const floors = FLOORS[room]
    if (floors === undefined) return path.split('/').length > 3 ? [`${path}: "${room}" has no floors`] : []
    const mine = floors.indexOf(floorOf(room, folder))
    if (mine < 0) return [`${path}: "${room}/${folder}" is no floor`]
    return importsIn(path, text, sources).flatMap((target) => {
      const [other, theirs] = placeIn(target)
      if (other !== room || theirs === folder) return []
      const at = floors.indexOf(floorOf(room, theirs))
      return at >= 0 && at < mine ? [] : [`${path} imports ${target}`]
    })
  })
}

/** Rings of files: each imports the next, and the last one the first. Types count. */
export function ringsOf(sources: ReadonlyMap<string, string>): string[][] {
  const edges = new Map([...sources].map(([path, text]) => [path, importsIn(path, text, sources)]))
  const rings: string[][] = []
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const open: string[] = []
  const visit = (path: string): number => {
    const number = order.size
    order.set(path, number)
    lowest.set(path, number)
    open.push(path)
    for (const target of edges.get(path) ?? []) {
      const reached = !order.has(target) ? visit(target) : open.includes(target) ? (order.get(target) ?? 0) : number
      lowest.set(path, Math.min(lowest.get(path) ?? 0, reached))
    }
    if (lowest.get(path) === number) {
      const ring = open.splice(open.indexOf(path))
      if (ring.length > 1) rings.push(ring.sort())
    }
    return lowest.get(path) ?? 0
  }
  for (const path of edges.keys()) if (!order.has(path)) visit(path)
  return rings
}

/** Folders with more files than one may have. */
export function fullFolders(paths: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const path of paths) counts.set(posix.dirname(path), (counts.get(posix.dirname(path)) ?? 0) + 1)
  return [...counts].filter(([, count]) => count > MOST_FILES).map(([folder, count]) => `${folder}: ${count} files`)
}

/** `src/cli/report/html/html.ts` is in the room `cli`, in its folder `report/html`. */
function placeIn(path: string): readonly [string, string] {
  const [, room = '', ...rest] = posix.dirname(path).split('/')
  return [room, rest.length === 0 ? '.' : rest.join('/')]
}

/** A folder as the list of its room has it. */
export function floorOf(room: string, folder: string): string {
  if (room === 'apis' && folder !== '.') return folder.replace(/^[^/]+/, '*')
  return folder.startsWith('commands/') ? 'commands/*' : folder
}

function importsIn(path: string, text: string, sources: ReadonlyMap<string, string>): string[] {
  return importsOf(text).flatMap((target) => {
    if (target?.startsWith('.') !== true) return []
    const file = posix.join(posix.dirname(path), target)
    return sources.has(file) && file !== path ? [file] : []
  })
}
