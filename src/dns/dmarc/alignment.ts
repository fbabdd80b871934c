import type { Lookup } from '../lookup/lookup.ts'
import { isWithin } from '../names/name.ts'
import { type DmarcFinding, organizationOf } from './discover.ts'

/**
 * Whether a name that DKIM signs for (`adkim`) or that bounces go to (`aspf`) speaks for the author's domain (RFC 9989, section 4.10.2); undefined
 * where a server does not answer.
 */
export async function aligns(
  author: string,
  name: string,
  mode: 'adkim' | 'aspf',
  { record, organization }: Pick<DmarcFinding, 'record' | 'organization'>,
  find: Lookup,
): Promise<boolean | undefined> {
  if (name === author) return true
  if (record?.tags.get(mode) === 's') return false
  if (organization === undefined) return name.split('.').at(-1) === author.split('.').at(-1) ? undefined : false
  if (!isWithin(name, organization)) return false
  const theirs = await organizationOf(name, find)
  return theirs === undefined ? undefined : theirs === organization
}
