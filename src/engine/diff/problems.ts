import { formatScope } from '../../model/address.ts'
import { matchesRule } from '../../model/desired/ignored.ts'
import type { DesiredObject } from '../../model/desired/object.ts'
import type { ScopeSpec } from '../../model/desired/spec.ts'
import { isOneCall } from '../../model/kind/call.ts'
import type { FieldChange } from '../../model/kind/difference.ts'
import { canRename, type ResourceKind } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import { nameIn } from '../../model/kind/twin-key.ts'
import type { Problem } from '../../model/problem.ts'
import type { Live } from '../../model/run/live.ts'
import { missingForCreate, missingSecretFields } from './fields.ts'
import { toGenerate } from './generated.ts'

/** What is protected is not deleted. */
export function protectedProblem(desired: DesiredObject): Problem {
  return {
    code: 'PROTECTED',
    message: `${desired.address} is protected and cannot be deleted`,
    hint: 'first remove "protect: true" in a separate change',
    source: desired.source,
  }
}

/** Why an object cannot be made: what it lacks, or what the API cannot do. */
export function createProblems(desired: DesiredObject): Problem[] {
  const { kind, address, source, id } = desired
  if (id !== undefined)
    return [
      {
        code: 'WRONG_ID',
        message: `there is no ${kind.title} with the id ${id} and the ${kind.key} "${nameIn(kind, desired.key)}", and ids are assigned by the API`,
        hint: `list the ids with "mailconfig export", or remove "id" to create a new one`,
        source: { ...source, path: [...source.path, 'id'] },
      },
    ]
  const made = new Set(toGenerate(desired))
  const missing = missingForCreate(kind.fields, desired.values).filter((path) => !made.has(path))
  const problems: Problem[] = missing.map((path) => ({
    code: 'MISSING_FIELD',
    message: `${address} is new and needs "${path}"`,
    source,
  }))
  if (kind.calls.create === undefined)
    problems.push({ code: 'CANNOT_CREATE', message: `the API has no call to create ${address}`, source })
  return problems
}

/** Why fields cannot be changed. */
export function updateProblems(desired: DesiredObject, fields: readonly FieldChange[]): Problem[] {
  const { kind, address, source } = desired
  const problems: Problem[] = []
  for (const { path, before, after } of fields) {
    const name = path.split('.')[0] ?? path
    const field = kind.fields[name]
    const at = { ...source, path: [...source.path, ...path.split('.')] }
    if (path === kind.key) {
      if (field?.immutable === true || !canRename(kind)) problems.push(cannotRename(desired, String(before)))
    } else if (field?.immutable === true)
      problems.push({
        code: 'IMMUTABLE',
        message: `${address}.${path} cannot be changed once it is set: it is ${JSON.stringify(before)}, not ${JSON.stringify(after)}`,
        hint: 'put the live value into the spec, or omit the field',
        source: at,
      })
    else if (field?.computed !== true && !canUpdate(kind, name))
      problems.push({
        code: 'CANNOT_CHANGE',
        message: `the API has no call to change ${address}.${path}`,
        hint: 'put the live value into the spec, or omit the field',
        source: at,
      })
  }
  for (const path of missingSecretFields(kind.fields, desired.values, fields))
    problems.push({
      code: 'NEEDS_SECRET',
      message: `this change of ${address} needs "${path}" again`,
      hint: 'a stored secret is never sent to a new destination on its own; add it as ${env:NAME}',
      source,
    })
  return problems
}

function cannotRename({ kind, address, key, moved, source }: DesiredObject, before: string): Problem {
  const code = 'CANNOT_RENAME'
  if (moved === undefined)
    return {
      code,
      message: `${address} is called "${before}" now, which is not in the spec, and the API has no call to rename it back`,
      hint: `write "${before}" instead of "${key}", or rename it back in the console`,
      source: { ...source, path: [...source.path, kind.key] },
    }
  return {
    code,
    message: `the API has no call to rename this ${kind.title}: "${before}" keeps its name`,
    hint: 'create the new one, move its users over, then remove the old one',
    source: { ...source, path: [...source.path, 'moved'] },
  }
}

function canUpdate(kind: ResourceKind, field: string): boolean {
  const { update } = kind.calls
  if (kind.members?.field === field) return true
  return update !== undefined && (isOneCall(update) || field in update)
}

/** Rules of a scope that match nothing there. */
export function warnUnusedRules({ scope, ignore, sections }: ScopeSpec, live: Live, problems: Problem[]): void {
  const used = new Set<string>()
  for (const rule of ignore) {
    const collection = live.get(formatScope(scope))?.collections.get(rule.kind)
    if (collection?.known !== true) continue
    if (collection.objects.some((one) => matchesRule(rule, one.key) || coversMember(rule.key, one, collection.objects)))
      used.add(rule.text)
  }
  for (const rule of new Map(ignore.map((one) => [one.text, one])).values()) {
    if (used.has(rule.text)) continue
    const where = sections.has(rule.kind) ? 'matches nothing' : 'is about a section that is not here'
    problems.push({
      code: 'UNUSED_RULE',
      severity: 'warning',
      message: `"${rule.text}" ${where}`,
      source: rule.source,
    })
  }
}

/** True if a rule is about entries of this list: its key stands in front of a slash, and a list of which there is one has none. */
function coversMember(key: string, one: LiveObject, all: readonly LiveObject[]): boolean {
  return one.key === '' ? all.length === 1 : key.startsWith(`${one.key}/`)
}
