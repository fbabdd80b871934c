import { FORMAT_VERSION } from '../../engine/render.ts'
import { formatAddress, qualify } from '../../model/address.ts'
import { EXIT } from '../io.ts'
import { withLedgerProblems } from '../ledger.ts'
import type { Invocation } from '../main.ts'
import { pastOf } from '../past.ts'
import { printProblems } from '../spec.ts'
import { printable } from '../text/paint.ts'

/** Lists the rotations that are open, by the ledger alone. */
export async function listRotations(invocation: Invocation): Promise<number> {
  return await withLedgerProblems(invocation, async () => {
    const { io, options } = invocation
    const past = await pastOf(invocation)
    printProblems(invocation, past.warnings)
    const rotations = past.twins().map(({ account, entry }) => {
      const { kind, key, subaccount, twinOf = '' } = entry
      const made = past.history().find(({ run }) => run.changes.some((one) => one.key === key && one.twinOf === twinOf))
      const since = made === undefined ? null : made.run.startedAt
      return { address: formatAddress(kind, twinOf), account, subaccount, twin: formatAddress(kind, key), since }
    })
    if (options.format === 'json')
      io.stdout.write(`${JSON.stringify({ formatVersion: FORMAT_VERSION, rotations }, null, 2)}\n`)
    else if (rotations.length === 0) io.stdout.write('No rotation is open.\n')
    else
      for (const { address, account, subaccount, twin, since } of rotations)
        io.stdout.write(
          `${printable(`${qualify({ account, subaccount }, address)}  twin ${twin}${since === null ? '' : `  since ${since}`}`)}\n`,
        )
    return EXIT.ok
  })
}
