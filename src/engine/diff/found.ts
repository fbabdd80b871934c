import type { DesiredObject } from '../../model/desired/object.ts'
import type { ScopeSpec, SectionSpec } from '../../model/desired/spec.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import type { Memory } from '../../model/ledger/memory.ts'
import type { Problem } from '../../model/problem.ts'
import type { Change } from '../../model/run/change.ts'
import type { Unmanaged } from './unmanaged.ts'

/** A declared object and the live one that is meant. */
export interface ComparedCollection {
  readonly scope: ScopeSpec
  readonly section: SectionSpec
  readonly objects: readonly DesiredObject[]
  readonly live: readonly LiveObject[]
  readonly memory: Memory
}

/** What a comparison of collections has found so far. */
export interface DiffDraft {
  readonly changes: Change[]
  readonly unmanaged: Unmanaged[]
  readonly problems: Problem[]
}
