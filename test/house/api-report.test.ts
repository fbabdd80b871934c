import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

/** Runs the check on reports in a folder; answers what it says, nothing if they are right. */
function checked(reports: string): string {
  try {
    return execFileSync(process.execPath, ['scripts/api-report.mjs', '--check', reports], { encoding: 'utf8' })
  } catch (error) {
    return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error)
  }
}

test('the reports in api/ are what programs can import, and every type in a signature is among it', () => {
  expect(checked(resolve('api'))).toBe('')
})

test('an export that the report does not know is found', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailconfig-api-'))
  try {
    cpSync('api', folder, { recursive: true })
    const path = join(folder, 'mailconfig.api.md')
    writeFileSync(path, readFileSync(path, 'utf8').replace('export function openMailconfig', 'export function open'))
    expect(checked(folder)).toContain('api/mailconfig.api.md is not what the sources say')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
