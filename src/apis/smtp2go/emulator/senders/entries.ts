import type { Settings } from '../state/settings.ts'

/** Adds entries to a list that ignores letter case; the first spelling of an entry stays. */
export function merge(into: Map<string, string>, added: readonly string[], settings: Settings): Map<string, string> {
  for (const entry of added) {
    const lower = entry.toLowerCase()
    if (!into.has(lower)) into.set(lower, settings.entryCase === 'lower' ? lower : entry)
  }
  return into
}
