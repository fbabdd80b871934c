// The main job on the embedded emulator, in a folder of its own: validate, plan, apply, plan again. No account is needed.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { BIN, exampleEnv, openExample } from './example.mjs'

if (!existsSync(BIN)) {
  process.stderr.write('There is no dist/bin.js yet: run "npm ci" or "npm run build" first.\n')
  process.exit(1)
}
const { folder, remove } = await openExample('quickstart')
const env = await exampleEnv(folder, process.env.NO_COLOR ? { NO_COLOR: '1' } : {})
const emulator = '--emulator=emulator.json'

/** Runs a command where everybody can see it; answers its exit code. */
async function show(...args) {
  process.stdout.write(`\n$ mailconfig ${args.join(' ')}\n`)
  const child = spawn(process.execPath, [BIN, ...args], { cwd: folder, env, stdio: ['ignore', 'inherit', 'inherit'] })
  return await new Promise((done) => child.on('exit', (code) => done(code ?? 1)))
}

process.stdout.write('examples/quickstart on the emulator; no real account is touched.\n')
try {
  const codes = [
    await show('validate'),
    await show('plan', emulator),
    await show('apply', '--auto-approve', emulator),
    await show('plan', '--detailed-exitcode', emulator),
  ]
  const failed = codes.findIndex((code) => code !== 0)
  if (failed < 0)
    process.stdout.write('\nDemo passed: what was applied is what is there, and a second plan is empty.\n')
  else {
    const why = failed === 3 && codes[3] === 2 ? 'the second plan is not empty' : `step ${failed + 1} failed`
    process.stdout.write(`\nDemo failed: ${why}.\n`)
    process.exitCode = 1
  }
} finally {
  await remove()
}
