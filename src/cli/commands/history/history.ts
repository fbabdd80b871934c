import { type WholeRun, wholeRuns } from '../../../ledger/runs/whole-runs.ts'
import { defined } from '../../../model/json.ts'
import type { HistoryDocument } from '../../../model/ledger/documents.ts'
import { FORMAT_VERSION } from '../../../model/run/plan-document.ts'
import { EXIT, Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { openHistory } from '../../runs/history.ts'
import { withLedgerProblems } from '../../session/ledger.ts'
import { printProblems } from '../../session/problems.ts'
import { paint } from '../../terminal/paint.ts'
import { outcomeCountsOf, runsText, runText } from '../../text/history.ts'

/** Lists the runs that the ledger remembers, or shows one of them. Makes no call but to the ledger, and needs no spec. */
export async function history(invocation: Invocation): Promise<number> {
  return await withLedgerProblems(invocation, () => show(invocation))
}

async function show(invocation: Invocation): Promise<number> {
  const { io, options, args } = invocation
  const book = await openHistory(invocation)
  const broken = book.warnings.map(({ hint, ...problem }) => ({ ...problem, ...defined({ hint }) }))
  printProblems(invocation, broken)
  const runs = wholeRuns(book.history())
  const [id] = args
  const one = runs.find((run) => run.id === id)
  if (id !== undefined && one === undefined)
    throw new Stop(`${book.where} has no run "${id}"`, { hint: '"mailconfig history" lists them' })
  const busy = new Set(book.accounts.flatMap((account) => (account.busy === undefined ? [] : [account.name])))
  if (options.format === 'json') {
    const documents = (one === undefined ? runs : [one]).map((run) => runDocument(run, one !== undefined))
    const body: HistoryDocument = { formatVersion: FORMAT_VERSION, ledger: book.where, runs: documents }
    io.stdout.write(`${JSON.stringify(body, null, 2)}\n`)
  } else {
    const color = paint(io.stdout, io.env, options.color)
    io.stdout.write(one === undefined ? runsText(runs, book.where, { color, busy }) : runText(one, { color, busy }))
  }
  return broken.length > 0 ? EXIT.failed : EXIT.ok
}

function runDocument({ changes, ...run }: WholeRun, isWhole: boolean): HistoryDocument['runs'][number] {
  return { ...run, summary: outcomeCountsOf(changes), ...(isWhole ? { changes: changes.map(withoutPrints) } : {}) }
}

/** Of secrets only which were sent: their fingerprints are for the ledger. */
function withoutPrints({
  secrets,
  ...change
}: WholeRun['changes'][number]): NonNullable<HistoryDocument['runs'][number]['changes']>[number] {
  return secrets === undefined ? change : { ...change, secrets: Object.keys(secrets) }
}
