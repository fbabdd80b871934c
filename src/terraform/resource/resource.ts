import { importForm, resourceAttributes, type TerraformAttribute } from '../../derive/terraform/attributes.ts'
import { applyChange } from '../../engine/apply/change.ts'
import { diff } from '../../engine/diff/diff.ts'
import { finishEntry } from '../../engine/entries/normalize.ts'
import { valuesWithNames } from '../../engine/read/names.ts'
import { formatAddress, formatScope, type Scope } from '../../model/address.ts'
import { append } from '../../model/append.ts'
import type { DesiredObject } from '../../model/desired/object.ts'
import type { Spec } from '../../model/desired/spec.ts'
import type { FieldChange } from '../../model/kind/difference.ts'
import type { Values } from '../../model/kind/field.ts'
import { type ResourceKind, scopeKind } from '../../model/kind/kind.ts'
import type { LiveObject } from '../../model/kind/live-object.ts'
import { hasIdReference, holdsIds } from '../../model/kind/references.ts'
import { isError, type Problem } from '../../model/problem.ts'
import type { Change, EffectiveChange } from '../../model/run/change.ts'
import type { Delivery } from '../../model/run/delivery.ts'
import { SENSITIVE, Secret } from '../../model/secret.ts'
import { orDiagnostic, problemDiagnostic } from '../attributes/diagnostics.ts'
import { idText, keyOf, parseId } from '../attributes/id.ts'
import { isMap, toSpec, toState } from '../attributes/values.ts'
import type { ProviderAccounts } from '../configuration/accounts.ts'
import { type Diagnostic, type StateAnswer, Unknown, type Value, type ValueMap } from '../protocol/plugin.ts'
import { driftDiagnostics, existsDiagnostic, goneDiagnostic, resultDiagnostic } from './outcome.ts'
import { renewedSecrets } from './plan.ts'

/** A resource of a kind: everything that Terraform asks of it, made from the kind alone. */
export interface Resource {
  readonly kind: ResourceKind
  readonly attributes: readonly TerraformAttribute[]
  read(accounts: ProviderAccounts, state: ValueMap): Promise<StateAnswer>
  apply(
    accounts: ProviderAccounts,
    change: { readonly prior: ValueMap | null; readonly planned: ValueMap | null; readonly config: ValueMap | null },
  ): Promise<StateAnswer>
  import(id: string): { readonly state: ValueMap } | { readonly diagnostic: Diagnostic }
  /** The live object that a configuration names, where it names others by their names too. */
  find(accounts: ProviderAccounts, scope: Scope, values: ValueMap): Promise<LiveObject | undefined>
  /** All of them in a scope, those that are closed left out. */
  all(accounts: ProviderAccounts, scope: Scope): Promise<readonly LiveObject[]>
  /** A live object as a state of its own, as an import or a data source shows it. */
  stateOf(live: LiveObject, scope: Scope): ValueMap
}

/** Makes the resource of a kind. */
export function resourceOf(kind: ResourceKind, kinds: readonly ResourceKind[]): Resource {
  const attributes = resourceAttributes(kind)

  const scopeOf = (accounts: ProviderAccounts, state: ValueMap): Scope => {
    const name = state['subaccount']
    return accounts.scopeOf(kind, typeof name === 'string' ? name : null)
  }
  const finished = (live: LiveObject, scope: Scope, before: ValueMap | null): ValueMap => {
    const state = toState(attributes, live.values, before)
    for (const { name, role } of attributes) {
      if (role === 'id') state[name] = idText(kind, live.key, scope)
      if (role === 'scope') state[name] = scope.subaccount
      if (kind.singleton !== undefined && kind.singleton !== 'one' && name === kind.key) state[name] = live.key
    }
    return state
  }

  return {
    kind,
    attributes,
    stateOf: (live, scope) => finished(live, scope, null),
    find: (accounts, scope, values) => findNamed(accounts, scope, keyOf(kind, values)),
    all: async (accounts, scope) => {
      const open = (await accounts.all(kind, scope)).filter((one) => !one.dormant)
      return await Promise.all(open.map((one) => withNames(accounts, scope, one)))
    },
    read: (accounts, state) =>
      orDiagnostic<StateAnswer>(
        `The ${kind.title} could not be read`,
        async () => {
          const scope = scopeOf(accounts, state)
          const live = await findNamed(accounts, scope, keyOf(kind, state))
          const isGone = live === undefined || live.dormant
          return { state: isGone ? null : finished(live, scope, state), diagnostics: [] }
        },
        (diagnostic) => ({ state, diagnostics: [diagnostic] }),
      ),
    apply: (accounts, { prior, planned, config }) =>
      orDiagnostic<StateAnswer>(
        `The ${kind.title} could not be ${planned === null ? 'deleted' : prior === null ? 'made' : 'changed'}`,
        async () => {
          if (planned === null) return await destroy(accounts, prior ?? {})
          return await write(accounts, prior, planned, config ?? planned)
        },
        (diagnostic) => ({ state: prior, diagnostics: [diagnostic] }),
      ),
    import: (id) => {
      const found = parseId(kind, id)
      if (found === undefined)
        return {
          diagnostic: {
            severity: 'error',
            summary: 'This is not an import ID',
            detail: `"${id}" should be ${importForm(kind)}.`,
          },
        }
      const names = new Map<string, Value>(attributes.map(({ name }) => [name, null]))
      if (kind.singleton !== 'one') names.set(kind.key, found.key)
      if (names.has('subaccount')) names.set('subaccount', found.subaccount)
      return { state: Object.fromEntries(names) }
    },
  }

  async function write(
    accounts: ProviderAccounts,
    prior: ValueMap | null,
    planned: ValueMap,
    config: ValueMap,
  ): Promise<StateAnswer> {
    const scope = scopeOf(accounts, planned)
    const before = prior === null ? undefined : keyOf(kind, prior)
    const key = keyOf(kind, planned)
    const live = await findNamed(accounts, scope, before ?? key)
    if (prior === null && live !== undefined && !live.dormant && kind.singleton === undefined)
      return { state: null, diagnostics: [existsDiagnostic(kind, live.key, scope)] }
    const problems: Problem[] = []
    const source = { file: '', document: 0, path: [] }
    const values = finishEntry(kind, toSpec(attributes, config), source, problems)
    const desired: DesiredObject = {
      kind,
      scope,
      key,
      address: formatAddress(kind.name, key),
      values: { ...values, ...shownOnce(kind, planned) },
      state: 'present',
      protect: false,
      source,
      ...(before === undefined || before === key ? {} : { moved: before }),
    }
    const shown =
      live === undefined ? undefined : withApplied(kind, live, prior === null ? {} : toSpec(attributes, prior))
    const { change, found } = changeOf(desired, shown)
    append(problems, found)
    if (problems.some(isError)) return { state: prior, diagnostics: problems.map(problemDiagnostic) }
    const real = withSecrets(change, desired, shown, renewedSecrets(attributes, prior, planned))
    let secret: string | undefined
    if (real !== undefined) {
      const result = await applyChange(real, await idsFor(accounts, scope), {
        send: accounts.send,
        parallelism: 1,
        signal: accounts.signal,
        delivery: keepSecret((value) => {
          secret = value
        }),
      })
      accounts.forget(kind, scope)
      if (result.outcome !== 'done')
        return { state: prior, diagnostics: [resultDiagnostic(kind, result.outcome, result.error)] }
    }
    const made: Record<string, Value> = secret === undefined ? {} : { key: secret }
    const after = await orDiagnostic<LiveObject | Diagnostic | undefined>(
      `The ${kind.title} could not be read back`,
      () => findNamed(accounts, scope, key),
      (diagnostic) => diagnostic,
    )
    if (after === undefined) return { state: prior, diagnostics: [goneDiagnostic(kind, key)] }
    // It is there: a state without what only a read shows is better than an object that is not known.
    if ('severity' in after)
      return { state: settled(attributes, planned, made), diagnostics: [{ ...after, severity: 'warning' }] }
    const state = { ...finished(after, scope, planned), ...made }
    return {
      state: settled(attributes, planned, state),
      diagnostics: driftDiagnostics(kind, attributes, planned, state),
    }
  }

  async function destroy(accounts: ProviderAccounts, prior: ValueMap): Promise<StateAnswer> {
    const scope = scopeOf(accounts, prior)
    const key = keyOf(kind, prior)
    if (kind.calls.delete === undefined)
      return {
        state: null,
        diagnostics: [
          {
            severity: 'warning',
            summary: `The ${kind.title} stays as it is`,
            detail: 'The API cannot delete it, so Terraform only forgets it.',
          },
        ],
      }
    const live = await accounts.find(kind, scope, key)
    if (live === undefined || live.dormant) return { state: null, diagnostics: [] }
    const source = { file: '', document: 0, path: [] }
    const address = formatAddress(kind.name, key)
    const values: Values = shownOnce(kind, prior)
    const desired: DesiredObject = { kind, scope, key, address, values, state: 'absent', protect: false, source }
    const change: EffectiveChange = { action: 'delete', kind, scope, key, address, live, desired, fields: [] }
    const options = {
      send: accounts.send,
      parallelism: 1,
      signal: accounts.signal,
      delivery: keepSecret(() => undefined),
    }
    const result = await applyChange(change, await idsFor(accounts, scope), options)
    accounts.forget(kind, scope)
    if (result.outcome === 'done') return { state: null, diagnostics: [] }
    return { state: prior, diagnostics: [resultDiagnostic(kind, result.outcome, result.error)] }
  }

  /** The one diff there is, on one object. */
  function changeOf(desired: DesiredObject, live: LiveObject | undefined) {
    const name = formatScope(desired.scope)
    const source = desired.source
    const mode = kind.singleton === undefined ? ('additive' as const) : ('authoritative' as const)
    const spec: Spec = {
      accounts: new Map(),
      scopes: [
        {
          scope: desired.scope,
          sections: new Map([[kind.name, { kind, mode, allowEmpty: true, source }]]),
          ignore: [],
        },
      ],
      objects: [desired],
      references: [],
      hash: '',
    }
    const named = live === undefined ? [] : [live]
    const collections = new Map([[kind.name, { known: true as const, objects: named }]])
    const { changes, problems } = diff(spec, new Map([[name, { id: null, collections }]]))
    return { change: changes[0], found: problems }
  }

  /** A live object in which the names of others stand where the API has their ids. */
  async function findNamed(accounts: ProviderAccounts, scope: Scope, key: string): Promise<LiveObject | undefined> {
    const live = await accounts.find(kind, scope, key)
    return live === undefined ? undefined : await withNames(accounts, scope, live)
  }

  async function withNames(accounts: ProviderAccounts, scope: Scope, live: LiveObject): Promise<LiveObject> {
    const parent = scopeKind(kinds, kind.api)
    if (parent === undefined || !holdsIds(kind.fields, live.values)) return live
    const parents = await accounts.all(parent, { ...scope, subaccount: null })
    return {
      ...live,
      values: valuesWithNames(kind.fields, live.values, new Map([[parent.name, { known: true, objects: parents }]])),
    }
  }

  async function idsFor(accounts: ProviderAccounts, scope: Scope): Promise<Map<string, string>> {
    const parent = scopeKind(kinds, kind.api)
    if (parent === undefined || kind.api.inner === undefined) return new Map()
    if (scope.subaccount === null && !hasIdReference(kind.fields)) return new Map()
    const parents = await accounts.all(parent, { ...scope, subaccount: null })
    return new Map(parents.map((one) => [`${scope.account}:${parent.name}/${one.key}`, one.id]))
  }
}

/** For a kind whose secret is shown once: where it goes, and the one that the state holds. */
function shownOnce(kind: ResourceKind, prior: ValueMap | null): Values {
  if (kind.oneTimeSecret === undefined) return {}
  const key = prior?.['key']
  return { [kind.oneTimeSecret.to]: { file: 'state' }, ...(typeof key === 'string' ? { key: new Secret(key) } : {}) }
}

/** What the API does not show is what was applied last: the state remembers it. */
function withApplied(kind: ResourceKind, live: LiveObject, applied: Values): LiveObject {
  const hidden = Object.entries(kind.fields).filter(([name, field]) => {
    return field.unreadable !== undefined && live.values[name] === undefined && applied[name] !== undefined
  })
  const nested = Object.entries(kind.fields).filter(
    ([name, field]) => field.type === 'object' && live.values[name] === undefined && applied[name] !== undefined,
  )
  if (hidden.length + nested.length === 0) return live
  return {
    ...live,
    values: { ...live.values, ...Object.fromEntries([...hidden, ...nested].map(([name]) => [name, applied[name]])) },
  }
}

/** A change that also sends the secrets that are new. */
function withSecrets(
  change: Change | undefined,
  desired: DesiredObject,
  live: LiveObject | undefined,
  paths: readonly string[],
): EffectiveChange | undefined {
  if (change === undefined) return undefined
  if (change.action === 'create' || change.action === 'delete') return change
  const known = change.action === 'update' ? change.fields : []
  const more: FieldChange[] = paths
    .filter((path) => !known.some((field) => field.path === path))
    .map((path) => ({ path, before: SENSITIVE, after: SENSITIVE, sensitive: true }))
  if (change.action === 'update') return { ...change, fields: [...known, ...more] }
  if (more.length === 0 || live === undefined) return undefined
  return {
    action: 'update',
    kind: change.kind,
    scope: change.scope,
    key: change.key,
    address: change.address,
    desired,
    live,
    fields: more,
  }
}

function keepSecret(keep: (secret: string) => void): Delivery {
  return {
    refuses: () => undefined,
    deliver: async (_target, _file, _name, secret) => {
      keep(secret.reveal())
      return undefined
    },
    recall: () => undefined,
  }
}

/** What was known at plan time stays to the letter, as Terraform demands; the rest is what the API says. */
function settled(attributes: readonly TerraformAttribute[], planned: ValueMap, state: ValueMap): ValueMap {
  return Object.fromEntries(
    attributes.map((one): [string, Value] => {
      const [plan, now] = [planned[one.name] ?? null, state[one.name] ?? null]
      return [one.name, one.role === 'key' && plan instanceof Unknown ? now : merge(plan, now)]
    }),
  )
}

function merge(plan: Value, now: Value): Value {
  if (plan instanceof Unknown) return now instanceof Unknown ? null : now
  if (!isMap(plan)) return plan
  const after = isMap(now) ? now : {}
  return Object.fromEntries(Object.entries(plan).map(([name, value]) => [name, merge(value, after[name] ?? null)]))
}
