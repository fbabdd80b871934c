import type { Spec } from '../../model/desired/spec.ts'
import { type Memory, NO_MEMORY } from '../../model/ledger/memory.ts'
import type { Problem } from '../../model/problem.ts'
import type { Live } from '../../model/run/live.ts'
import { type Diff, diff } from '../diff/diff.ts'
import { select } from '../plan/select.ts'
import { type Unread, unreadOf } from '../plan/unread.ts'
import { wantedFor } from '../read/chosen.ts'
import { withNumbers } from '../read/lookup.ts'
import { maskedLive } from '../read/mask.ts'
import { read } from '../read/read.ts'
import type { Run } from '../read/run.ts'
import type { Selection } from '../read/selection.ts'

/** What differs, whether or not it can be made to go away. */
export interface Comparison extends Diff {
  readonly spec: Spec
  readonly live: Live
  readonly memory: Memory
}

/** Reads and compares, and plans nothing: for who wants to know what is, and not what could be done. */
export async function compare(
  written: Spec,
  run: Run,
  selection: Selection,
): Promise<
  { readonly ok: true; readonly found: Comparison } | { readonly ok: false; readonly unread: readonly Unread[] }
> {
  const { wanted, trimmed } = wantedFor(written, run.kinds, selection)
  const live = maskedLive(trimmed(await read(wanted, run)), written)
  const { spec, problems: unknown } = withNumbers(written, live)
  const known = run.remember?.(live)
  const unread = unreadOf(spec, live)
  if (unread.length > 0) return { ok: false, unread }
  const memory = known?.memory ?? NO_MEMORY
  const found = diff(spec, live, memory)
  const { changes, unmanaged, problems } = select(found, spec, selection)
  const all: readonly Problem[] = [...(known?.warnings ?? []), ...found.problems, ...unknown, ...problems]
  return { ok: true, found: { spec, live, memory, changes, unmanaged, problems: all } }
}
