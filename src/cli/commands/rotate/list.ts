import { formatAddress, qualify } from '../../../model/address.ts'
import { FORMAT_VERSION } from '../../../model/run/plan-document.ts'
import { EXIT } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { openHistory } from '../../runs/history.ts'
import { withLedgerProblems } from '../../session/ledger.ts'
import { printProblems } from '../../session/problems.ts'
import { printable } from '../../terminal/paint.ts'

/** Lists the rotations that are open, by the ledger alone. */
export async function listRotations(invocation: Invocation): Promise<number> {
  return await withLedgerProblems(invocation, async () => {
    const { io, options } = invocation
    const past = await openHistory(invocation)
    printProblems(invocation, past.warnings)
    const history = past.history()
    const known = past.twins().map(({ account, entry }) => {
      const { kind, key, subaccount, twinOf = '' } = entry
      const made = history.find(({ run }) => run.changes.some((one) => one.key === key && one.twinOf === twinOf))
      const since = made === undefined ? null : made.run.startedAt
      return { address: formatAddress(kind, twinOf), account, subaccount, twin: formatAddress(kind, key), since }
    })
    const doubtful = begun(history).filter(
      (one) => !known.some(({ account, twin }) => account === one.account && twin === one.twin),
    )
    const rotations = [...known, ...doubtful]
    if (options.format === 'json')
      io.stdout.write(`${JSON.stringify({ formatVersion: FORMAT_VERSION, rotations }, null, 2)}\n`)
    else if (rotations.length === 0) io.stdout.write('No rotation is open.\n')
    else
      for (const rotation of rotations) {
        const { address, account, subaccount, twin, since } = rotation
        io.stdout.write(
          `${printable(`${qualify({ account, subaccount }, address)}  twin ${twin}${since === null ? '' : `  since ${since}`}`)}${'unsettled' in rotation ? UNSETTLED : ''}\n`,
        )
      }
    return EXIT.ok
  })
}

const UNSETTLED = '  (the run that was to make it did not end: the next run with its spec looks whether it is there)'

/** Twins that a run began to make and of which nobody has said what became of them. */
function begun(history: ReturnType<Awaited<ReturnType<typeof openHistory>>['history']>) {
  const later = new Set<string>()
  return [...history]
    .sort((one, other) => other.run.startedAt.localeCompare(one.run.startedAt))
    .flatMap(({ account, run }) =>
      run.changes.flatMap(({ kind, key, subaccount, twinOf, action, outcome }) => {
        const twin = formatAddress(kind, key)
        const name = qualify({ account, subaccount }, twin)
        const isNewest = !later.has(name)
        later.add(name)
        if (twinOf === undefined || action !== 'create' || !isNewest) return []
        if (outcome !== 'pending' && outcome !== 'unknown') return []
        const address = formatAddress(kind, twinOf)
        return [{ address, account, subaccount, twin, since: run.startedAt, unsettled: true as const }]
      }),
    )
}
