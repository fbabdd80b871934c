import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Plan } from '../../src/engine/plan/plan.ts'
import { closedGates } from '../../src/engine/reconcile.ts'
import { isRecord } from '../../src/model/json.ts'
import { canonicalUrl } from '../../src/model/value/formats.ts'
import { openWorld, realChanges, type World } from '../apis/kinds/world.ts'
import { KEYS, rows } from '../engine/account.ts'
import { type Laid, lay, RUNS, tries } from './pair.ts'

type Row = Record<string, unknown>

/** Each object of the emulator's state by its address; the lists are one object each. */
function objects(world: World): Map<string, string> {
  const state = world.emulator.state()
  const scope = deep(state, 'smtp2go', 'scopes', '')
  const all = new Map<string, string>()
  for (const [name, key] of Object.entries({ ...KEYS, domains: '' }))
    for (const row of rows(deep(scope, name)))
      all.set(
        name === 'domains' ? `senderDomains/${domainOf(row)}` : `${name}/${keyOf(String(row[key]))}${made(row)}`,
        text(row),
      )
  for (const name of ['allowedSenders', 'allowedRecipients']) all.set(name, text(deep(scope, name)))
  for (const list of ['smtp', 'api']) all.set(`ipAllowlist/${list}`, text(deep(scope, 'ipAllowList', list)))
  for (const row of rows(deep(state, 'backoffice', 'providers')))
    all.set(`providers/${String(row['caption'])}`, text(row))
  return all
}

/** One of the spellings that a URL has is its key. */
const keyOf = (name: string) => canonicalUrl(name) ?? name
/** Suppressions that the service made are no objects of ours. */
const made = ({ reason }: Row) => (reason === undefined || reason === 'manual' ? '' : ` by ${String(reason)}`)
const domainOf = (row: Row) => String(deep(row, 'domain', 'fulldomain'))
const text = (value: unknown) => JSON.stringify(value)
const deep = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((one, name) => (isRecord(one) ? one[name] : undefined), value)

/** The columns of an SMTP user's row that a field of the spec stands for. */
const COLUMNS: Readonly<Record<string, string>> = {
  description: 'description',
  status: 'status',
  ipPool: 'ippool',
  openTracking: 'open_tracking_enabled',
  archive: 'archive_enabled',
  auditEmail: 'audit_email',
  bounceNotifications: 'bounce_notifications',
}

describe('a spec and an account, whatever they are', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())
  const writes = () => world.emulator.requests().filter((request) => request.writes)
  const count = { applied: 0, refused: 0, gated: 0, changes: 0, deletes: 0, unmanaged: 0, ignored: 0 }

  it(`once applied, nothing is left to do and nothing else was touched (${RUNS} pairs)`, async () => {
    await tries(async (pair) => {
      const laid = await lay(world, pair)
      world.emulator.clearRequests()
      const before = objects(world)
      const first = await world.planText(laid.spec)
      const open = first.ok ? await openGates(first.plan, laid, before) : undefined
      expect(writes()).toEqual([])
      if (open === undefined) {
        count.refused += 1
        return
      }
      const results = await world.carry(open)
      expect(results.filter(({ outcome }) => outcome !== 'done')).toEqual([])
      expect(writes().length).toBeLessThanOrEqual(open.calls)
      touched(before, objects(world), open)
      for (const address of laid.ignored) expect(objects(world).get(address)).toBe(before.get(address))
      for (const { address } of open.unmanaged)
        if (before.has(address)) expect(objects(world).get(address)).toBe(before.get(address))
      count.applied += 1
      count.changes += results.length
      count.deletes += open.changes.filter(({ action }) => action === 'delete').length
      count.unmanaged += open.unmanaged.length
      count.ignored += laid.ignored.length
      // Again: nothing.
      world.emulator.clearRequests()
      const again = await world.planText(laid.spec)
      expect(realChanges(again).map(({ action, address }) => `${action} ${address}`)).toEqual([])
      if (again.ok) await world.carry(again.plan)
      expect(writes()).toEqual([])
    })
    process.stdout.write(`${RUNS} pairs: ${JSON.stringify(count)}\n`)
    // What is to be proved has to come up often enough.
    expect(count.applied).toBeGreaterThan(RUNS / 2)
    const { gated, changes, deletes, unmanaged, ignored } = count
    for (const times of [gated, changes, deletes, unmanaged, ignored]) expect(times).toBeGreaterThan(RUNS / 20)
  }, 7_200_000)

  /** The plan with every gate open, by its number and no other way; undefined where one cannot be opened. */
  async function openGates(plan: Plan, { spec }: Laid, before: Map<string, string>): Promise<Plan | undefined> {
    const closed = closedGates(plan)
    if (closed.length === 0) return plan
    count.gated += 1
    await expect(world.carry(plan)).rejects.toThrow('a gate is closed')
    const tokens = closed.flatMap(({ token }) => token ?? [])
    const wrong = await world.planText(
      spec,
      tokens.map((token) => token.replace(/.$/, (sign) => (sign === '0' ? '1' : '0'))),
    )
    expect(wrong.ok && closedGates(wrong.plan).map(({ number }) => number)).toEqual(closed.map(({ number }) => number))
    const opened = await world.planText(spec, tokens)
    expect(objects(world)).toEqual(before)
    return opened.ok && closedGates(opened.plan).length === 0 ? opened.plan : undefined
  }
})

/** Fails where an object differs that the plan does not change, or a field of a user that it does not name. */
function touched(before: Map<string, string>, after: Map<string, string>, plan: Plan): void {
  const planned = new Map(
    plan.changes.filter(({ action }) => action !== 'noop').map((one) => [lower(one.address), one]),
  )
  for (const address of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(address), after.get(address)]
    if (was === is) continue
    const change = planned.get(lower(address))
    expect(change, `${address} was ${was}, is ${is}`).toBeDefined()
    if (change?.action !== 'update' || !address.startsWith('smtpUsers/')) continue
    const named = new Set(change.fields.map(({ path }) => path.split('.')[0] ?? ''))
    const [old, fresh]: Row[] = [JSON.parse(was ?? '{}'), JSON.parse(is ?? '{}')]
    for (const [field, column] of Object.entries(COLUMNS))
      if (!named.has(field)) expect([field, fresh?.[column]]).toEqual([field, old?.[column]])
  }
}

const lower = (address: string) => address.toLowerCase()
