import type { Account, Spec } from '../../../model/desired/spec.ts'
import { printOrWrite } from '../../files/write.ts'
import { EXIT, Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { exportAccounts } from '../../runs/export-run.ts'
import { chosenAccounts, environmentAccounts, environmentWords } from '../../session/environment.ts'
import { reportProblems } from '../../session/problems.ts'
import { readSpec } from '../../session/spec.ts'
import { printable } from '../../terminal/paint.ts'
import { exportInto } from './into.ts'

/** Prints live state as a spec whose plan is empty. Sends nothing that changes anything. */
export async function exportCommand(invocation: Invocation): Promise<number> {
  const { io, options } = invocation
  if (options.into !== undefined) return await exportInto(options.into, invocation)
  for (const [flag, given] of [
    ['--all-sections', options.allSections],
    ['--update-files', options.updateFiles],
    ['--detailed-exitcode', options.detailedExitcode],
    ['--format json', options.format === 'json'],
  ] as const)
    if (given === true) throw new Stop(`"${flag}" requires "--into"`)
  const found = await accountsOf(invocation)
  if (found === undefined) return EXIT.failed
  const { accounts, spec } = found
  if (options.format === 'emulator')
    return await (await import('./emulator.ts')).exportEmulator(accounts, invocation, spec)
  const { text, notes } = await exportAccounts(accounts, invocation, spec)
  for (const note of notes) io.stderr.write(`note: ${printable(note)}\n`)
  printOrWrite(invocation, text)
  return EXIT.ok
}

/** The accounts of the spec if there is one, else those that the environment names. */
async function accountsOf(
  invocation: Invocation,
): Promise<{ readonly accounts: readonly Account[]; readonly spec?: Spec } | undefined> {
  const { options, io } = invocation
  const loaded = await readSpec(invocation)
  const wanted = (all: readonly Account[]) => chosenAccounts(all, options)
  if (loaded.ok) return { accounts: wanted([...loaded.spec.accounts.values()]), spec: loaded.spec }
  if (!loaded.problems.every((problem) => problem.code === 'NO_SPEC')) {
    reportProblems(invocation, loaded.problems)
    return undefined
  }
  const found = wanted(environmentAccounts(io.env, options))
  if (found.length > 0) return { accounts: found }
  throw new Stop('there is no spec here, and no credentials in the environment', {
    hint: `set ${environmentWords()}`,
  })
}
