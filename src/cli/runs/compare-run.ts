import { kinds } from '../../apis/index.ts'
import { type Comparison, compare } from '../../engine/drift/compare.ts'
import type { Position, Source } from '../../model/position.ts'
import { EXIT } from '../invocation/exit.ts'
import type { Invocation } from '../invocation/invocation.ts'
import { refuseLedger } from '../session/ledger.ts'
import { reportProblems } from '../session/problems.ts'
import { narrowed, type Session } from '../session/session.ts'
import type { LocatedSpec } from '../session/spec.ts'
import { unreadProblems, withPositions } from '../session/unread.ts'
import { progress } from '../terminal/progress.ts'

/** What differs, and how to find its places. */
interface ComparisonRun {
  readonly found: Comparison
  readonly locate: (source: Source) => Position
}

/** Reads and compares; what would stop a plan stops nothing here, and is for the caller to say. Only what cannot be read does. */
export async function runComparison(
  located: LocatedSpec,
  { connection, ledger }: Session,
  invocation: Invocation,
): Promise<ComparisonRun | { readonly code: number }> {
  const { io, options } = invocation
  const spec = narrowed(located.spec, options.account)
  const line = progress(io)
  try {
    const compared = await compare(
      spec,
      {
        kinds,
        send: connection.send,
        signal: io.signal,
        onProgress: (done, total) => line.show(`reading ${done}/${total}`),
        remember: ledger?.records.remember,
      },
      { only: options.only, exclude: options.exclude },
    )
    line.clear()
    if (io.signal.aborted) {
      io.stderr.write('Nothing was written.\n')
      return { code: EXIT.interrupted }
    }
    const obstacles = ledger?.lost === undefined ? [] : ledger.records.obstacles()
    if (obstacles.length > 0) return { code: refuseLedger(obstacles, invocation) }
    const locate = await located.locate()
    if (!compared.ok) {
      reportProblems(invocation, unreadProblems(compared.unread), locate)
      return { code: EXIT.failed }
    }
    const { found } = compared
    return { found: { ...found, problems: withPositions(found.problems, locate) }, locate }
  } finally {
    line.clear()
  }
}
