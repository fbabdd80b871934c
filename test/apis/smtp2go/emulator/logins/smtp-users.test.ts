import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalInterval } from '../../../../../src/emulator/input/interval.ts'
import { entropy } from '../../../../../src/emulator/input/password.ts'
import { at, bench, listAt, verdict } from '../../../../emulator/harness.ts'

const strong = 'vK4%hzQ!9pLm2#xT'
const full = {
  username: 'printer',
  description: 'till',
  custom_ratelimit: true,
  custom_ratelimit_value: 10,
  custom_ratelimit_period: '1 hour',
  audit_email: 'audit@shop.example',
  open_tracking_enabled: true,
  click_tracking_enabled: true,
  bounce_notifications: 'drop',
  status: 'sandbox',
}
const users = (...names: readonly string[]) => ({
  smtp2go: { scopes: { '': { smtpUsers: names.map((username) => ({ username })) } } },
})

describe('SMTP users', () => {
  test('defaults fill what an add leaves out', async () => {
    await using emulator = await bench()
    const reply = await emulator.post('/users/smtp/add', { username: 'printer' })
    expect(at(reply.data, 'results', 0)).toEqual({
      username: 'printer',
      sending_allowed: true,
      custom_ratelimit: false,
      custom_ratelimit_value: null,
      custom_ratelimit_period: '0:00:00',
      ippool: null,
      description: '',
      feedback_enabled: false,
      feedback_domain: 'default',
      feedback_html: '',
      feedback_text: '',
      archive_enabled: false,
      open_tracking_enabled: false,
      audit_email: null,
      bounce_notifications: 'from',
      status: 'allowed',
    })
  })

  test('a PATCH leaves alone what it does not name, a POST edit resets it', async () => {
    await using emulator = await bench()
    await emulator.post('/users/smtp/add', full)
    const patched = await emulator.patch('/users/smtp/edit', {
      username: 'printer',
      description: 'new till',
      feedback_enabled: null,
    })
    expect(at(patched.data, 0)).toMatchObject({
      description: 'new till',
      custom_rate_limit: true,
      custom_ratelimit_value: 10,
      custom_ratelimit_period: '01:00:00',
      click_tracking_enabled: true,
      status: 'sandbox',
    })
    const edited = await emulator.post('/users/smtp/edit', { username: 'printer', description: 'old till' })
    expect(at(edited.data, 'results', 0)).toMatchObject({
      description: 'old till',
      custom_ratelimit: false,
      custom_ratelimit_value: null,
      audit_email: null,
      open_tracking_enabled: false,
      bounce_notifications: 'from',
      status: 'allowed',
    })
  })

  test('a rate limit is only kept while it is on', async () => {
    await using emulator = await bench()
    await emulator.post('/users/smtp/add', { ...full, custom_ratelimit: false })
    const results = async () => at((await emulator.post('/users/smtp/view')).data, 'results', 0)
    expect(await results()).toMatchObject({ custom_ratelimit_value: null, custom_ratelimit_period: '0:00:00' })
    await emulator.patch('/users/smtp/edit', { username: 'printer', custom_ratelimit: true, custom_ratelimit_value: 5 })
    expect(await results()).toMatchObject({ custom_ratelimit: true, custom_ratelimit_value: 5 })
    await emulator.patch('/users/smtp/edit', { username: 'printer', custom_ratelimit: false })
    expect(await results()).toMatchObject({ custom_ratelimit: false, custom_ratelimit_value: null })
  })

  test('an audit address is cleared by null and by nothing', async () => {
    await using emulator = await bench()
    await emulator.post('/users/smtp/add', full)
    for (const audit_email of [null, '']) {
      await emulator.patch('/users/smtp/edit', { username: 'printer', audit_email: 'a@shop.example' })
      const reply = await emulator.patch('/users/smtp/edit', { username: 'printer', audit_email })
      expect(at(reply.data, 0, 'audit_email')).toBeNull()
    }
  })

  test('the filter of view finds parts of names, and nothing is not an error', async () => {
    await using emulator = await bench({ seed: users('user_1', 'user_11', 'other') })
    const names = async (username: string) =>
      listAt((await emulator.post('/users/smtp/view', { username })).data, 'results').map((user) =>
        at(user, 'username'),
      )
    expect(await names('user_1')).toEqual(['user_1', 'user_11'])
    expect(await names('nobody')).toEqual([])
    expect(at((await emulator.post('/users/smtp/view')).data, 'default_ratelimit_period')).toBe('unlimited')
  })

  test('names, passwords, periods and statuses are checked', async () => {
    await using emulator = await bench({ seed: users('taken') })
    const add = async (body: object) =>
      verdict(await emulator.post('/users/smtp/add', { username: 'printer', ...body }))
    expect(await add({ username: 'four' })).toBe('400 NON_VALIDATING_IN_PAYLOAD username')
    expect(await add({ username: 'a'.repeat(101) })).toBe('400 NON_VALIDATING_IN_PAYLOAD username')
    expect(await add({ username: 'has space' })).toBe('400 NON_VALIDATING_IN_PAYLOAD username')
    expect(await add({ username: 'taken' })).toBe('400 API_EXCEPTION')
    expect(await add({ email_password: 'Passw0rd' })).toBe('400 NON_VALIDATING_IN_PAYLOAD email_password')
    expect(await add({ custom_ratelimit_period: '1 fortnight' })).toContain('custom_ratelimit_period')
    expect(await add({ custom_ratelimit_value: 0 })).toContain('custom_ratelimit_value')
    expect(await add({ status: 'paused' })).toContain('status')
    expect(await add({ bounce_notifications: 'keep' })).toContain('bounce_notifications')
    expect(await add({})).toBe('200 ok')
    expect(verdict(await emulator.patch('/users/smtp/edit', { username: 'absent' }))).toBe('400 API_EXCEPTION')
    expect(verdict(await emulator.post('/users/smtp/remove', { username: 'absent' }))).toBe('400 API_EXCEPTION')
  })

  test('a refused password is not repeated', async () => {
    await using emulator = await bench()
    const reply = await emulator.post('/users/smtp/add', { username: 'printer', email_password: 'weakcanary' })
    expect(JSON.stringify(reply.body)).not.toContain('weakcanary')
  })

  test('passwords and click tracking are read back as the settings say', async () => {
    await using emulator = await bench()
    await emulator.post('/users/smtp/add', { ...full, email_password: strong })
    const user = async () => at((await emulator.post('/users/smtp/view')).data, 'results', 0)
    expect(await user()).not.toHaveProperty('email_password')
    expect(await user()).not.toHaveProperty('click_tracking_enabled')
    emulator.settings({ smtpPasswordReadback: 'echo', clickTrackingReadable: true })
    expect(await user()).toMatchObject({ email_password: strong, click_tracking_enabled: true })
    emulator.settings({ smtpPasswordReadback: 'mask' })
    expect(await user()).toMatchObject({ email_password: '********' })
  })

  test('an edit without a password keeps it, an empty one makes a new one', async () => {
    await using emulator = await bench({ settings: { smtpPasswordReadback: 'echo' } })
    await emulator.post('/users/smtp/add', { username: 'printer', email_password: strong })
    const password = async () => at((await emulator.post('/users/smtp/view')).data, 'results', 0, 'email_password')
    await emulator.post('/users/smtp/edit', { username: 'printer' })
    await emulator.patch('/users/smtp/edit', { username: 'printer' })
    expect(await password()).toBe(strong)
    await emulator.patch('/users/smtp/edit', { username: 'printer', email_password: '' })
    expect(await password()).toMatch(/^\w{24}$/)
  })

  test('IP authentications can be changed and removed but not added', async () => {
    const seed = { smtp2go: { scopes: { '': { ipAuth: [{ ip_address: '198.51.100.4' }] } } } }
    await using emulator = await bench({ seed })
    expect((await emulator.post('/ip_auth/add', { ip_address: '198.51.100.5' })).status).toBe(404)
    expect((await emulator.post('/ip_auth/edit', { ip_address: '198.51.100.4' })).status).toBe(405)
    expect((await emulator.patch('/ip_auth/edit', { ip_address: '198.51.100.4', status: 'blocked' })).status).toBe(200)
    expect(at((await emulator.post('/ip_auth/view')).data, 'results', 0, 'status')).toBe('blocked')
    expect((await emulator.post('/ip_auth/remove', { ip_address: '198.51.100.4' })).status).toBe(200)
    expect(listAt((await emulator.post('/ip_auth/view')).data, 'results')).toEqual([])
  })
})

describe('intervals', () => {
  test.each([
    ['1 hour', '01:00:00'],
    ['36 hours', '36:00:00'],
    ['0:30:00', '00:30:00'],
    ['1 day', '1 day'],
    ['1 week', '7 days'],
    ['1 month', '30 days'],
    ['4 months 5:00:00', '120 days 05:00:00'],
    ['2 months,3:00:00', '60 days 03:00:00'],
    ['1 hour 0:30:00', '01:30:00'],
    ['0 days', '0:00:00'],
    ['7 days', '7 days'],
  ])('%s comes back as %s', (sent, canonical) => {
    expect(canonicalInterval(sent)).toBe(canonical)
  })

  test.each(['', 'hour', '1', '1 year', '1 hour 2 days', '-1 day', '1:60:00', '1 hourly'])('"%s" is none', (text) => {
    expect(canonicalInterval(text)).toBeUndefined()
  })

  test('what is canonical stays as it is', () => {
    const unit = fc.constantFrom('hours', 'days', 'weeks', 'months')
    fc.assert(
      fc.property(fc.nat(500), unit, fc.nat(99), fc.nat(59), (count, name, hours, minutes) => {
        const canonical = canonicalInterval(`${count} ${name} ${hours}:${String(minutes).padStart(2, '0')}:00`)
        expect(canonical).toBeDefined()
        expect(canonicalInterval(canonical ?? '')).toBe(canonical)
      }),
    )
  })
})

test('repeated and running characters add no entropy', () => {
  expect(entropy('aaaaaaaaaaaaaaaaaaaaaaaa')).toBeLessThan(10)
  expect(entropy('abcdefghijklmnopqrstuvwx')).toBeLessThan(10)
  expect(entropy(strong)).toBeGreaterThan(64)
})
