import { globMatches, qualify, type Scope } from '../../model/address.ts'
import { fieldOf, type ResourceKind } from '../../model/kind/kind.ts'
import { canonicalGlob } from '../../model/value/canonical.ts'

/** Something that has an address. */
export interface Addressed {
  readonly scope: Scope
  readonly address: string
  readonly kind?: ResourceKind
}

/** True if a glob means an object: by its address, with or without the scope in front, however its key is spelled. */
export function addressMatches(glob: string, { scope, address, kind }: Addressed): boolean {
  const name = qualify(scope, address)
  if (globMatches(glob, address) || globMatches(glob, name)) return true
  const start = kind === undefined || kind.singleton !== undefined ? -1 : glob.indexOf(`${kind.name}/`)
  if (kind === undefined || start < 0) return false
  const end = start + kind.name.length + 1
  const plain = glob.slice(0, end) + canonicalGlob(fieldOf(kind, kind.key), glob.slice(end))
  return plain !== glob && (globMatches(plain, address) || globMatches(plain, name))
}
