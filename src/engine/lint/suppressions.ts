import type { Around, LintFinding } from './finding.ts'

/** What is odd about addresses that get no mail. A list may have a million of them. */
export function suppressionFindings({ of, senders, sendersFor }: Around): LintFinding[] {
  if (senders.every(({ domains }) => domains.size === 0)) return []
  const found: LintFinding[] = []
  for (const object of of('suppressions')) {
    if (!sendersFor(object).domains.has(object.key)) continue
    const message = `"${object.key}" is a sender domain, and no mail to it is delivered`
    found.push({ code: 'SUPPRESSED_OWN_DOMAIN', object, path: ['address'], message })
  }
  return found
}
