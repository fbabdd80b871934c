// Imports a million addresses from an export: wall time and peak memory of the whole process. `node bench/suppressions.mjs [rows]`
import { spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const rows = Number(process.argv[2] ?? 1_000_000)
const BIN = fileURLToPath(new URL('../dist/bin.js', import.meta.url))
const MEMORY = fileURLToPath(new URL('./memory.cjs', import.meta.url))
const dir = mkdtempSync(join(tmpdir(), 'mailconfig-bench-'))
try {
  const file = openSync(join(dir, 'export.csv'), 'w')
  let text = 'email,created\n'
  for (let at = 0; at < rows; at += 1) {
    text += `person-${at}@customers-${at % 977}.example.org,2026-01-02 10:00:00\n`
    if (text.length < 1e6) continue
    writeSync(file, text)
    text = ''
  }
  writeSync(file, text)
  closeSync(file)
  const before = process.hrtime.bigint()
  const args = ['--require', MEMORY, BIN, 'suppressions', 'import', 'export.csv', '--into', 'list.csv']
  const child = spawn(process.execPath, args, { cwd: dir, stdio: ['ignore', 'ignore', 'inherit', 'pipe'] })
  let peak = ''
  child.stdio[3]?.on('data', (part) => {
    peak += part
  })
  const code = await new Promise((done) => child.on('close', done))
  const ms = Number(process.hrtime.bigint() - before) / 1e6
  if (code !== 0) throw new Error(`it ended with ${code}`)
  process.stdout.write(
    `${rows} rows: ${(ms / 1000).toFixed(1)} s, ${((Number(peak) * 1024) / 1e6).toFixed(0)} MB at its peak\n`,
  )
} finally {
  rmSync(dir, { recursive: true })
}
