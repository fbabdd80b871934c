import { closest } from '../../model/text/closest.ts'
import { Stop } from '../invocation/exit.ts'

/** Every variable of ours that the command line reads. */
const KNOWN = [
  'MAILCONFIG_AUDIT_LOG',
  'MAILCONFIG_LEDGER',
  'MAILCONFIG_LEDGER_PASSWORD',
  'MAILCONFIG_LEDGER_USERNAME',
  'MAILCONFIG_NOTIFY_URL',
  'MAILCONFIG_PLAN_KEY',
].map((name) => name.slice('MAILCONFIG_'.length))

/**
 * Ends a run where a variable looks like a misspelt one of ours: `MAILCONFIG_LEDGR` would leave the run without its ledger.
 * Others that begin so are somebody's own, for `${env:…}` or a job.
 */
export function refuseMisspelt(env: Readonly<Record<string, string | undefined>>): void {
  for (const name of Object.keys(env)) {
    const rest = /^MAILCONFIG_(.+)$/.exec(name)?.[1]
    if (rest === undefined || KNOWN.includes(rest)) continue
    const meant = closest(rest, KNOWN)
    if (meant !== undefined)
      throw new Stop(`the variable ${name} is not a mailconfig variable`, {
        hint: `did you mean "MAILCONFIG_${meant}"?`,
      })
  }
}
