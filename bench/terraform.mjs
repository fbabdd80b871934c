// A plan with nothing to do, in turns: N SMTP users through the provider, the same through a provider that does nothing
// ("floor": the same schema, the same transport, every answer what was asked), and N terraform_data blocks.
// node bench/terraform.mjs [--size=1000] [--runs=7]
import { execFileSync, spawn } from 'node:child_process'
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'

const option = (name, fallback) =>
  Number(process.argv.find((one) => one.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback)
const [size, runs] = [option('size', 1000), option('runs', 7)]
const bin = resolve('dist/bin.js')
const folder = await mkdtemp(join(tmpdir(), 'mailconfig-bench-'))
const numbers = Array.from({ length: size }, (_, at) => at)

const emulator = spawn(process.execPath, [bin, 'emulator'], { stdio: ['ignore', 'pipe', 'ignore'] })
const [line] = await new Promise((told) => createInterface(emulator.stdout).once('line', (text) => told([text])))
const { smtp2go, apiKey } = JSON.parse(line)

const env = {
  ...process.env,
  CHECKPOINT_DISABLE: '1',
  TF_CLI_CONFIG_FILE: join(folder, 'terraform.rc'),
  SMTP2GO_API_KEY: apiKey,
  SMTP2GO_URL: smtp2go,
}
const run = (name, ...args) =>
  execFileSync('terraform', args, { cwd: join(folder, name), env, stdio: 'pipe', maxBuffer: 2 ** 28 })

/** Installs the provider that does nothing, and plans the users' own configuration and state with it. */
async function prepareFloor() {
  const place = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`
  const outfile = join(
    folder,
    `floor-plugins/registry.terraform.io/mailconfig/mailconfig/0.0.1/${place}/terraform-provider-mailconfig_v0.0.1`,
  )
  await build({
    stdin: { contents: FLOOR, resolveDir: resolve('src/terraform'), loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    banner: { js: `#!${process.execPath}` },
    logLevel: 'warning',
  })
  await chmod(outfile, 0o755)
  await mkdir(join(folder, 'floor'))
  for (const file of ['main.tf', 'terraform.tfstate'])
    await copyFile(join(folder, 'users', file), join(folder, 'floor', file))
  run('floor', 'init', `-plugin-dir=${join(folder, 'floor-plugins')}`)
}
const FLOOR = `
import { kinds } from '../apis/index.ts'
import { createProvider } from './provider.ts'
import { serve, thisProcess } from './server/serve.ts'
const real = createProvider({ kinds, env: {}, version: '0.0.1', cwd: '/', validatorOf: undefined, specValidator: undefined })
const diagnostics = []
const idle = {
  ...real,
  configure: async () => diagnostics,
  validateResource: async () => diagnostics,
  upgrade: async (_type, _version, state) => ({ state, diagnostics }),
  read: async (_type, state) => ({ state, diagnostics }),
  plan: async (_type, { proposed }) => ({ state: proposed, requiresReplace: [], diagnostics }),
}
serve(idle, thisProcess('0.0.1')).then((code) => process.exit(code))
`

try {
  await writeFile(env.TF_CLI_CONFIG_FILE, 'disable_checkpoint = true\n')
  execFileSync(process.execPath, [bin, 'terraform', 'install', '--dir', join(folder, 'plugins')], { stdio: 'pipe' })
  const users = numbers.map(
    (at) =>
      `resource "mailconfig_smtp_user" "u${at}" {\n  username    = "user-${at}"\n  password    = "Str0ng-Passw0rd!${at}"\n  description = "User ${at}"\n}\n`,
  )
  const data = numbers.map(
    (at) =>
      `resource "terraform_data" "u${at}" {\n  input = { username = "user-${at}", description = "User ${at}" }\n}\n`,
  )
  const head = 'terraform {\n  required_providers {\n    mailconfig = { source = "mailconfig/mailconfig" }\n  }\n}\n'
  for (const [name, text] of [
    ['users', head + users.join('')],
    ['data', data.join('')],
  ]) {
    await mkdir(join(folder, name))
    await writeFile(join(folder, name, 'main.tf'), text)
    run(name, 'init', ...(name === 'users' ? [`-plugin-dir=${join(folder, 'plugins')}`] : []))
    run(name, 'apply', '-auto-approve')
  }
  await prepareFloor()
  const times = { users: [], floor: [], data: [] }
  const requests = smtp2go.replace(/v3$/, '__emulator/requests')
  await fetch(requests, { method: 'DELETE' })
  for (let at = 0; at < runs; at++)
    for (const name of ['users', 'floor', 'data']) {
      const started = performance.now()
      run(name, 'plan', '-detailed-exitcode')
      times[name].push(performance.now() - started)
    }
  const calls = (await (await fetch(requests)).json()).length
  const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)]
  const [ours, floor, theirs] = [median(times.users), median(times.floor), median(times.data)]
  process.stdout.write(`${size} mailconfig_smtp_user  ${ours.toFixed(0)} ms (median of ${runs})
the floor                 ${floor.toFixed(0)} ms (a provider with the same schema that does nothing)
${size} terraform_data        ${theirs.toFixed(0)} ms
ratio                     ${(ours / theirs).toFixed(2)} (wished for: 1.25; the floor has ${(floor / theirs).toFixed(2)})
ratio to the floor        ${(ours / floor).toFixed(2)} (target: at most 1.5)
API calls for each plan   ${calls / runs}
`)
} finally {
  emulator.kill()
  await rm(folder, { recursive: true, force: true })
}
