import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kinds } from '../../../src/apis/index.ts'
import { compileValidator } from '../../../src/derive/schema/validator.ts'
import { decodeValue, typeOf } from '../../../src/terraform/protocol/cty.ts'
import { RPC } from '../../../src/terraform/protocol/messages.ts'
import { createProvider } from '../../../src/terraform/provider.ts'
import { newFolder } from '../protocol/bundle.ts'
import { connect, serveHere } from '../protocol/client.ts'

const USER = 'mailconfig_smtp_user'
const VERIFICATION = 'mailconfig_sender_domain_verification'
const SECRET = 'Str0ng-Passw0rd!'
const state = { username: 'billing-app', password: SECRET, rate_limit: { messages: 500, per: '1 hour' } }

const dir = newFolder()
const provider = createProvider({
  kinds,
  env: {},
  version: '0.1.0',
  cwd: dir,
  validatorOf: async () => compileValidator({}),
  specValidator: async () => compileValidator({}),
})
let client: ReturnType<typeof connect>
let over: Promise<number>
beforeAll(async () => {
  const served = await serveHere(provider, dir)
  over = served.over
  client = connect(served.line)
})
afterAll(async () => {
  await client.shutdown()
  client.close()
  await over
  rmSync(dir, { recursive: true })
})

/** Asks for a move; `json` is what is stored. */
async function move(stored: unknown, from: { provider?: string; type?: string; version?: number; to?: string } = {}) {
  const {
    provider: address = 'registry.opentofu.org/mailconfig/mailconfig',
    type = USER,
    version = 0,
    to = USER,
  } = from
  const answer = await client.call('MoveResourceState', RPC.MoveResourceState, {
    sourceProviderAddress: address,
    sourceTypeName: type,
    sourceSchemaVersion: version,
    sourceState: { json: Buffer.from(typeof stored === 'string' ? stored : JSON.stringify(stored)) },
    targetTypeName: to,
  })
  const read = (of: string, wire: typeof answer.targetState) =>
    wire === undefined ? null : decodeValue(typeOf(provider.schema.resources[of]?.attributes ?? []), wire)
  const told = answer.diagnostics.map(({ summary, detail }) => `${summary}: ${detail}`).join('\n')
  expect(told).not.toContain(SECRET)
  return { state: read(to, answer.targetState), told, identity: answer.targetIdentity }
}

describe('state that a moved block brings', () => {
  it.each(['registry.opentofu.org/mailconfig/mailconfig', 'terraform.example.com/a-team/mailconfig'])(
    'of this provider at %s is taken over, secrets and all',
    async (address) => {
      const moved = await move({ ...state, status: null }, { provider: address })
      expect(moved.told).toBe('')
      expect(moved.state).toMatchObject({
        username: 'billing-app',
        password: SECRET,
        rate_limit: { enabled: null, messages: 500, per: '1 hour' },
        status: null,
        subaccount: null,
      })
      expect(moved.identity).toBeDefined()
    },
  )

  it('of a resource that is not a kind is taken over too', async () => {
    const stored = { domain: 'example.com', verified: true, id: 'example.com', status: 'verified' }
    const moved = await move(stored, { type: VERIFICATION, to: VERIFICATION })
    expect(moved).toMatchObject({ told: '', state: { ...stored, timeout: null } })
  })

  it('loses nothing that is there: what is not known is named, and null is nothing', async () => {
    expect((await move({ ...state, colour: null })).told).toBe('')
    const { told, state: after } = await move({ ...state, colour: SECRET, rate_limit: { burst: 1 } })
    expect(after).toBeNull()
    expect(told).toContain('what the state has in rate_limit.burst, colour.')
  })

  it.each([
    ['username', { username: 7 }],
    ['password', { username: 'billing-app', password: [SECRET] }],
    ['rate_limit', { username: 'billing-app', rate_limit: [SECRET] }],
    ['rate_limit.messages', { username: 'billing-app', rate_limit: { messages: SECRET } }],
    ['open_tracking', { username: 'billing-app', open_tracking: SECRET }],
    ['__proto__', `{"username":"billing-app","__proto__":{"password":"${SECRET}"}}`],
  ])('with something else in %s is refused', async (name, stored) => {
    const { told, state: after } = await move(stored)
    expect(told).toContain(`what the state has in ${name}.`)
    expect(after).toBeNull()
  })

  it('without what is required is refused', async () => {
    expect((await move({ password: SECRET })).told).toContain('The state has no "username".')
  })

  it('drops a value that no state should have', async () => {
    expect((await move({ ...state, password_wo: SECRET })).state).toMatchObject({ password_wo: null })
  })

  it('of a newer schema is refused', async () => {
    const { told } = await move(state, { version: 3 })
    expect(told).toContain('its schema has version 3, and this one knows 0. Use that version or a later one.')
  })

  it('of another provider or type is refused, with the way to go', async () => {
    const other = await move(state, { provider: 'registry.terraform.io/acme/smtp2go' })
    expect(other.told).toContain('registry.terraform.io/acme/smtp2go is another provider. Instead, import the object')
    const type = await move(state, { type: 'mailconfig_api_key' })
    expect(type.told).toContain('A mailconfig_api_key is no mailconfig_smtp_user. Instead, import the object')
    expect(type.told).toContain(`id = \`<username>\``)
    expect([other.state, type.state]).toEqual([null, null])
  })

  it.each(['', 'null', '[]', `{"password":"${SECRET}`])('that is not an object (%j) is an error', async (stored) => {
    const { told, state: after } = await move(stored)
    expect(told).not.toBe('')
    expect(after).toBeNull()
  })
})
