import { resolve } from 'node:path'
import { apis } from '../../apis/index.ts'
import { resourceAttributes, type TerraformAttribute } from '../../derive/terraform/attributes.ts'
import type { Loaded } from '../../model/desired/spec.ts'
import type { ResourceKind } from '../../model/kind/kind.ts'
import { formatPosition } from '../../model/position.ts'
import type { Validate } from '../../model/validation.ts'
import { toAttribute } from '../attributes/schema.ts'
import { isMap, toState } from '../attributes/values.ts'
import type { Attribute, Diagnostic, Schema, StateAnswer, Value, ValueMap } from '../protocol/plugin.ts'

/** What reading a spec needs. */
interface SpecSurroundings {
  readonly kinds: readonly ResourceKind[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly validate: () => Promise<Validate>
}

/** A YAML spec as values, so that one `for_each` for each kind manages what it names. */
export function specSchema(kinds: readonly ResourceKind[]): Schema {
  const lists = kinds.map((kind): Attribute => {
    const inner = written(resourceAttributes(kind)).map(asComputed)
    return {
      name: listName(kind),
      description: `Every ${kind.title} of the spec, without its secrets.`,
      computed: true,
      nested: { nesting: 'list', attributes: inner },
    }
  })
  return {
    version: 0,
    description:
      'Reads a YAML spec, checks it as `mailconfig validate` does, and gives what it names as values, without secrets. Its accounts are ignored: the provider has its own.',
    attributes: [
      {
        name: 'file',
        type: 'string',
        required: true,
        description: 'The file or folder of the spec, from the folder where Terraform runs.',
      },
      { name: 'variables', type: ['map', 'string'], optional: true, description: 'Values for `${var:NAME}`.' },
      ...lists,
    ],
  }
}

/** `smtp_users`: the section's name as Terraform writes it. */
function listName(kind: ResourceKind): string {
  return kind.name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function written(attributes: readonly TerraformAttribute[]): TerraformAttribute[] {
  return attributes.filter(({ role, field, name, required, optional }) => {
    if (name === 'subaccount') return true
    if (field === undefined || role === 'writeOnly' || role === 'version') return role === 'switch'
    return field.definition.secret !== true && (required === true || optional === true)
  })
}

function asComputed(one: TerraformAttribute): Attribute {
  const { name, description, type } = toAttribute(one)
  const { nested } = one
  const inner =
    nested === undefined
      ? {}
      : { nested: { nesting: nested.nesting, attributes: written(nested.attributes).map(asComputed) } }
  return { name, description, computed: true, ...(nested === undefined && type !== undefined ? { type } : inner) }
}

/** Loads the spec and gives its objects; every problem is a diagnostic with its place in the file. */
export async function readSpecData(config: ValueMap, around: SpecSurroundings): Promise<StateAnswer> {
  const { load } = await import('../../engine/load.ts')
  const { withoutNames } = await import('../../engine/read/lookup.ts')
  const variables = config['variables']
  const vars = isMap(variables) ? Object.entries(variables) : []
  const read = await load({
    paths: [resolve(around.cwd, String(config['file']))],
    cwd: around.cwd,
    kinds: around.kinds,
    validate: await around.validate(),
    env: around.env,
    vars: Object.fromEntries(vars.map(([name, value]) => [name, String(value)])),
    emulated: true, // the accounts of the file are not used, so they need no credentials
    apis,
  })
  const loaded = await withoutNames(read)
  if (!loaded.ok) return { state: null, diagnostics: loaded.problems.map(problemText) }
  return { state: { ...config, ...listsOf(loaded, around.kinds) }, diagnostics: [] }
}

function listsOf(loaded: Loaded & { readonly ok: true }, kinds: readonly ResourceKind[]): ValueMap {
  return Object.fromEntries(
    kinds.map((kind): [string, Value] => {
      const attributes = written(resourceAttributes(kind))
      const objects = loaded.spec.objects.filter((one) => one.kind === kind && one.state === 'present')
      return [
        listName(kind),
        objects.map((one): Value => {
          const state = toState(attributes, one.values, null)
          if ('subaccount' in state) state['subaccount'] = one.scope.subaccount
          if (Array.isArray(kind.singleton)) state[kind.key] = one.key
          return withoutSecrets(attributes, state)
        }),
      ]
    }),
  )
}

function withoutSecrets(attributes: readonly TerraformAttribute[], value: Value): Value {
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(attributes, item))
  if (!isMap(value)) return value
  return Object.fromEntries(
    attributes.map((one): [string, Value] => {
      const inner = value[one.name] ?? null
      return [one.name, one.nested === undefined ? inner : withoutSecrets(written(one.nested.attributes), inner)]
    }),
  )
}

function problemText(problem: {
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly severity?: string
  readonly at?: Parameters<typeof formatPosition>[0]
}): Diagnostic {
  const place = problem.at === undefined ? '' : `${formatPosition(problem.at)}: `
  return {
    severity: problem.severity === 'warning' ? 'warning' : 'error',
    summary: problem.code,
    detail: `${place}${problem.message}.${problem.hint === undefined ? '' : ` ${problem.hint}`}`,
    path: ['file'],
  }
}
