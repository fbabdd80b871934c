import { riskRules } from '../../src/engine/plan/risk.ts'
import type { ResourceKind } from '../../src/model/kind/kind.ts'

/** The table of docs/safety.md: which change of which kind could break what. */
export function riskTable(kinds: readonly ResourceKind[]): string {
  const rows = riskRules(kinds).map(({ kind, when, level, why }) => `| \`${kind}\` | ${when} | ${level} | ${why} |\n`)
  return `| Kind | Change | Risk | Because |\n| --- | --- | --- | --- |\n${rows.join('')}`
}
