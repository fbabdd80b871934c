// Records docs/images/plan.svg: what the built command really prints for examples/quickstart after a few edits.
// With --check nothing is written, and a difference ends with exit code 1.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ansiToSvg } from './ansi-svg.mjs'
import { exampleEnv, openExample, runCommand } from './example.mjs'

const TARGET = 'docs/images/plan.svg'
const EDITS = [
  ['messages: 500', 'messages: 1000'],
  ['events: [bounce, spam, unsubscribe]', 'events: [bounce, spam, reject]'],
  ['  - former-customer@example.org', '  - { address: former-customer@example.org, state: absent }'],
  ['    description: Invoices\n', '    description: Invoices and reminders\n'],
  [
    '\nsuppressions:',
    '\n  - username: reports-app\n    password: ${env:BILLING_PASSWORD}\n    status: sandbox\n\nsuppressions:',
  ],
]

const { folder, remove } = await openExample('quickstart')
try {
  const env = await exampleEnv(folder)
  const before = await runCommand(['apply', '--auto-approve', '--emulator=emulator.json'], { folder, env })
  if (before.code !== 0) throw new Error(before.stderr)
  const spec = join(folder, 'mailconfig.yaml')
  let text = await readFile(spec, 'utf8')
  for (const [from, to] of EDITS) {
    if (!text.includes(from)) throw new Error(`examples/quickstart no longer has: ${from}`)
    text = text.replace(from, () => to)
  }
  await writeFile(spec, text)
  // The gate says since when an address is suppressed: the picture is the same on every day.
  const data = join(folder, 'emulator.json')
  const state = await readFile(data, 'utf8')
  await writeFile(data, state.replace(/("timestamp":\s*)"[^"]*"/g, '$1"2026-11-20 09:00:00"'))
  const plan = await runCommand(['plan', '--emulator=emulator.json'], { folder, env: { ...env, FORCE_COLOR: '1' } })
  if (plan.code !== 0) throw new Error(plan.stderr)
  const shown = `\u001b[32m$\u001b[39m \u001b[1mmailconfig plan\u001b[22m\n\n${plan.stdout.replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:8025')}`
  const svg = ansiToSvg(shown, 'mailconfig plan: one object to create, two to update, one to delete behind a gate')
  const stored = await readFile(TARGET, 'utf8').catch(() => '')
  if (stored === svg) process.stdout.write(`${TARGET} is up to date.\n`)
  else if (process.argv.includes('--check')) {
    process.stderr.write(`${TARGET} is not up to date: run "npm run recording" and commit the result.\n`)
    process.exitCode = 1
  } else {
    await mkdir('docs/images', { recursive: true })
    await writeFile(TARGET, svg)
    process.stdout.write(`Wrote ${TARGET}.\n`)
  }
} finally {
  await remove()
}
