#!/usr/bin/env node
import { tmpdir } from 'node:os'
import { kinds } from '../apis/index.ts'
import type { ResourceKind } from '../model/kind/kind.ts'
import type { Validate } from '../model/validation.ts'
import { createProvider } from './provider.ts'
import { serve } from './server/serve.ts'

declare const MAILCONFIG_VERSION: string | undefined
const version = typeof MAILCONFIG_VERSION === 'string' ? MAILCONFIG_VERSION : '0.0.0-source'
const validators = new Map<string, Promise<Validate>>()

/** The validator of a kind, compiled when the first configuration of that kind is checked. */
function validatorOf(kind: ResourceKind): Promise<Validate> {
  const known = validators.get(kind.name)
  if (known !== undefined) return known
  const made = compile(kind)
  validators.set(kind.name, made)
  return made
}

async function compile(kind: ResourceKind): Promise<Validate> {
  const [{ compileValidator }, { entrySchema }] = await Promise.all([
    import('../derive/schema/validator.ts'),
    import('../derive/schema/spec.ts'),
  ])
  return compileValidator(entrySchema(kind))
}

async function specValidator(): Promise<Validate> {
  const [{ compileValidator }, { specSchema }] = await Promise.all([
    import('../derive/schema/validator.ts'),
    import('../derive/schema/spec.ts'),
  ])
  return compileValidator(specSchema(kinds))
}

const plugin = createProvider({ kinds, env: process.env, version, cwd: process.cwd(), validatorOf, specValidator })
// No await at the top: Terraform's name for the file has no ending that Node takes for a module, so it is built as CommonJS.
serve(plugin, {
  env: process.env,
  version,
  pid: process.pid,
  platform: process.platform,
  tmpdir: tmpdir(),
  stdout: process.stdout,
  stderr: process.stderr,
  signals: process,
  parent: () => process.ppid,
  now: () => new Date(),
  ...(process.argv.includes('--debug') ? { debug: { provider: 'registry.terraform.io/mailconfig/mailconfig' } } : {}),
}).then((code) => process.stdout.write('', () => process.exit(code)))
