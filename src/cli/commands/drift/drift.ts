import type { Comparison } from '../../../engine/drift/compare.ts'
import { driftOf } from '../../../engine/drift/drift.ts'
import { planJson } from '../../../engine/plan/document.ts'
import { stepsOf } from '../../../engine/wire/calls.ts'
import { qualify } from '../../../model/address.ts'
import type { Position, Source } from '../../../model/position.ts'
import type { DriftDocument } from '../../../model/run/drift-document.ts'
import type { PlanDocument } from '../../../model/run/plan-document.ts'
import { EXIT } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { VERSION } from '../../invocation/version.ts'
import { isText } from '../../options/output-format.ts'
import { runComparison } from '../../runs/compare-run.ts'
import { withLedgerProblems } from '../../session/ledger.ts'
import { printWarnings } from '../../session/problems.ts'
import { openSession } from '../../session/session.ts'
import { type LocatedSpec, openSpec } from '../../session/spec.ts'
import { paint } from '../../terminal/paint.ts'
import { driftText } from '../../text/drift.ts'
import { NOT_TOLD } from '../../text/drift-words.ts'

/** Says what changed outside the spec; exit 2 if anything did. Sends nothing that changes anything. */
export async function drift(invocation: Invocation): Promise<number> {
  const located = await openSpec(invocation)
  return 'code' in located ? located.code : await withLedgerProblems(invocation, () => showDrift(located, invocation))
}

async function showDrift(located: LocatedSpec, invocation: Invocation): Promise<number> {
  const { io, options } = invocation
  const session = await openSession(located, invocation)
  const compared = await runComparison(located, session, invocation).finally(session.close)
  if ('code' in compared) return compared.code
  const { found, locate } = compared
  printWarnings(invocation, found.problems)
  const document = driftOf(found, { version: VERSION, ledger: session.ledger?.records.where, locate })
  invocation.tell({ drift: document, plan: () => undoing(found, document, locate) })
  if (!document.accounts.every(({ known }) => known)) io.stderr.write(`note: ${NOT_TOLD}\n\n`)
  if (options.format === 'json') io.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
  else if (isText(options)) io.stdout.write(driftText(document, paint(io.stdout, io.env, options.color)))
  if (document.drift.length > 0) return EXIT.changes
  return found.problems.some(({ code }) => code === 'NOTHING_MATCHED') ? EXIT.failed : EXIT.ok
}

/** What it would take to undo the drift, as a plan: for the reports that show one. */
function undoing(found: Comparison, { drift }: DriftDocument, locate: (source: Source) => Position): PlanDocument {
  const drifted = new Set(drift.map((one) => qualify(one, one.address)))
  const changes = found.changes.filter((change) => drifted.has(qualify(change.scope, change.address)))
  const calls = changes.reduce((sum, change) => sum + stepsOf(change).length, 0)
  const plan = { ...found, changes, waves: [], gates: [], warnings: found.problems, calls }
  return planJson(plan, { version: VERSION, locate })
}
