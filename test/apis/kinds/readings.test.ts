import { describe, expect, it } from 'vitest'
import type { Settings } from '../../../src/apis/emulator.ts'
import { kinds } from '../../../src/apis/index.ts'
import { CANARIES, openWorld, realChanges } from './world.ts'

/** Where the vendors' documents leave something open, every reading of them has to work. */
const readings: readonly Partial<Settings>[] = [
  {},
  { smtpPasswordReadback: 'echo' },
  { smtpPasswordReadback: 'mask' },
  { clickTrackingReadable: true },
  { rateLimitFlagName: 'custom_ratelimit' },
  { rateLimitFlagName: 'both' },
  { entryCase: 'lower' },
  { trackerEnabled: 'always' },
  { liveExtras: false },
  { publishedDns: 'all' },
  { singleSenderVerified: true },
  { suppressionPageSize: 1 },
  // not { webhookViewShape: 'object' }: an empty object is no list, and unknown is never taken as empty
  { webhookViewShape: 'wrapped' },
  { webhookAuthReadback: 'echo' },
  { webhookAuthReadback: 'mask' },
  { webhookTextLists: true },
  { webhookEditOmitted: 'reset' },
  { postEditPassword: 'generate' },
  { isEnabledReply: 'integer' },
  { isEnabledReply: 'string' },
  { passwordReadback: 'null' },
  { passwordReadback: 'mask' },
  { passwordReadback: 'echo' },
  { encryptionReply: 'upper' },
  { portReply: 'string' },
  { idName: 'providerId' },
  { extraFields: false },
  { listEnvelope: 'data' },
  { listEnvelope: 'data+total' },
  { createReply: 'empty' },
  { defaultLimit: 1, maxLimit: 1 },
  { translateMessages: true },
  { needsJsonContentType: true },
]

const everything: Readonly<Record<string, unknown>> = Object.fromEntries(
  kinds.map((kind) => {
    const [name] = kind.singleton === 'one' ? [] : (kind.singleton ?? [])
    const section =
      kind.singleton === 'one' ? kind.example : name === undefined ? [kind.example] : { [name]: kind.example }
    return [kind.name, section]
  }),
)
/** What no call makes has to be there. */
const seed = { smtp2go: { scopes: { '': { ipAuth: [{ ip_address: '198.51.100.4' }] } } } }
const more = {
  ...everything,
  providers: [
    ...(everything['providers'] as unknown[]),
    { ...kinds.find((kind) => kind.name === 'providers')?.example, caption: 'Second', enabled: false },
  ],
  suppressions: ['a@example.org', 'b.example.org', { address: 'c@example.org', description: 'Third' }],
}

describe('every reading of what the documents leave open', () => {
  for (const settings of readings)
    it(`${JSON.stringify(settings)}: what is applied has nothing left to do, and no secret shows`, async () => {
      const world = await openWorld({ settings, seed })
      try {
        const results = await world.apply(more)
        expect(results.filter((result) => result.outcome !== 'done')).toEqual([])
        expect(realChanges(await world.plan(more))).toEqual([])
        const exported = await world.exported()
        expect(realChanges(await world.planText(exported))).toEqual([])
        for (const canary of Object.values(CANARIES))
          expect(world.outputs()).not.toContain(JSON.stringify(canary).slice(1, -1))
      } finally {
        await world.close()
      }
    })

  it('a setting that the API shows only sometimes is compared when it does', async () => {
    const world = await openWorld({ settings: { clickTrackingReadable: true } })
    try {
      const user = { username: 'billing-app', password: '${env:BILLING_PASSWORD}' }
      await world.apply({ smtpUsers: [{ ...user, clickTracking: true }] })
      const [change] = realChanges(await world.plan({ smtpUsers: [{ ...user, clickTracking: false }] }))
      expect(change).toMatchObject({
        action: 'update',
        fields: [{ path: 'clickTracking', before: true, after: false }],
      })
    } finally {
      await world.close()
    }
  })

  it('a webhook keeps its token when something else of it changes, even where an edit resets what is left out', async () => {
    const world = await openWorld({ settings: { webhookEditOmitted: 'reset' } })
    try {
      const hook = {
        url: 'https://hooks.example.com/',
        events: ['bounce'],
        auth: { type: 'bearer', value: '${env:HOOK_TOKEN}' },
      }
      await world.apply({ webhooks: [hook] })
      await world.apply({ webhooks: [{ ...hook, events: ['spam'] }] })
      const state = world.emulator.state() as {
        smtp2go: { scopes: Record<string, { webhooks: Record<string, unknown>[] }> }
      }
      expect(state.smtp2go.scopes['']?.webhooks[0]).toMatchObject({
        events: ['spam'],
        auth_header_value: CANARIES['HOOK_TOKEN'],
      })
    } finally {
      await world.close()
    }
  })
})
