import { kinds } from '../../apis/index.ts'
import { type Comparison, compare } from '../../engine/drift/compare.ts'
import type { Position, Source } from '../../model/position.ts'
import { EXIT } from '../invocation/exit.ts'
import type { Invocation } from '../invocation/invocation.ts'
import { refuse } from '../session/ledger.ts'
import { reportProblems } from '../session/problems.ts'
import { narrowed, type Reach } from '../session/session.ts'
import type { ReadySpec } from '../session/spec.ts'
import { located, unreadProblems } from '../session/unread.ts'
import { progress } from '../terminal/progress.ts'

/** What differs, and how to find its places. */
export interface ReadyComparison {
  readonly found: Comparison
  readonly locate: (source: Source) => Position
}

/** Reads and compares; what would stop a plan stops nothing here, and is for the caller to say. Only what cannot be read does. */
export async function compareLive(
  ready: ReadySpec,
  { connection, ledger }: Reach,
  invocation: Invocation,
): Promise<ReadyComparison | { readonly code: number }> {
  const { io, options } = invocation
  const spec = narrowed(ready.spec, options.account)
  const line = progress(io)
  try {
    const compared = await compare(
      spec,
      {
        kinds,
        send: connection.send,
        signal: io.signal,
        onProgress: (done, total) => line.show(`reading ${done}/${total}`),
        remember: ledger?.book.remember,
      },
      { only: options.only, exclude: options.exclude },
    )
    line.clear()
    if (io.signal.aborted) {
      io.stderr.write('Nothing was written.\n')
      return { code: EXIT.interrupted }
    }
    const obstacles = ledger?.lost === undefined ? [] : ledger.book.obstacles()
    if (obstacles.length > 0) return { code: refuse(obstacles, invocation) }
    const locate = await ready.locate()
    if (!compared.ok) {
      reportProblems(invocation, unreadProblems(compared.unread), locate)
      return { code: EXIT.failed }
    }
    const { found } = compared
    return { found: { ...found, problems: located(found.problems, locate) }, locate }
  } finally {
    line.clear()
  }
}
