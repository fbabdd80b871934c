import { expect, test } from 'vitest'
import { textsUnder } from './files.ts'
import { brokenImports } from './import-rule.ts'

const sources = textsUnder('src', '.ts')

test('the house keeps the import rule', () => {
  expect(sources.size).toBeGreaterThan(100)
  expect(brokenImports(sources)).toEqual([])
})

test.each([
  ['a room that imports another room', 'src/engine/new.ts', `import { x } from '../http/connection.ts'`],
  [
    'a room that imports only a type of another room',
    'src/engine/new.ts',
    `import type { X } from '../apis/smtp2go/kinds/webhook.ts'`,
  ],
  ['a room that imports another one late', 'src/http/new.ts', `const x = await import('../engine/load.ts')`],
  [
    'a room that names a type of another one in place',
    'src/http/new.ts',
    `type X = import('../engine/load.ts').Loaded`,
  ],
  ['a room that hands on another one', 'src/derive/new.ts', `export { x } from '../apis/index.ts'`],
  ['a room that imports a door', 'src/engine/new.ts', `import { EXIT } from '../cli/invocation/io.ts'`],
  ['a room that imports the public door', 'src/apis/new.ts', `import { kinds } from '../index.ts'`],
  ['a door that imports another door', 'src/terraform/new.ts', `import { EXIT } from '../cli/invocation/io.ts'`],
  ['an API that imports another one', 'src/apis/smtp2go/client/new.ts', `import '../../backoffice/client/list.ts'`],
  ['an API that imports the list of all', 'src/apis/smtp2go/client/new.ts', `import { kinds } from '../../index.ts'`],
  [
    'a kind that imports a client',
    'src/apis/smtp2go/kinds/new.ts',
    `import { SMTP2GO_HOSTS } from '../client/regions.ts'`,
  ],
  ['a kind that imports the wire', 'src/apis/smtp2go/kinds/new.ts', `import { redact } from '../../../http/redact.ts'`],
  ['ground that imports a room', 'src/model/new.ts', `import '../engine/load.ts'`],
  ['ground that imports a package', 'src/model/new.ts', `import { request } from 'undici'`],
  ['an emulator that imports the ground', 'src/emulator/new.ts', `import { Secret } from '../model/secret.ts'`],
  [
    'an emulated API that imports its client',
    'src/apis/smtp2go/emulator/new.ts',
    `import { x } from '../client/key.ts'`,
  ],
  [
    'an emulated API that imports the ground',
    'src/apis/smtp2go/emulator/new.ts',
    `import { x } from '../../../model/json.ts'`,
  ],
  ['a client that imports its emulator', 'src/apis/smtp2go/client/new.ts', `import { x } from '../emulator/serve.ts'`],
  [
    'a kind that imports the emulator',
    'src/apis/smtp2go/kinds/new.ts',
    `import { x } from '../../../emulator/index.ts'`,
  ],
  ['an emulator that imports a type of a kind', 'src/emulator/new.ts', `import type { X } from '../apis/index.ts'`],
  ['a package in a room that is not its own', 'src/apis/new.ts', `import { parse } from 'yaml'`],
  ['only a type of a package in a room that is not its own', 'src/cli/new.ts', `import type { Hono } from 'hono'`],
  ['a part of a package in a room that is not its own', 'src/engine/new.ts', `import a from 'ajv/dist/2020.js'`],
  [
    'a package with a scope in a room that is not its own',
    'src/cli/new.ts',
    `import { serve } from '@hono/node-server'`,
  ],
  ['a package that has no room', 'src/engine/new.ts', `import _ from 'lodash'`],
  ['a module of Node without its node:', 'src/engine/new.ts', `import fs from 'fs'`],
  ['a package that is required', 'src/engine/new.ts', `const x = require('undici')`],
  ['a file outside src', 'src/cli/new.ts', `import x from '../../scripts/outputs.ts'`],
  ['an import that only a run can tell', 'src/cli/new.ts', 'const x = await import(`../engine/${name}.ts`)'],
  ['a folder that is no room', 'src/helpers/new.ts', ''],
  ['a file that is in no room', 'src/new.ts', ''],
])('%s turns the rule red', (_, path, text) => {
  expect(brokenImports(new Map([[path, text]]))).toHaveLength(1)
})

test.each([
  [
    'a door that imports rooms, ground and its own',
    'src/cli/new.ts',
    `import '../engine/a.ts'; import '../model/a.ts'; import './io.ts'`,
  ],
  ['a room that imports the ground and its own', 'src/engine/new.ts', `import '../model/a.ts'; import './plan.ts'`],
  ['an API that imports the wire', 'src/apis/smtp2go/client/new.ts', `import '../../../http/body.ts'`],
  ['a kind that imports another kind', 'src/apis/smtp2go/kinds/new.ts', `import '../fields/a.ts'; import './b.ts'`],
  ['a module of Node', 'src/model/new.ts', `import { isIP } from 'node:net'`],
  ['a package at home', 'src/derive/new.ts', `import { Ajv2020 } from 'ajv/dist/2020.js'`],
  [
    'an import in a comment',
    'src/engine/new.ts',
    `// import x from '../http/connection.ts'\n/* from '../cli/invocation/io.ts' */`,
  ],
  ['words that only look like imports', 'src/engine/new.ts', 'const text = `taken from ${place}`; // from there'],
])('%s is allowed', (_, path, text) => {
  expect(brokenImports(new Map([[path, text]]))).toEqual([])
})
