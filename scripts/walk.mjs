// Follows changes through a run: which files a change (a value whose type is or holds `Change`) enters, and how often it comes back to one.
// node scripts/walk.mjs [folder…]: this copy, or several copies side by side. It plans and applies examples/quickstart on the emulator.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { build } from 'esbuild'
import ts from 'typescript'

const HOLDS_CHANGE = /\b(?:Effective|Judged)?Change\b/
const given = process.argv.slice(2)
const folders = given.length === 0 ? ['.'] : given
const walks = await Promise.all(folders.map((folder) => walk(resolve(folder))))
process.stdout.write(`| | ${folders.join(' | ')} |\n| --- |${folders.map(() => ' ---: |').join('')}\n`)
for (const name of Object.keys(walks[0] ?? {}))
  process.stdout.write(`| ${name} | ${walks.map((one) => one[name]).join(' | ')} |\n`)

async function walk(root) {
  const copy = mkdtempSync(join(tmpdir(), 'mailconfig-walk-'))
  try {
    instrument(root, copy)
    const entry = join(copy, 'src/entry.ts')
    writeFileSync(
      entry,
      `import { writeSync } from 'node:fs'
const steps: string[] = []
Object.assign(globalThis, { __walk: (step: string) => steps.push(step) })
process.on('exit', () => writeSync(3, JSON.stringify(steps)))
await import('./cli/bin.ts')
`,
    )
    await build({
      entryPoints: [entry],
      outfile: join(copy, 'walk.mjs'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      nodePaths: [join(root, 'node_modules')],
      external: ['@aws-sdk/client-s3', 'pg-native'],
      define: { MAILCONFIG_VERSION: '"0.0.0"' },
      banner: {
        js: `import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url)`,
      },
      logLevel: 'error',
    })
    const work = join(copy, 'work')
    cpSync(join(root, 'examples/quickstart'), work, { recursive: true })
    const run = (...args) => {
      const env = { ...process.env, NO_COLOR: '1' }
      for (const [, name] of readFileSync(join(work, 'mailconfig.yaml'), 'utf8').matchAll(/\$\{env:(\w+)\}/g))
        env[name] ??= 'not-Real-7pQ2x-Vw9Km'
      const stdio = ['ignore', 'ignore', 'inherit', 'pipe']
      const argv = [join(copy, 'walk.mjs'), ...args, `--emulator=${join(work, 'state.json')}`]
      return JSON.parse(execFileSyncWith(argv, { cwd: work, env, stdio }))
    }
    return { ...figures('plan', run('plan')), ...figures('apply', run('apply', '--auto-approve')) }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

/** Runs Node and answers what it wrote to its fourth channel. */
function execFileSyncWith(argv, options) {
  const file = join(dirname(argv[0]), 'steps.json')
  execFileSync('sh', ['-c', `exec "$@" 3> "${file}"`, 'sh', process.execPath, ...argv], {
    ...options,
    stdio: options.stdio.slice(0, 3),
  })
  return readFileSync(file, 'utf8')
}

/** Files in the order in which a change enters them, each run of calls inside one file counted once. */
function figures(command, steps) {
  const files = steps.map((step) => step.split(':')[0]).filter((file, at, all) => file !== all[at - 1])
  const first = files.filter((file, at) => files.indexOf(file) === at)
  const pairs = new Set(files.map((file, at) => `${files[at - 1] ?? ''} ${file}`))
  return {
    [`${command}: files that a change enters`]: first.length,
    [`${command}: functions that take one`]: new Set(steps).size,
    [`${command}: ways from one file to another`]: pairs.size,
    [`${command}: ways back to a file seen before`]: [...pairs].filter((pair) => isReturn(pair, first)).length,
  }
}

function isReturn(pair, order) {
  const [from, to] = pair.split(' ')
  return order.indexOf(to) < order.indexOf(from)
}

/** Copies the sources with a call at the beginning of each function that takes a change. */
function instrument(root, copy) {
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { fileNames, options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root)
  const program = ts.createProgram(fileNames, options)
  const checker = program.getTypeChecker()
  for (const source of program.getSourceFiles()) {
    const path = relative(root, source.fileName)
    if (!path.startsWith('src/') || path.startsWith('src/cdktf/')) continue
    const cuts = []
    const visit = (node) => {
      if (ts.isFunctionLike(node) && node.body !== undefined && takesChange(node, checker)) {
        const mark = `globalThis.__walk?.(${JSON.stringify(`${path}:${node.pos}`)})`
        if (ts.isBlock(node.body)) cuts.push([node.body.getStart() + 1, `${mark};`])
        else cuts.push([node.body.getStart(), `(${mark},`], [node.body.getEnd(), ')'])
      }
      ts.forEachChild(node, visit)
    }
    visit(source)
    let text = source.text
    for (const [at, piece] of cuts.sort(([a], [b]) => b - a)) text = text.slice(0, at) + piece + text.slice(at)
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    writeFileSync(join(copy, path), text)
  }
}

function takesChange({ parameters }, checker) {
  return parameters.some((parameter) => {
    const type = checker.getTypeAtLocation(parameter)
    return HOLDS_CHANGE.test(checker.typeToString(type)) || HOLDS_CHANGE.test(parameter.type?.getText() ?? '')
  })
}
