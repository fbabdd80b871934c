import type { Lease } from '../../../ledger/stores/store.ts'
import { refuseUnreviewed } from '../../ci/review.ts'
import { EXIT } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { holderText, neededPlace, storeOf, withLedgerProblems } from '../../session/ledger.ts'
import { readSpec } from '../../session/spec.ts'
import { ask } from '../../terminal/ask.ts'
import { paint, printable } from '../../terminal/paint.ts'

/** Frees the lock that a command left behind, after saying whose it is. */
export async function unlock(invocation: Invocation): Promise<number> {
  refuseUnreviewed(invocation)
  return await withLedgerProblems(invocation, () => free(invocation))
}

async function free(invocation: Invocation): Promise<number> {
  const { io, options } = invocation
  const store = await storeOf(neededPlace(invocation), invocation)
  try {
    const held = await store.holders(await accountNames(await store.names(), invocation))
    const leases = [...new Map(held.map((lease) => [lease.id, lease])).values()]
    if (leases.length === 0) {
      io.stdout.write(`Nobody holds ${printable(store.where)}.\n`)
      return EXIT.ok
    }
    io.stdout.write(`${printable(store.where)} is locked.\n\n`)
    for (const lease of leases) io.stdout.write(leaseText(lease, invocation))
    const question = 'Is that command dead? While it lives, two could change the account at once.'
    const answer = options.yes === true ? 'yes' : await ask(invocation, question, '--yes')
    if (answer !== 'yes') {
      io.stderr.write('The lock stays.\n')
      return answer === 'interrupted' ? EXIT.interrupted : EXIT.failed
    }
    for (const lease of leases) await store.unlock(lease.id)
    io.stdout.write('\nThe lock is free.\n')
    return EXIT.ok
  } finally {
    await store.close()
  }
}

/** Those of the ledger, and those of the spec where it can be read: a first run that died has left no record. */
async function accountNames(known: readonly string[], invocation: Invocation): Promise<readonly string[]> {
  const { account } = invocation.options
  if (account.length > 0) return account
  const loaded = await readSpec(invocation)
  return [...new Set([...known, ...(loaded.ok ? loaded.spec.accounts.keys() : [])])]
}

function leaseText(lease: Lease, { io, options }: Invocation): string {
  const color = paint(io.stdout, io.env, options.color)
  const { expires } = lease
  const isOver = expires !== undefined && Date.parse(expires) <= io.now().getTime()
  const end =
    expires === undefined
      ? 'nobody can say when it expires'
      : isOver
        ? `expired at ${expires}: the next command takes it over by itself`
        : `expires at ${expires} unless it is renewed`
  return `  ${color.bold(printable(holderText(lease)))}\n  ${printable(end)}\n`
}
