import { smtp2goApi } from '../../src/apis/smtp2go/api.ts'
import type { Mode } from '../../src/model/desired/document-fields.ts'
import type { DesiredObject } from '../../src/model/desired/object.ts'
import type { ScopeSpec, Spec } from '../../src/model/desired/spec.ts'
import { listPost, post } from '../../src/model/kind/call.ts'
import { boolean, integer, object, secret, set, string } from '../../src/model/kind/field.ts'
import { defineKind, type ResourceKind } from '../../src/model/kind/kind.ts'
import type { LiveObject } from '../../src/model/kind/live-object.ts'
import type { Live } from '../../src/model/run/live.ts'

/** A kind that no API has: the engine knows kinds only as data. */
export const lamp = defineKind({
  name: 'lamps',
  api: smtp2goApi,
  title: 'lamp',
  resource: 'lamp',
  doc: 'Gives light.',
  key: 'name',
  id: 'id',
  scope: 'subaccount',
  fields: {
    id: integer('Its number.', { computed: true }),
    name: string('Its name.', { required: true }),
    on: boolean('Whether it is lit.', { keepOne: true }),
    socket: string('Where it hangs.', { immutable: true }),
    code: secret('Opens it.', { writeOnly: true, required: 'create', resendWith: ['glow.level'] }),
    glow: object({ level: integer('How bright.'), hue: string('Which colour.', { caseless: true }) }, 'How it shines.'),
    switches: set(string('A switch.', { refersTo: 'switches' }), 'What turns it on.'),
  },
  calls: {
    list: listPost('/lamp/view'),
    create: post('/lamp/add'),
    update: post('/lamp/edit', { by: 'id', renames: 'name' }),
    delete: post('/lamp/remove', { by: 'id' }),
  },
  example: { name: 'desk' },
})

/** What lamps refer to. */
export const switchKind = defineKind({
  name: 'switches',
  api: smtp2goApi,
  title: 'switch',
  resource: 'switch',
  doc: 'Turns lamps on.',
  key: 'name',
  id: 'name',
  scope: 'subaccount',
  fields: { name: string('Its name.', { required: true }) },
  calls: {
    list: listPost('/switch/view'),
    create: post('/switch/add'),
    delete: post('/switch/remove', { by: 'name' }),
  },
  example: { name: 'wall' },
})

export const toys: readonly ResourceKind[] = [lamp, switchKind]
const scope = { account: 'home', subaccount: null }
const source = { file: 'toy.yaml', document: 0, path: [] }

/** A desired object. */
export function desired(
  kind: ResourceKind,
  values: Readonly<Record<string, unknown>>,
  more: Partial<DesiredObject> = {},
): DesiredObject {
  const key = String(values[kind.key])
  return { kind, scope, key, address: `${kind.name}/${key}`, values, state: 'present', protect: false, source, ...more }
}

/** A live object. */
export function live(kind: ResourceKind, id: string, values: Readonly<Record<string, unknown>>): LiveObject {
  return { key: String(values[kind.key]), id, values, dormant: false }
}

/** A spec of toys and what is live, ready to be compared. */
export function scene(
  objects: readonly DesiredObject[],
  there: { readonly lamps?: readonly LiveObject[]; readonly switches?: readonly LiveObject[] } = {},
  options: { readonly mode?: Mode; readonly allowEmpty?: boolean; readonly ignore?: ScopeSpec['ignore'] } = {},
): { readonly spec: Spec; readonly live: Live } {
  const section = (kind: ResourceKind) => ({
    kind,
    mode: options.mode ?? ('additive' as const),
    allowEmpty: options.allowEmpty ?? false,
    source,
  })
  const sections = new Map(toys.map((kind) => [kind.name, section(kind)]))
  const references = objects.flatMap((from) => {
    const names = from.values['switches']
    return Array.isArray(names) ? names.map((key) => ({ from, kind: 'switches', key: String(key), source })) : []
  })
  return {
    spec: {
      accounts: new Map(),
      scopes: [{ scope, sections, ignore: options.ignore ?? [] }],
      objects,
      references,
      hash: `sha256:${'0'.repeat(64)}`,
    },
    live: new Map([
      [
        'home',
        {
          id: null,
          collections: new Map([
            ['lamps', { known: true as const, objects: there.lamps ?? [] }],
            ['switches', { known: true as const, objects: there.switches ?? [] }],
          ]),
        },
      ],
    ]),
  }
}
