import { formatScope, type Scope } from '../../model/address.ts'
import { matchesRule } from '../../model/desired/ignored.ts'
import type { DesiredObject } from '../../model/desired/object.ts'
import type { Account, IgnoreRule } from '../../model/desired/spec.ts'
import type { Field } from '../../model/kind/field.ts'
import { fieldOf, type ResourceKind } from '../../model/kind/kind.ts'
import { type Path, step } from '../../model/position.ts'
import type { Problem } from '../../model/problem.ts'
import { canonicalGlob } from '../../model/value/canonical.ts'
import type { Document } from '../documents/document.ts'

/** A rule, and the scopes for which its document speaks. */
export interface SaidRule {
  readonly rule: IgnoreRule
  readonly covers: (scope: Scope) => boolean
}

/** The rules of a document, for the scope that it is about; for every account of the right API where it names none. */
export function ignoreRules(
  document: Document,
  kinds: readonly ResourceKind[],
  accounts: ReadonlyMap<string, Account>,
  problems: Problem[],
): SaidRule[] {
  return document.ignore.flatMap((text, at) => {
    const source = step(step(document.source, 'ignore'), at)
    const [name = ''] = text.split('/')
    const kind = kinds.find((one) => one.name === name)
    if (kind === undefined) {
      problems.push({
        code: 'BAD_VALUE',
        message: `"${text}" does not name a kind`,
        source,
        hint: 'such as smtpUsers/legacy-*',
      })
      return []
    }
    const covers = ({ account, subaccount }: Scope) =>
      (document.account ?? account) === account &&
      (document.subaccount ?? null) === subaccount &&
      accounts.get(account)?.api === kind.api.name
    return readings(kind, text, name.length).map((reading) => ({
      rule: { text, kind: name, source, ...reading },
      covers,
    }))
  })
}

/** What a rule may mean: a whole key, a field behind `#`, or a field behind a dot. Where it could be two of them it is both: each protects. */
function readings(kind: ResourceKind, text: string, slash: number): Pick<IgnoreRule, 'key' | 'field'>[] {
  const rest = text.length === slash ? '*' : text.slice(slash + 1)
  const whole = { key: canonicalRule(kind, rest) }
  const fields = ['#', '.'].flatMap((mark) => {
    const at = rest.lastIndexOf(mark)
    const field = rest.slice(at + 1)
    return at > 0 && Object.hasOwn(kind.fields, field) ? [{ key: canonicalRule(kind, rest.slice(0, at)), field }] : []
  })
  return [whole, ...fields]
}

/** The key of a rule as live keys are written, as far as a glob lets it. */
function canonicalRule(kind: ResourceKind, key: string): string {
  const { members, singleton } = kind
  if (singleton === undefined) return canonicalGlob(fieldOf(kind, kind.key), key)
  const item = members === undefined ? undefined : memberField(kind, members.field, members.key)
  if (item === undefined) return key
  if (singleton === 'one') return canonicalGlob(item, key)
  const slash = key.indexOf('/')
  return slash < 0 ? key : `${key.slice(0, slash + 1)}${canonicalGlob(item, key.slice(slash + 1))}`
}

function memberField(kind: ResourceKind, name: string, key: string | undefined): Field | undefined {
  const field = kind.fields[name]
  const item = field !== undefined && 'items' in field ? field.items : undefined
  return item?.type === 'object' && key !== undefined ? item.fields[key] : item
}

/** Rules that ignore what their own scope declares. */
export function checkIgnored(
  scope: Scope,
  rules: readonly IgnoreRule[],
  objects: readonly DesiredObject[],
  problems: Problem[],
): void {
  if (rules.length === 0) return
  const here = objects.filter((one) => formatScope(one.scope) === formatScope(scope))
  for (const rule of rules) {
    for (const object of here) {
      if (object.kind.name !== rule.kind || !matchesRule(rule, object.key)) continue
      if (rule.field !== undefined && object.values[rule.field] === undefined) continue
      const path: Path = rule.field === undefined ? [] : [rule.field]
      problems.push({
        code: 'IGNORED_AND_DECLARED',
        message: `"${rule.text}" ignores what is declared as ${object.address}${rule.field === undefined ? '' : `.${rule.field}`}`,
        source: rule.source,
        also: { message: 'declared here', source: { ...object.source, path: [...object.source.path, ...path] } },
      })
    }
  }
}
