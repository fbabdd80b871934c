import { describe, expect, test } from 'vitest'
import { draft, eventsOf, mailBench, messages, smtp } from './mail.ts'

describe('the submission server', () => {
  test('takes mail after STARTTLS and AUTH', async () => {
    await using emulator = await mailBench()
    expect(await smtp(emulator, { from: 'ann@shop.example', to: ['bob@example.net'] })).toBe('250 OK')
    const [message] = messages(emulator)
    expect(message).toMatchObject({
      channel: 'smtp',
      username: 'printer',
      envelope_from: 'ann@shop.example',
      subject: 'x',
      refused: null,
    })
    expect(eventsOf(message)).toEqual(['processed bob@example.net', 'delivered bob@example.net'])
  })

  test('refuses in the words of the service, and keeps what it refused', async () => {
    await using emulator = await mailBench()
    expect(await smtp(emulator, { from: 'ann@shop.example', to: ['bob@example.net'], pass: 'wrong' })).toBe(
      '535 Incorrect authentication data',
    )
    expect(await smtp(emulator, { from: 'ann@evil.example', to: ['bob@example.net'] })).toBe(
      '550-From header sender domain not verified (evil.example)\n550-On your Sending > Verified Senders page\n550 verify the sender domain or email to be allowed to send.',
    )
    expect(messages(emulator)).toMatchObject([{ refused: { rule: 'SENDER_UNVERIFIED', code: 550 }, events: [] }])
  })

  test('keeps the recipients who were refused with the message of the others', async () => {
    await using emulator = await mailBench({ allowedRecipients: { enabled: true, entries: ['example.net'] } })
    expect(await smtp(emulator, { from: 'ann@shop.example', to: ['bob@example.net', 'eve@example.org'] })).toBe(
      '250 OK',
    )
    const [message, ...more] = messages(emulator)
    expect(more).toEqual([])
    expect(message?.['recipients']).toMatchObject([
      { address: 'bob@example.net', fate: 'delivered' },
      { address: 'eve@example.org', fate: 'refused', rule: 'RECIPIENT_LIST' },
    ])
  })

  test('knows blank senders and subdomains by their settings', async () => {
    await using emulator = await mailBench()
    const blank = { from: '', to: ['bob@example.net'], raw: 'From: ann@shop.example\r\n\r\nhi\r\n' }
    expect(await smtp(emulator, blank)).toMatch(/^550 to send email from a blank sender/)
    emulator.settings({ blankSenders: true })
    expect(await smtp(emulator, blank)).toBe('250 OK')
    const below = { from: 'ann@news.shop.example', to: ['bob@example.net'] }
    expect(await smtp(emulator, below)).toMatch(/^550-From header sender domain not verified/)
    emulator.settings({ verifiedCoversSubdomains: true })
    expect(await smtp(emulator, below)).toBe('250 OK')
  })
})

describe('sending by API', () => {
  test('answers as seen live', async () => {
    await using emulator = await mailBench()
    const taken = await emulator.post('/email/send', draft())
    expect(taken.data).toMatchObject({ succeeded: 1, failed: 0, failures: [] })
    const refused = await emulator.post('/email/send', draft({ sender: 'x@evil.example' }))
    expect(refused.status).toBe(200)
    expect(refused.data).toEqual({
      succeeded: 0,
      failed: 1,
      failures: [
        'An error occurred during the SMTP request: From header sender domain not verified (evil.example)\nOn your Sending > Verified Senders page\nverify the sender domain or email to be allowed to send.',
      ],
      email_id: '',
    })
  })

  test('with fastaccept a refusal shows as an event alone', async () => {
    await using emulator = await mailBench()
    const { data } = await emulator.post('/email/send', draft({ sender: 'x@evil.example', fastaccept: true }))
    expect(data).toEqual({ email_id: expect.stringMatching(/^1\w{5}-\w{11}-\w{4}$/) })
    expect(eventsOf(messages(emulator)[0])).toEqual(['rejected bob@example.net'])
  })

  test('renders templates, escapes HTML and sends files', async () => {
    const template = { id: 'welcome', subject: 'Hi {{name}}', html_body: '<p>{{name}}</p>', text_body: 'Hi {{name}}' }
    await using emulator = await mailBench({ templates: [template] })
    const file = { filename: 'a.txt', fileblob: Buffer.from('file').toString('base64'), mimetype: 'text/plain' }
    const body = draft({ template_id: 'welcome', template_data: { name: 'A & B' }, attachments: [file] })
    expect((await emulator.post('/email/send', body)).data).toMatchObject({ succeeded: 1 })
    const [message] = messages(emulator)
    expect(message?.['subject']).toBe('Hi A & B')
    expect(message?.['raw']).toContain('A &amp; B')
    expect(message?.['raw']).toContain('filename=a.txt')
    expect((await emulator.post('/email/send', draft({ template_id: 'nothing' }))).status).toBe(400)
  })

  test('keeps to its limits', async () => {
    await using emulator = await mailBench()
    const many = Array.from({ length: 101 }, (_, at) => `p${at}@example.net`)
    expect((await emulator.post('/email/send', draft({ to: many }))).status).toBe(400)
    const later = new Date(Date.now() + 4 * 86_400_000).toISOString()
    expect((await emulator.post('/email/send', draft({ schedule: later }))).status).toBe(400)
    expect((await emulator.post('/email/send', draft({ text_body: 'x'.repeat(2_000_000) }))).status).toBe(200)
    expect(
      (await emulator.post('/email/send', draft({ attachments: [{ filename: 'a', url: 'https://example.com/a' }] })))
        .status,
    ).toBe(400)
  })

  test('sends later what is scheduled', async () => {
    await using emulator = await mailBench()
    const soon = new Date(Date.now() + 3_600_000).toISOString()
    const { data } = await emulator.post('/email/send', draft({ schedule: soon }))
    expect(data).toMatchObject({ succeeded: 1, schedule_id: expect.any(String) })
    expect(messages(emulator)).toEqual([])
    await emulator.advance('2 hours')
    expect(eventsOf(messages(emulator)[0])).toEqual(['processed bob@example.net', 'delivered bob@example.net'])
    expect((await emulator.post('/email/scheduled/search', {})).data).toEqual([])
  })
})
