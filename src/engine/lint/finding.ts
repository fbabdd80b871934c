import { formatScope } from '../../model/address.ts'
import type { DesiredObject } from '../../model/desired/object.ts'
import type { Spec } from '../../model/desired/spec.ts'
import type { LintCode } from '../../model/lint/lints.ts'
import type { MailReader } from '../../model/lint/mail-reader.ts'
import type { Path } from '../../model/position.ts'
import { type Senders, sendersOf } from './senders-of.ts'

/** The part of a spec that lints are about. */
export type LintedSpec = Pick<Spec, 'scopes' | 'objects'>

/** Where a lint has found something, and what. */
export interface LintFinding {
  readonly code: LintCode
  readonly object: DesiredObject
  /** The field, inside the entry. */
  readonly path: Path
  /** A sentence about this very object, as every problem has one. */
  readonly message: string
}

/** What lints look at. */
export interface Around {
  /** What the spec declares present, by kind. */
  readonly of: (kind: string) => readonly DesiredObject[]
  /** Who may send, for each scope. */
  readonly senders: readonly Senders[]
  readonly sendersFor: (object: DesiredObject) => Senders
  readonly reader: MailReader
}

/** Lints of one family: what they find in a spec. */
export type Family = (around: Around) => readonly LintFinding[]

/** Looks through a spec once, for all lints. */
export function aroundOf(spec: LintedSpec, reader: MailReader = NO_READER): Around {
  const byKind = new Map<string, DesiredObject[]>()
  for (const object of spec.objects) {
    if (object.state === 'absent') continue
    const known = byKind.get(object.kind.name)
    if (known === undefined) byKind.set(object.kind.name, [object])
    else known.push(object)
  }
  const senders = sendersOf(spec)
  return {
    of: (kind) => byKind.get(kind) ?? [],
    senders: [...senders.values()],
    sendersFor: ({ scope }) => senders.get(formatScope(scope)) ?? { scope, ...NOBODY },
    reader,
  }
}

/** Where there is no mail to read. */
const NO_READER: MailReader = {
  htmlFaults: () => ({ links: [], images: [] }),
  readTemplate: () => ({ gaps: [], faults: [] }),
}

const NOBODY = { domains: new Map(), singles: new Map(), isDeclared: false, isOpen: false }
