import { spawnSync } from 'node:child_process'

/**
 * Whether a program is here that a user may lack, with what it needs: `args` have to succeed. Under CI its absence is an error, with the package
 * of Debian that has it.
 */
export function hasProgram(program: string, debian = program, args: readonly string[] = ['--version']): boolean {
  const { error, status } = spawnSync(program, args, { stdio: 'ignore' })
  if (error === undefined && status === 0) return true
  if (process.env['CI'] === 'true') throw new Error(`no ${program} here: install Debian's "${debian}"`)
  process.stderr.write(`Tests with ${program} (${debian}) are skipped: it is not installed.\n`)
  return false
}
