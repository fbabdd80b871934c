/** The domain of an address, in lower case; empty for a text without one. */
export function domainOf(address: string): string {
  const at = address.lastIndexOf('@')
  return at < 0 ? '' : address.slice(at + 1).toLowerCase()
}

/** The entry that covers an address: itself, or its domain. */
export function coveringEntry(entries: { has(entry: string): boolean }, address: string): string | undefined {
  const whole = address.toLowerCase()
  if (entries.has(whole)) return whole
  const domain = domainOf(address)
  return domain !== '' && entries.has(domain) ? domain : undefined
}
