// The sweeps that take too long for every run, over cases that are drawn anew: npm run test:long [-- PAIRS [FILES…]]; 10,000 pairs of spec and account without a number.
import { spawnSync } from 'node:child_process'

const [first = '', ...rest] = process.argv.slice(2)
const given = /^\d+$/.test(first)
const pairs = given ? Number(first) : 10_000
const only = given || first === '' ? rest : [first, ...rest]
/** Each sweep, and how many runs it gets for one pair: a merge takes as long as four pairs. */
const SWEEPS = [
  ['test/properties/apply.test.ts', 1],
  ['test/properties/order.test.ts', 1],
  ['test/properties/crash.test.ts', 1 / 2], // which takes a twentieth of them, and every call of each
  ['test/engine/export/export.test.ts', 1],
  ['test/engine/merge/merge.test.ts', 1 / 4],
  ['test/engine/format/format.test.ts', 1],
]

const failed = []
for (const [file, share] of SWEEPS) {
  if (only.length > 0 && !only.some((word) => file.includes(word))) continue
  const runs = Math.max(1, Math.round(pairs * share))
  const began = Date.now()
  const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', file, '--testTimeout=0'], {
    env: { ...process.env, MAILCONFIG_RUNS: String(runs) },
    stdio: 'inherit',
  })
  if (status !== 0) failed.push(file)
  const seconds = Math.round((Date.now() - began) / 1000)
  process.stdout.write(`=== ${file}: ${runs} runs, ${seconds} s, ${status === 0 ? 'passed' : 'FAILED'}\n`)
}
process.stdout.write(failed.length === 0 ? 'All passed.\n' : `Failed: ${failed.join(', ')}\n`)
process.exitCode = failed.length === 0 ? 0 : 1
