// Benchmarks of whole processes: node bench/run.mjs [start] [validate] [plan] [--runs=7] [--sizes=100,1000,10000]
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { machine, measure, table } from './measure.mjs'
import { users } from './users.mjs'

const BIN = resolve('dist/bin.js')
const PARSE = resolve('bench/parse.mjs')
const NODE = { name: 'node -e 0', args: ['-e', '0'] }
const option = (name, fallback) =>
  process.argv.find((one) => one.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback
const runs = Number(option('runs', '7'))
const sizes = option('sizes', '100,1000,10000').split(',').map(Number)
const wanted = process.argv.slice(2).filter((one) => !one.startsWith('--'))
const folder = await mkdtemp(join(tmpdir(), 'mailconfig-bench-'))
const print = (text) => process.stdout.write(`${text}\n`)

async function start() {
  const version = { name: 'mailconfig --version', args: [BIN, '--version'] }
  const help = { name: 'mailconfig --help', args: [BIN, '--help'] }
  print(table(await measure([NODE, version, help], Math.max(runs, 15)), [NODE.name]))
}

async function validate() {
  const cases = [NODE]
  for (const size of sizes) {
    const { yaml, json } = users(size, 'http://127.0.0.1:9/v3')
    const [spec, data] = [join(folder, `${size}.yaml`), join(folder, `${size}.json`)]
    await Promise.all([writeFile(spec, yaml), writeFile(data, json)])
    const units = { 'js-yaml': `${size} js-yaml`, 'JSON.parse': `${size} JSON.parse` }
    const env = { BENCH_KEY: 'api-0123456789ABCDEF0123456789ABCDEF', BENCH_PASSWORD: 'not-Real-7pQ2x-Vw9Km' }
    cases.push({ name: `${size} JSON.parse`, args: [PARSE, data], units })
    cases.push({ name: `${size} js-yaml`, args: [PARSE, spec], units })
    cases.push({ name: `${size} validate`, args: [BIN, 'validate', '-f', spec], env, units })
  }
  print(table(await measure(cases, runs), [NODE.name, 'js-yaml', 'JSON.parse']))
}

async function plan() {
  const cases = [NODE]
  const emulators = []
  try {
    for (const size of sizes) {
      const seed = join(folder, `${size}.state.json`)
      await writeFile(seed, users(size, '').state)
      const emulator = await startEmulator(seed)
      emulators.push(emulator)
      const spec = join(folder, `${size}.plan.yaml`)
      await writeFile(spec, users(size, emulator.smtp2go).yaml)
      const env = { BENCH_KEY: emulator.apiKey, BENCH_PASSWORD: 'not-Real-7pQ2x-Vw9Km' }
      cases.push({ name: `${size} plan`, args: [BIN, 'plan', '--detailed-exitcode', '-f', spec], env })
    }
    const results = await measure(cases, runs)
    print(table(results, [NODE.name]))
    for (const [at, emulator] of emulators.entries()) {
      const calls = await (await fetch(`${emulator.backoffice}/__emulator/requests`)).json()
      print(`Calls of one plan of ${sizes[at]}: ${calls.length / (runs + 1 + 3)}`)
    }
  } finally {
    for (const emulator of emulators) emulator.stop()
  }
}

function startEmulator(seed) {
  const child = spawn(process.execPath, [BIN, 'emulator', '--seed', seed], { stdio: ['ignore', 'pipe', 'ignore'] })
  return new Promise((done, fail) => {
    child.once('exit', () => fail(new Error('the emulator ended')))
    createInterface({ input: child.stdout }).once('line', (line) =>
      done({ ...JSON.parse(line), stop: () => child.kill('SIGTERM') }),
    )
  })
}

const benchmarks = { start, validate, plan }
const unknown = wanted.filter((name) => !Object.hasOwn(benchmarks, name))
if (unknown.length > 0) {
  process.stderr.write(
    `There is no benchmark "${unknown.join('", "')}"; there are ${Object.keys(benchmarks).join(', ')}.\n`,
  )
  process.exit(1)
}
try {
  print(`${machine()}; median of ${runs} runs, in turns\n`)
  for (const name of wanted.length > 0 ? wanted : Object.keys(benchmarks)) {
    print(`## ${name}\n`)
    await benchmarks[name]()
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
