import { spawn } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'

const MEMORY = fileURLToPath(new URL('./memory.cjs', import.meta.url))

/** Runs a whole process and answers its wall time in milliseconds; with `memory` its peak in MiB instead. */
function once({ args, cwd, env }, memory = false) {
  return new Promise((done, fail) => {
    const before = process.hrtime.bigint()
    const child = spawn(process.execPath, memory ? ['--require', MEMORY, ...args] : args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe', ...(memory ? ['pipe'] : [])],
    })
    let [stderr, peak] = ['', '']
    child.stderr.on('data', (text) => {
      stderr += text
    })
    child.stdio[3]?.on('data', (text) => {
      peak += text
    })
    child.on('close', (code) => {
      const ms = Number(process.hrtime.bigint() - before) / 1e6
      if (code !== 0) fail(new Error(`${args.join(' ')} ended with ${code}\n${stderr}`))
      else done(memory ? Number(peak) / 1024 : ms)
    })
  })
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Measures cases in turns, so that a slow minute of the machine meets all of them; the peak is measured apart. */
export async function measure(cases, runs) {
  for (const one of cases) await once(one) // warms the disk's cache
  const times = cases.map(() => [])
  for (let run = 0; run < runs; run++) for (const [at, one] of cases.entries()) times[at].push(await once(one))
  const results = []
  for (const [at, one] of cases.entries()) {
    const peaks = [await once(one, true), await once(one, true), await once(one, true)]
    const [ms, min, max] = [median(times[at]), Math.min(...times[at]), Math.max(...times[at])]
    results.push({ ...one, ms, min, max, mib: median(peaks) })
  }
  return results
}

/** What the figures were measured on. */
export function machine() {
  const [first] = cpus()
  return `Node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} × ${first?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB`
}

/** Results as a Markdown table; `units` are the names of the cases that the others are compared with. */
export function table(results, units) {
  const head = ['', 'median', 'min', 'max', 'peak', ...units.map((name) => `× ${name}`)]
  const rows = results.map((one) => [
    one.name,
    ...[one.ms, one.min, one.max].map((ms) => `${ms.toFixed(0)} ms`),
    `${one.mib.toFixed(0)} MiB`,
    ...units.map((name) => {
      const unit = results.find((other) => other.name === (one.units?.[name] ?? name))
      return unit === undefined ? '' : (one.ms / unit.ms).toFixed(2)
    }),
  ])
  const line = (cells) => `| ${cells.join(' | ')} |\n`
  return line(head) + line(head.map((_, at) => (at === 0 ? '---' : '---:'))) + rows.map(line).join('')
}
