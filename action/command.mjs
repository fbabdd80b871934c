import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Mistake } from './inputs.mjs'

/** How much of what a command said is kept, for a run that fails before it can report. */
const KEPT = 20_000
/** What no spec may refer to: what the runner gives to actions, and the inputs with the token. */
const PRIVATE =
  /^(?:INPUT_|ACTIONS_(?:RUNTIME|ID_TOKEN|RESULTS|CACHE)|GITHUB_(?:TOKEN|ENV|PATH|OUTPUT|STATE|STEP_SUMMARY)$)/

/** Refuses a Node that mailconfig does not run on. */
export function checkNode(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  throw new Mistake(`mailconfig needs Node 20.19 or later, and this is ${version}: use actions/setup-node before`)
}

/** The environment without what is the runner's business. */
export function plainEnvironment(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !PRIVATE.test(name)))
}

/** The file to run with Node: the given one, or an exact version from npm in a folder of its own. */
export async function findCommand({ bin, version }, { env, temp, own, quoting }) {
  if (bin !== undefined) {
    if (existsSync(bin)) return bin
    throw new Mistake(`mailconfig-path: there is no file "${bin}"`)
  }
  const wanted = version || own
  if (!/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(wanted))
    throw new Mistake(`version is an exact one such as 1.2.3, not "${wanted}"`)
  const folder = join(temp, `mailconfig-${wanted}`)
  const found = join(folder, 'node_modules', 'mailconfig')
  if (!existsSync(join(found, 'package.json'))) {
    // Outside the repository, so that no .npmrc of a pull request says where packages come from.
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{"private":true}\n')
    const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', `mailconfig@${wanted}`]
    const isWindows = process.platform === 'win32' // npm is a script there, and nothing in these words needs quotes
    const ended = await run(isWindows ? 'npm.cmd' : 'npm', args, { cwd: folder, env, quoting, shell: isWindows })
    if (ended.code !== 0) throw new Mistake(`mailconfig ${wanted} could not be installed from npm`)
  }
  const { bin: bins } = JSON.parse(readFileSync(join(found, 'package.json'), 'utf8'))
  return join(found, bins.mailconfig)
}

/** Runs a program without a shell and shows what it says. A signal goes on to it, so that it can give back its lock. */
export function run(program, args, { cwd, env, quoting, shell = false }) {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { cwd, env, shell, stdio: ['ignore', 'pipe', 'pipe'] })
    const shown = quoting()
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        shown.write(chunk)
        said = (said + chunk.toString('utf8')).slice(-KEPT)
      })
    const forward = (signal) => child.kill(signal)
    const end = () => {
      process.off('SIGINT', forward)
      process.off('SIGTERM', forward)
      shown.end()
    }
    process.on('SIGINT', forward)
    process.on('SIGTERM', forward)
    child.once('error', (cause) => {
      end()
      fail(new Mistake(`"${program}" cannot be started (${cause.code ?? cause.message})`))
    })
    child.once('close', (code, signal) => {
      end()
      done({ code: code ?? (signal === null ? 1 : 130), said })
    })
  })
}
