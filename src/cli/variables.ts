import { closest } from '../engine/closest.ts'
import { Stop } from './io.ts'

const PREFIX = 'MAILCONFIG_'

/** Every variable of ours that the command line reads. */
const KNOWN = ['AUDIT_LOG', 'LEDGER', 'LEDGER_PASSWORD', 'LEDGER_USERNAME', 'NOTIFY_URL', 'PLAN_KEY']

/**
 * Ends a run where a variable looks like a misspelt one of ours: `MAILCONFIG_LEDGR` would leave the run without its ledger.
 * Others that begin so are somebody's own, for `${env:…}` or a job.
 */
export function refuseMisspelt(env: Readonly<Record<string, string | undefined>>): void {
  for (const name of Object.keys(env)) {
    if (!name.startsWith(PREFIX)) continue
    const rest = name.slice(PREFIX.length)
    const meant = KNOWN.includes(rest) ? undefined : closest(rest, KNOWN)
    if (meant !== undefined)
      throw new Stop(`the variable ${name} is none of mailconfig`, { hint: `did you mean "${PREFIX}${meant}"?` })
  }
}
