// Says what the sources look like: folders, rings, arrows, length, hatches; with --built also start-up and the size of the package.
// node scripts/house.mjs [--built] [folder…]: this copy, or several copies side by side (git worktree add ../before TAG).
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix, resolve } from 'node:path'
import ts from 'typescript'

const MOST_FILES = 12
const isBuilt = process.argv.includes('--built')
const given = process.argv.slice(2).filter((one) => !one.startsWith('--'))
const folders = given.length === 0 ? ['.'] : given
const measured = folders.map((folder) => measure(resolve(folder)))
const names = Object.keys(measured[0] ?? {})
process.stdout.write(`| | ${folders.join(' | ')} |\n| --- |${folders.map(() => ' ---: |').join('')}\n`)
for (const name of names) process.stdout.write(`| ${name} | ${measured.map((one) => one[name] ?? '–').join(' | ')} |\n`)

function measure(root) {
  const paths = filesIn(root, 'src').filter((path) => /\.ts$/.test(path) && !path.startsWith('src/cdktf/gen/'))
  const texts = new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]))
  const edges = new Map([...texts].map(([path, text]) => [path, importsIn(path, text, texts)]))
  const lengths = [...texts.values()].map((text) => text.split('\n').length - 1).sort((a, b) => a - b)
  const sizes = new Map()
  for (const path of paths) sizes.set(posix.dirname(path), (sizes.get(posix.dirname(path)) ?? 0) + 1)
  const full = [...sizes.values()].filter((size) => size > MOST_FILES)
  const folderEdges = new Map()
  for (const [path, targets] of edges) {
    const from = posix.dirname(path)
    const known = folderEdges.get(from) ?? new Set()
    folderEdges.set(from, known)
    for (const target of targets) if (posix.dirname(target) !== from) known.add(posix.dirname(target))
  }
  const rings = ringsIn(edges)
  return {
    'source files': paths.length,
    lines: lengths.reduce((sum, one) => sum + one, 0),
    'lines of a file: median, 90th percentile, longest': [0.5, 0.9, 1]
      .map((share) => lengths[Math.ceil(share * lengths.length) - 1])
      .join(', '),
    'files over 250 lines': lengths.filter((one) => one > 250).length,
    [`folders over ${MOST_FILES} files (largest)`]: `${full.length} (${Math.max(...sizes.values())})`,
    'rings of files (files in them)': `${rings.length} (${rings.flat().length})`,
    'rings of folders': ringsIn(folderEdges).length,
    'loose files: cli, engine, ledger, emulator, terraform, model': perRoom((room) => sizes.get(`src/${room}`) ?? 0),
    'arrows among parts: cli, engine, ledger, emulator, terraform, model': perRoom((room) => arrowsIn(room, edges)),
    'files that know a change': [...texts.values()].filter((text) => /\b(?:Effective|Judged)?Change\b/.test(text))
      .length,
    'escape hatches: as, !, any': hatchesIn(texts).join(', '),
    ...(isBuilt ? built(root) : {}),
  }
}

function perRoom(value) {
  return ['cli', 'engine', 'ledger', 'emulator', 'terraform', 'model'].map(value).join(', ')
}

/** How many parts of a room (its folders and its loose files) import how many others. */
function arrowsIn(room, edges) {
  const partOf = (path) => (path.startsWith(`src/${room}/`) ? path.split('/')[2] : undefined)
  const arrows = new Set()
  for (const [path, targets] of edges)
    for (const target of targets) {
      const [from, to] = [partOf(path), partOf(target)]
      if (from !== undefined && to !== undefined && from !== to) arrows.add(`${from} ${to}`)
    }
  return arrows.size
}

/** Start-up as a multiple of `node -e 0`, the median of interleaved runs, and the size of the package. */
function built(root) {
  const bin = join(root, 'dist/bin.js')
  if (!existsSync(bin)) return {}
  const lines = { empty: ['-e', '0'], version: [bin, '--version'], help: [bin, '--help'] }
  const times = { empty: [], version: [], help: [] }
  for (let round = 0; round < 25; round++)
    for (const [name, args] of Object.entries(lines)) {
      const before = performance.now()
      execFileSync(process.execPath, args, { stdio: 'ignore' })
      times[name].push(performance.now() - before)
    }
  const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)]
  const ratio = (name) => (median(times[name]) / median(times.empty)).toFixed(2)
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], { cwd: root, encoding: 'utf8' }),
  )
  return {
    'start-up: --version, --help (node -e 0 is 1)': `${ratio('version')}, ${ratio('help')}`,
    'package: packed, unpacked': [packed.size, packed.unpackedSize]
      .map((size) => `${Math.round(size / 1000)} kB`)
      .join(', '),
  }
}

function filesIn(root, folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => posix.join(posix.relative(root, entry.parentPath), entry.name))
    .sort()
}

/** The files that a file imports, types and late imports too. */
function importsIn(path, text, texts) {
  const found = new Set()
  const visit = (node) => {
    const target =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
          ? node.arguments[0]
          : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
            ? node.argument.literal
            : undefined
    if (target !== undefined && ts.isStringLiteralLike(target) && target.text.startsWith('.')) {
      const file = posix.join(posix.dirname(path), target.text)
      if (texts.has(file) && file !== path) found.add(file)
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest))
  return found
}

/** Where code goes round the compiler. */
function hatchesIn(texts) {
  const counts = [0, 0, 0]
  for (const [path, text] of texts) {
    const visit = (node) => {
      if (ts.isAsExpression(node) && node.type.getText() !== 'const') counts[0] += 1
      if (ts.isNonNullExpression(node)) counts[1] += 1
      if (node.kind === ts.SyntaxKind.AnyKeyword) counts[2] += 1
      ts.forEachChild(node, visit)
    }
    visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true))
  }
  return counts
}

/** Groups whose members import each other, directly or round about. */
function ringsIn(edges) {
  const order = new Map()
  const lowest = new Map()
  const open = []
  const rings = []
  const visit = (one) => {
    order.set(one, order.size)
    lowest.set(one, order.get(one))
    open.push(one)
    for (const next of edges.get(one) ?? []) {
      if (!order.has(next)) visit(next)
      if (open.includes(next)) lowest.set(one, Math.min(lowest.get(one), lowest.get(next)))
    }
    if (lowest.get(one) !== order.get(one)) return
    const ring = open.splice(open.indexOf(one))
    if (ring.length > 1) rings.push(ring)
  }
  for (const one of edges.keys()) if (!order.has(one)) visit(one)
  return rings
}
