import { MailpitClient } from 'mailpit-api'
import { describe, expect, test } from 'vitest'
import { mailBench, smtp } from '../../apis/smtp2go/emulator/mail/mail.ts'
import type { Bench } from '../harness.ts'

// The npm client of Mailpit against the emulator, as people use it in their tests.

const clientOf = (emulator: Bench) => new MailpitClient(new URL(emulator.backoffice).origin)
const letter = {
  From: { Email: 'ann@shop.example', Name: 'Ann "A" Example' },
  To: [{ Email: 'bob@example.net', Name: 'Bob' }],
  Cc: [{ Email: 'cy@example.net' }],
  Bcc: ['dee@example.net'],
  Subject: 'Hello Bob',
  Text: 'hello',
  HTML: '<p>hello</p>',
  Tags: ['welcome'],
  Headers: { 'X-Order': '17' },
  Attachments: [{ Filename: 'a.txt', Content: Buffer.from('file').toString('base64'), ContentType: 'text/plain' }],
}

describe("Mailpit's client", () => {
  test('sends, waits, searches, reads and deletes', async () => {
    await using emulator = await mailBench()
    const client = clientOf(emulator)
    const waiting = client.waitForMessage({ query: 'to:bob@example.net' }, { timeout: 5000, interval: 20 })
    const { ID } = await client.sendMessage(letter)
    expect(await waiting).toMatchObject({
      ID,
      From: { Address: 'ann@shop.example', Name: 'Ann "A" Example' },
      To: [{ Address: 'bob@example.net', Name: 'Bob' }],
      Cc: [{ Address: 'cy@example.net' }],
      Bcc: [{ Address: 'dee@example.net' }],
      Subject: 'Hello Bob',
      Text: expect.stringContaining('hello'),
      HTML: expect.stringContaining('<p>hello</p>'),
      Tags: ['welcome'],
      Username: 'api-EmulatorMast',
      ReturnPath: 'ann@shop.example',
      Attachments: [{ FileName: 'a.txt', ContentType: 'text/plain', Size: 4 }],
    })
    expect((await client.getMessageHeaders(ID))['X-Order']).toEqual(['17'])
    expect(await client.getMessageSource(ID)).toContain('X-Order: 17')
    expect(await (await client.getMessageAttachment(ID, '0')).text()).toBe('file')
    expect(await client.renderMessageText('latest')).toContain('hello')
    expect(await client.renderMessageHTML('latest')).toContain('<p>hello</p>')
    await smtp(emulator, { from: 'ann@shop.example', to: ['eve@example.net'] })
    expect(await client.listMessages()).toMatchObject({ total: 2, messages_count: 2, count: 2, tags: ['welcome'] })
    expect(
      (await client.searchMessages({ query: 'subject:"Hello Bob" -to:eve' })).messages.map((one) => one.ID),
    ).toEqual([ID])
    expect((await client.searchMessages({ query: 'is:unread' })).messages_count).toBe(1)
    await client.setReadStatus({ Read: true })
    expect((await client.getInfo()).Unread).toBe(0)
    await client.deleteMessages({ IDs: [ID] })
    expect((await client.listMessages()).total).toBe(1)
    await client.deleteMessagesBySearch({ query: 'to:eve' })
    expect((await client.listMessages()).total).toBe(0)
    await expect(client.getMessageSummary(ID)).rejects.toThrow('404')
  })

  test('tags messages, and renames and removes tags', async () => {
    await using emulator = await mailBench()
    const client = clientOf(emulator)
    const { ID } = await client.sendMessage(letter)
    await client.setTags({ IDs: [ID], Tags: ['one', 'two'] })
    await client.renameTag('one', 'first')
    await client.deleteTag('two')
    expect(await client.getTags()).toEqual(['first'])
    expect((await client.searchMessages({ query: 'tag:first' })).count).toBe(1)
    expect(await client.getConfiguration()).toMatchObject({ ChaosEnabled: true })
  })

  test('makes steps of SMTP fail', async () => {
    await using emulator = await mailBench()
    const client = clientOf(emulator)
    const send = () => smtp(emulator, { from: 'ann@shop.example', to: ['bob@example.net'] })
    await client.setChaosTriggers({ Recipient: { ErrorCode: 452, Probability: 100 } })
    expect(await client.getChaosTriggers()).toMatchObject({ Recipient: { ErrorCode: 452, Probability: 100 } })
    expect(await send()).toMatch(/^452 Chaos/)
    await client.setChaosTriggers({ Sender: { ErrorCode: 451, Probability: 100 } })
    expect(await send()).toMatch(/^451 Chaos/)
    await client.setChaosTriggers({ Authentication: { ErrorCode: 535, Probability: 100 } })
    expect(await send()).toMatch(/^535 Chaos/)
    await client.setChaosTriggers({})
    expect(await send()).toBe('250 OK')
    await expect(client.setChaosTriggers({ Sender: { ErrorCode: 250, Probability: 1 } })).rejects.toThrow('400')
  })

  test('is told what is not served, and why a message is refused', async () => {
    await using emulator = await mailBench()
    const client = clientOf(emulator)
    const { ID } = await client.sendMessage(letter)
    for (const call of [
      () => client.releaseMessage(ID, { To: ['x@example.net'] }),
      () => client.htmlCheck(ID),
      () => client.linkCheck(ID),
      () => client.spamAssassinCheck(ID),
      () => client.getAttachmentThumbnail(ID, '0'),
    ])
      await expect(call()).rejects.toThrow('501')
    const stranger = { ...letter, From: { Email: 'eve@evil.example' } }
    await expect(client.sendMessage(stranger)).rejects.toThrow('400')
    expect((await client.searchMessages({ query: 'is:refused' })).count).toBe(1)
  })

  test('has a message that was refused only where a search asks for it', async () => {
    await using emulator = await mailBench()
    const client = clientOf(emulator)
    const { ID } = await client.sendMessage(letter)
    await smtp(emulator, { from: 'eve@evil.example', to: ['bob@example.net'] })
    expect(emulator.messages()).toHaveLength(2)
    expect((await client.listMessages()).total).toBe(1)
    expect((await client.searchMessages({ query: 'to:bob' })).messages.map((one) => one.ID)).toEqual([ID])
    expect((await client.searchMessages({ query: 'to:bob rule:sender_unverified' })).messages_count).toBe(1)
    expect((await client.getMessageSummary('latest')).ID).toBe(ID)
    expect((await client.getInfo()).RuntimeStats).toMatchObject({ SMTPAccepted: 1, SMTPRejected: 1 })
    await client.deleteMessages()
    expect(emulator.messages()).toEqual([])
  })

  test('reads, marks and tags as Mailpit does', async () => {
    await using emulator = await mailBench()
    const client = clientOf(emulator)
    const { ID } = await client.sendMessage({ ...letter, Tags: [] })
    await client.sendMessage({ ...letter, Subject: 'Other' })
    expect((await client.listMessages(1, 1)).messages.map((one) => one.ID)).toEqual([ID])
    await client.setReadStatus({ Search: 'subject:Hello', Read: true })
    expect(await client.listMessages()).toMatchObject({ unread: 1, messages_unread: 1 })
    await client.setTags({ IDs: [ID], Tags: ['a<b>', 'a<b>', ' ', 'c d'] })
    expect((await client.getMessageSummary(ID)).Tags).toEqual(['ab', 'c d'])
    const names = Object.keys(await client.getMessageHeaders(ID))
    expect(names).toEqual([...names].sort())
    const today = new Date().toISOString().slice(0, 10)
    expect((await client.searchMessages({ query: `before:${today}`, tz: 'Pacific/Auckland' })).messages_count).toBe(0)
    expect((await client.getMessageAttachment(ID, '0')).type).toBe('text/plain')
    await expect(client.getMessageAttachment(ID, '7')).rejects.toThrow('404')
    await expect(client.renameTag('ab', '<>')).rejects.toThrow('400')
  })

  test('counts an open for a view of the message, and not for its API', async () => {
    await using emulator = await mailBench({
      smtpUsers: [{ username: 'printer', email_password: 'a-long-Passw0rd', open_tracking_enabled: true }],
    })
    const client = clientOf(emulator)
    await smtp(emulator, { from: 'ann@shop.example', to: ['bob@example.net'] })
    const opens = () => emulator.messages()[0]?.events.filter(({ event }) => event === 'opened').length
    await client.getMessageSummary()
    await client.getMessageSource()
    expect(opens()).toBe(0)
    await client.renderMessageText()
    expect(opens()).toBe(1)
    await expect(client.renderMessageHTML()).rejects.toThrow('404') // it has none
  })
})
