import { driftOf } from '../../engine/drift.ts'
import { compareLive } from '../compared.ts'
import { EXIT } from '../io.ts'
import { withLedgerProblems } from '../ledger.ts'
import type { Invocation } from '../main.ts'
import { reach } from '../ready.ts'
import { openSpec, printWarnings, type ReadySpec } from '../spec.ts'
import { driftMarkdown, driftText, NOT_TOLD } from '../text/drift.ts'
import { paint } from '../text/paint.ts'
import { VERSION } from '../version.ts'

/** Says what changed outside the spec; exit 2 if anything did. Sends nothing that changes anything. */
export async function drift(invocation: Invocation): Promise<number> {
  const ready = await openSpec(invocation)
  return 'code' in ready ? ready.code : await withLedgerProblems(invocation, () => showDrift(ready, invocation))
}

async function showDrift(ready: ReadySpec, invocation: Invocation): Promise<number> {
  const { io, options } = invocation
  const reached = await reach(ready, invocation)
  const compared = await compareLive(ready, reached, invocation).finally(reached.close)
  if ('code' in compared) return compared.code
  const { found, locate } = compared
  printWarnings(invocation, found.problems)
  const document = driftOf(found, { version: VERSION, ledger: reached.ledger?.book.where, locate })
  invocation.tell({ drift: document })
  if (!document.accounts.every(({ known }) => known)) io.stderr.write(`note: ${NOT_TOLD}\n\n`)
  if (options.format === 'json') io.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
  else if (options.format === 'markdown') io.stdout.write(driftMarkdown(document))
  else io.stdout.write(driftText(document, paint(io.stdout, io.env, options.color)))
  if (document.drift.length > 0) return EXIT.changes
  return found.problems.some(({ code }) => code === 'NOTHING_MATCHED') ? EXIT.failed : EXIT.ok
}
