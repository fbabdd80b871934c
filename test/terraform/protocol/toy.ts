import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Attribute, Diagnostic, Plugin, Schema, Value, ValueMap } from '../../../src/terraform/protocol/plugin.ts'
import { UNKNOWN } from '../../../src/terraform/protocol/plugin.ts'

const nobody: readonly Diagnostic[] = []

const optional = (name: string, type: NonNullable<Attribute['type']>): Attribute => ({
  name,
  type,
  description: `The ${name}.`,
  optional: true,
})

const box: Schema = {
  version: 1,
  description: 'A box that is a file.',
  attributes: [
    { name: 'id', type: 'string', description: 'The id.', computed: true },
    { name: 'name', type: 'string', description: 'The name; another one is another box.', required: true },
    optional('size', 'number'),
    optional('open', 'bool'),
    optional('labels', ['list', 'string']),
    optional('tags', ['set', 'string']),
    optional('notes', ['map', 'string']),
    optional('text', 'string'),
    { name: 'secret', type: 'string', description: 'In the state.', optional: true, sensitive: true },
    { name: 'password', type: 'string', description: 'Not in the state.', optional: true, writeOnly: true },
    { name: 'password_seen', type: 'number', description: 'Its length.', computed: true },
    {
      name: 'parts',
      description: 'What is in it.',
      optional: true,
      nested: {
        nesting: 'list',
        attributes: [
          { name: 'what', type: 'string', description: 'What.', required: true },
          optional('many', 'number'),
          {
            name: 'at',
            description: 'Where.',
            optional: true,
            nested: { nesting: 'single', attributes: [optional('x', 'number')] },
          },
        ],
      },
    },
    {
      name: 'sides',
      description: 'By name.',
      optional: true,
      nested: { nesting: 'map', attributes: [optional('colour', 'string')] },
    },
    {
      name: 'lids',
      description: 'In no order.',
      optional: true,
      nested: { nesting: 'set', attributes: [optional('colour', 'string')] },
    },
  ],
}

const boxes: Schema = {
  version: 0,
  description: 'How many boxes there are.',
  attributes: [
    { name: 'greeting', type: 'string', description: 'Comes back.', required: true },
    { name: 'count', type: 'number', description: 'How many.', computed: true },
    { name: 'shout', type: 'string', description: 'The greeting, loud.', computed: true },
  ],
}

const token: Schema = {
  version: 0,
  description: 'A token that no state has.',
  attributes: [
    { name: 'for', type: 'string', description: 'For what.', required: true },
    { name: 'value', type: 'string', description: 'The token.', computed: true },
  ],
}

/** A provider for boxes that are files below its `folder`; every part of the protocol, and nothing else. */
export function toyPlugin(): Plugin {
  let folder = ''
  const fileOf = (id: Value) => join(folder, `${String(id)}.json`)
  const load = (id: Value): ValueMap | null => {
    try {
      return JSON.parse(readFileSync(fileOf(id), 'utf8'))
    } catch {
      return null
    }
  }
  return {
    schema: {
      provider: {
        version: 0,
        description: 'Boxes.',
        attributes: [{ name: 'folder', type: 'string', description: 'Where the boxes are.', required: true }],
      },
      resources: { mailconfig_box: box },
      dataSources: { mailconfig_boxes: boxes },
      ephemeralResources: { mailconfig_token: token },
      listResources: {},
      functions: {
        join: {
          summary: 'Joins.',
          description: 'Joins texts.',
          parameters: [{ name: 'with', type: 'string', description: 'Between them.' }],
          variadic: { name: 'texts', type: 'string', description: 'The texts.' },
          returns: 'string',
        },
      },
      identities: {
        mailconfig_box: {
          version: 0,
          attributes: [{ name: 'id', type: 'string', description: 'The id.', requiredForImport: true }],
        },
      },
    },
    validateProvider: async () => nobody,
    validateResource: async (_, config) =>
      config['size'] === 13
        ? [{ severity: 'error', summary: 'Unlucky', detail: 'Not 13.', path: ['size'] }]
        : config['name'] === 'odd'
          ? [{ severity: 'warning', summary: 'Odd name', detail: 'As you like.', path: ['name'] }]
          : nobody,
    validateData: async () => nobody,
    validateEphemeral: async () => nobody,
    validateList: async () => nobody,
    configure: async (config) => {
      folder = String(config['folder'])
      return nobody
    },
    upgrade: async (_type, _version, state) => ({ state, diagnostics: nobody }),
    read: async (_, state) => {
      const stored = load(state['id'] ?? null)
      return {
        state: stored === null ? null : { ...state, text: stored['text'] ?? null },
        identity: { id: state['id'] ?? null },
        diagnostics: nobody,
      }
    },
    plan: async (_, { prior, proposed, config }) => {
      if (proposed === null) return { state: null, requiresReplace: [], diagnostics: nobody }
      const replace = prior !== null && prior['name'] !== proposed['name']
      const isNew = prior === null || replace
      const state = {
        ...proposed,
        password: null,
        id: isNew ? UNKNOWN : (proposed['id'] ?? null),
        password_seen:
          config?.['password'] === UNKNOWN ? UNKNOWN : config?.['password'] ? String(config['password']).length : 0,
      }
      return {
        state,
        requiresReplace: replace ? [['name']] : [],
        private: Buffer.from('kept'),
        diagnostics: nobody,
      }
    },
    apply: async (_, { prior, planned, config, private: priv }) => {
      if (Buffer.from(priv).toString() !== 'kept' && planned !== null) throw new Error('the private bytes are lost')
      if (planned === null) {
        rmSync(fileOf(prior?.['id'] ?? null))
        return { state: null, diagnostics: nobody }
      }
      if (planned['text'] === 'throw') throw new Error('the toy broke')
      const id = planned['id'] === UNKNOWN ? `box-${String(planned['name'])}` : (planned['id'] ?? null)
      const state = { ...planned, id, password_seen: String(config?.['password'] ?? '').length }
      writeFileSync(fileOf(id), JSON.stringify({ name: planned['name'], text: planned['text'] }))
      return { state, identity: { id }, private: priv, diagnostics: nobody }
    },
    import: async (type, { id }) => {
      const stored = load(id)
      if (stored === null) {
        return { resources: [], diagnostics: [{ severity: 'error', summary: 'No such box', detail: id }] }
      }
      return {
        resources: [
          {
            type,
            state: { id, name: stored['name'] ?? null, text: stored['text'] ?? null, password_seen: 0 },
            identity: { id },
          },
        ],
        diagnostics: nobody,
      }
    },
    move: async ({ state }) => ({
      state: { id: state['id'] ?? null, name: 'moved', password_seen: 0 },
      diagnostics: nobody,
    }),
    readData: async (_, config) => ({
      state: { ...config, count: 2 ** 40, shout: String(config['greeting']).toUpperCase() },
      diagnostics: nobody,
    }),
    openEphemeral: async (_, config) => ({
      result: { ...config, value: `token for ${String(config['for'])}` },
      private: Buffer.from('lease'),
      diagnostics: nobody,
    }),
    closeEphemeral: async (_, priv) =>
      Buffer.from(priv).toString() === 'lease'
        ? nobody
        : [{ severity: 'error', summary: 'Not the lease', detail: 'It is lost.' }],
    async *list() {
      for (const id of ['box-a', 'box-b']) yield { identity: { id }, name: `Box ${id}`, diagnostics: nobody }
    },
    call: async (_, [between, ...texts]) =>
      texts.length === 0 ? { error: 'no texts', argument: 1 } : { result: texts.join(String(between)) },
    stop: () => undefined,
    close: async () => undefined,
  }
}
