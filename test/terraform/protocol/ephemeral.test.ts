import { expect, test } from 'vitest'
import { kinds } from '../../../src/apis/index.ts'
import { compileValidator } from '../../../src/derive/schema/validator.ts'
import { decodeValue, encodeValue, typeOf } from '../../../src/terraform/protocol/cty.ts'
import { RPC, SEVERITY } from '../../../src/terraform/protocol/messages.ts'
import type { Plugin } from '../../../src/terraform/protocol/plugin.ts'
import { createProvider } from '../../../src/terraform/provider.ts'
import { newFolder } from './bundle.ts'
import { connect, serveHere } from './client.ts'
import { toyPlugin } from './toy.ts'

const { OpenEphemeralResource: OPEN, RenewEphemeralResource: RENEW, CloseEphemeralResource: CLOSE } = RPC

async function served(plugin: Plugin) {
  const { line, over } = await serveHere(plugin, newFolder())
  const { call, shutdown, close } = connect(line)
  const end = async () => {
    await shutdown()
    expect(await over).toBe(0)
    close()
  }
  return { call, end }
}

test('what is opened asks for no renewal; who renews it all the same gets it back as it was, with no further time', async () => {
  const { call, end } = await served(toyPlugin())
  const typeName = 'mailconfig_token'
  const opened = await call('OpenEphemeralResource', OPEN, { typeName })
  expect(opened).toMatchObject({ renewAt: undefined, private: expect.any(Uint8Array), diagnostics: [] })
  for (const kept of [opened.private, new Uint8Array(), undefined]) {
    const renewed = await call('RenewEphemeralResource', RENEW, { typeName, private: kept })
    expect(renewed).toEqual({ private: kept, renewAt: undefined, diagnostics: [] })
  }
  const stranger = await call('RenewEphemeralResource', RENEW, { typeName: 'mailconfig_nothing' })
  const detail = expect.stringContaining('mailconfig_nothing')
  expect(stranger.diagnostics).toMatchObject([{ severity: SEVERITY.error, detail }])
  await end()
})

test('closing what was opened reaches the plugin with its private bytes', async () => {
  const { call, end } = await served(toyPlugin())
  const typeName = 'mailconfig_token'
  const opened = await call('OpenEphemeralResource', OPEN, { typeName })
  const close = (kept?: Uint8Array) => call('CloseEphemeralResource', CLOSE, { typeName, private: kept })
  expect(await close(opened.private)).toEqual({ diagnostics: [] })
  expect(await close()).toMatchObject({ diagnostics: [{ summary: 'Not the lease' }] })
  await end()
})

test('the password for the moment: no renewal, nothing kept, nothing to close', async () => {
  const typeName = 'mailconfig_smtp_password'
  const validator = async () => compileValidator({})
  const cwd = process.cwd()
  const provider = createProvider({
    kinds,
    env: {},
    version: '0.0.0',
    cwd,
    validatorOf: validator,
    specValidator: validator,
  })
  const type = typeOf(provider.schema.ephemeralResources[typeName]?.attributes ?? [])
  const { call, end } = await served(provider)
  const config = { msgpack: encodeValue(type, { length: 20, result: null }) }
  const opened = await call('OpenEphemeralResource', OPEN, { typeName, config })
  expect(opened).toMatchObject({ renewAt: undefined, private: undefined, diagnostics: [] })
  const result = opened.result && decodeValue(type, opened.result)
  expect(result).toEqual({ length: 20, result: expect.stringMatching(/^.{20}$/) })
  const renewed = await call('RenewEphemeralResource', RENEW, { typeName })
  expect(renewed).toEqual({ private: undefined, renewAt: undefined, diagnostics: [] })
  expect(await call('CloseEphemeralResource', CLOSE, { typeName })).toEqual({ diagnostics: [] })
  await end()
})
