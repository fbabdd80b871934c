import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'

/** The built command. */
export const BIN = resolve('dist/bin.js')

/** Copies an example into a folder of its own; `remove` takes it away again. */
export async function openExample(name) {
  const folder = await mkdtemp(join(tmpdir(), 'mailconfig-'))
  await cp(join('examples', name), folder, { recursive: true })
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** The environment of an example: its fake values, and nothing of the machine's own that would change what is printed. */
export async function exampleEnv(folder, more = {}) {
  const { PATH, HOME, SystemRoot } = process.env
  const fake = parseEnv(await readFile(join(folder, '.env.example'), 'utf8'))
  return { PATH, HOME, ...(SystemRoot === undefined ? {} : { SystemRoot }), ...fake, ...more }
}

/** Runs the built command in a folder; answers what it printed and how it ended. */
export function runCommand(args, { folder, env }) {
  return new Promise((done) => {
    execFile(process.execPath, [BIN, ...args], { cwd: folder, env, maxBuffer: 1e8 }, (error, stdout, stderr) =>
      done({ code: error === null ? 0 : (error.code ?? 1), stdout, stderr }),
    )
  })
}
