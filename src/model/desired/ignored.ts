import { globMatches } from '../address.ts'
import type { IgnoreRule } from './spec.ts'

/** True if a rule covers an object as a whole. Upper and lower case mean the same: a rule that protects too much does less harm. */
export function isIgnored(rules: readonly IgnoreRule[], kind: string, key: string): boolean {
  return rules.some((rule) => rule.field === undefined && rule.kind === kind && matchesRule(rule, key))
}

/** True if the key of a rule matches. */
export function matchesRule(rule: IgnoreRule, key: string): boolean {
  return globMatches(rule.key, key) || globMatches(rule.key.toLowerCase(), key.toLowerCase())
}
