import { qualify } from '../../model/address.ts'
import { defined, sorted } from '../../model/json.ts'
import type { Problem } from '../../model/problem.ts'
import type { ChangeDocument, PlanDocument } from '../../model/run/plan-document.ts'
import type { ObjectMarks, SavedDocument } from '../../model/run/plan-file.ts'

/** What a plan made again looks like. */
export interface MadeAgain {
  readonly plan: PlanDocument
  /** Marks of all objects that the plan knows, those that stay as they are too. */
  readonly objects: Readonly<Record<string, ObjectMarks>>
  readonly secrets: Readonly<Record<string, string>>
}

/** What a reader still takes in; the rest is counted. */
const MOST = 50

/** Every way in which a plan made again differs from the one that was saved: object by object, in words, without a secret. */
export function staleness(saved: SavedDocument, now: MadeAgain): Problem[] {
  const [was, is] = [byAddress(saved), byAddress(now.plan)]
  const found = [...new Set([...was.keys(), ...is.keys()])].flatMap((address) => {
    const why = difference(was.get(address), is.get(address), saved.saved.objects[address], now.objects[address])
    return why === undefined ? [] : [stale('STALE_OBJECT', `${address} ${why}`)]
  })
  const secrets = Object.keys(saved.saved.secrets).flatMap((place) => {
    const address = place.slice(0, place.lastIndexOf(' '))
    if (!is.has(address) || saved.saved.secrets[place] === now.secrets[place]) return []
    return [stale('STALE_SECRET', `the secret ${place} is not the one that the plan was made with`)]
  })
  const all = [...found, ...secrets]
  if (all.length <= MOST) return all
  return [...all.slice(0, MOST), stale('STALE_OBJECT', `and ${all.length - MOST} more`)]
}

/** A reason why a saved plan is not applied. */
export function stale(code: string, message: string, hint?: string): Problem {
  return { code, message, ...defined({ hint }) }
}

function byAddress(plan: PlanDocument): Map<string, ChangeDocument> {
  return new Map(
    plan.changes.flatMap((change) =>
      change.action === 'noop' ? [] : [[qualify(change, change.address), change] as const],
    ),
  )
}

function difference(
  was: ChangeDocument | undefined,
  is: ChangeDocument | undefined,
  before: ObjectMarks | undefined,
  after: ObjectMarks | undefined,
): string | undefined {
  if (was === undefined) return is === undefined ? undefined : `was to stay as it is, and ${fate(is)}`
  if (before === null && after !== null && after !== undefined) return 'was not there, and is there now'
  if (before !== null && (after === null || after === undefined)) return 'was there, and is gone'
  const changed = changedNames(before ?? null, after ?? null)
  if (changed.length > 0) return `was changed since: ${changed.map((name) => inWords(name, was, is)).join(', ')}`
  if (is === undefined) return 'was to be changed, and the spec asks for nothing more'
  if (was.action !== is.action) return `was to be ${PAST[was.action]}, and ${fate(is)}`
  const asked = differentFields(was, is)
  if (asked.length > 0) return `is asked to be something else by the spec: ${asked.join(', ')}`
  return same(was, is) ? undefined : 'would be changed in another way'
}

const PAST = { create: 'made', update: 'updated', delete: 'deleted', noop: 'left' } as const

function fate({ action, fields }: ChangeDocument): string {
  const what = action === 'update' && fields.length > 0 ? ` (${fields.map(({ path }) => path).join(', ')})` : ''
  return `would be ${PAST[action]} now${what}`
}

function changedNames(before: ObjectMarks, after: ObjectMarks): string[] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])
  return [...names].filter((name) => before?.[name] !== after?.[name])
}

/** A changed field; its values too where both plans show them. */
function inWords(name: string, was: ChangeDocument, is: ChangeDocument | undefined): string {
  if (name.startsWith('(')) return `its ${name.slice(1, -1)}`
  const old = was.fields.find(({ path, sensitive }) => path === name && !sensitive)
  const fresh = is?.fields.find(({ path, sensitive }) => path === name && !sensitive)
  return old === undefined || fresh === undefined
    ? name
    : `${name} (it was ${short(old.before)}, it is ${short(fresh.before)})`
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}

function differentFields(was: ChangeDocument, is: ChangeDocument): string[] {
  const text = (change: ChangeDocument) =>
    new Map(change.fields.map(({ path, before, after }) => [path, JSON.stringify(sorted([before, after]))]))
  const [old, fresh] = [text(was), text(is)]
  return [...new Set([...old.keys(), ...fresh.keys()])].filter((path) => old.get(path) !== fresh.get(path))
}

/** True if two changes do the same by the same calls; why, at which line and at what risk is not compared. */
function same(was: ChangeDocument, is: ChangeDocument): boolean {
  return was.calls === is.calls && was.renamedFrom === is.renamedFrom && was.verb === is.verb
}
