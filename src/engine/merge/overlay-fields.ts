import type { DesiredObject } from '../../model/desired/object.ts'
import { isRecord } from '../../model/json.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import type { Path, Source } from '../../model/position.ts'
import type { Document } from '../documents/document.ts'
import { entriesOf } from '../entries/entry.ts'

/** Answers where an overlay sets a field of an object that another document declares. */
export function overlaidFields(
  documents: readonly Document[],
  kinds: readonly ResourceKind[],
): (object: DesiredObject, path: Path) => Source | undefined {
  const entries = documents.filter((one) => one.overlay).flatMap((one) => entriesOf(one, kinds))
  return ({ kind, key, scope, source }, path) => {
    const entry = entries.findLast(
      (one) =>
        one.kind === kind &&
        one.key === key &&
        (one.document.subaccount ?? null) === scope.subaccount &&
        (one.document.account === undefined || one.document.account === scope.account) &&
        !(one.source.file === source.file && one.source.document === source.document) &&
        path.reduce<unknown>((part, name) => (isRecord(part) ? part[name] : undefined), one.values) !== undefined,
    )
    return entry === undefined ? undefined : { ...entry.source, path: [...entry.source.path, ...path] }
  }
}
