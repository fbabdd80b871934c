import { formatAddress } from '../../model/address.ts'
import type { DesiredObject } from '../../model/desired/object.ts'
import { defined } from '../../model/json.ts'
import { fieldOf } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import type { Memory } from '../../model/ledger/memory.ts'
import type { LedgerEntry } from '../../model/ledger/record.ts'
import type { Secret } from '../../model/secret.ts'
import { overlaid } from '../../model/value/path.ts'
import { sentSecrets } from '../../model/value/secrets.ts'
import { plainEntryOf } from '../export/entry.ts'

/** The name of a twin: the name of the first one and the day, with a number where that is taken. */
export function twinName(object: DesiredObject, day: string, taken: ReadonlySet<string>): string {
  const { kind, key } = object
  const join = kind.twin?.join ?? '-'
  const most = fieldOf(kind, kind.key)?.maxLength ?? Number.POSITIVE_INFINITY
  for (let number = 1; ; number += 1) {
    const end = `${join}${day}${number === 1 ? '' : `${join}${number}`}`
    const name = `${key.slice(0, most - end.length)}${end}`
    if (!taken.has(name)) return name
  }
}

/** A second object with the same settings under another name, with a secret of its own. */
export function twinOf(object: DesiredObject, live: LiveObject, name: string, secret?: Secret): DesiredObject {
  const { kind, scope, source, values } = object
  const secrets = [...sentSecrets(kind.fields, values).keys()]
  const settings = overlaid(values, plainEntryOf(kind, live))
  const own = Object.entries(settings).filter(([field]) => !secrets.includes(field) && field !== 'key')
  const place = kind.oneTimeSecret === undefined ? {} : { [kind.oneTimeSecret.to]: values[kind.oneTimeSecret.to] }
  return {
    kind,
    scope,
    source,
    key: name,
    address: formatAddress(kind.name, name),
    values: {
      ...Object.fromEntries(own),
      ...place,
      [kind.key]: name,
      ...defined({ [secretField(object)]: secret }),
    },
    state: 'present',
    protect: false,
    twinOf: object.key,
  }
}

function secretField({ kind }: DesiredObject): string {
  return Object.entries(kind.fields).find(([, field]) => field.generate !== undefined)?.[0] ?? ''
}

/** The entry of the twin of an object, while that rotation is open. */
export function openTwin(memory: Memory, { kind, scope, key }: DesiredObject): LedgerEntry | undefined {
  return memory
    .entries(scope, kind.name)
    .find((entry) => entry.twinOf !== undefined && (entry.twinOf === key || entry.key === key))
}
