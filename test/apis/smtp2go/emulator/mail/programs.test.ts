import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hasProgram } from '../../../../emulator/program.ts'
import { mailBench, messages } from './mail.ts'

// What people have at hand to send a mail with.

interface Ended {
  readonly code: number
  readonly said: string
}

const run = (program: string, args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) =>
    execFile(program, args, { timeout: 20_000 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), said: `${stdout}${stderr}` }),
    ),
  )

const login = ['--auth', 'PLAIN', '--auth-user', 'printer', '--auth-password', 'a-long-Passw0rd']

const hasTls = hasProgram('perl', 'libnet-ssleay-perl', ['-MNet::SSLeay', '-e', '1'])

describe.skipIf(!hasProgram('swaks') || !hasTls)('swaks', () => {
  test('signs in over TLS, sends, and is told every line of a refusal', async () => {
    await using emulator = await mailBench()
    const to = ['--server', emulator.smtp ?? '', '--tls', ...login, '--to', 'bob@example.net']
    const sent = await run('swaks', [...to, '--from', 'ann@shop.example', '--header', 'Subject: from swaks'])
    expect(sent).toMatchObject({ code: 0, said: expect.stringContaining('<~  250 OK') })
    const refused = await run('swaks', [...to, '--from', 'ann@evil.example'])
    expect(refused.code).not.toBe(0)
    expect(refused.said).toContain('550-From header sender domain not verified (evil.example)')
    expect(refused.said).toContain('550 verify the sender domain or email to be allowed to send.')
    expect(messages(emulator)).toMatchObject([
      { subject: 'from swaks', username: 'printer', refused: null },
      { refused: { rule: 'SENDER_UNVERIFIED' } },
    ])
  })
})

describe.skipIf(!hasProgram('curl'))('curl', () => {
  test('sends over SMTP and by the API', async () => {
    await using emulator = await mailBench()
    const dir = await mkdtemp(join(tmpdir(), 'mailconfig-curl-'))
    try {
      const file = join(dir, 'mail.eml')
      writeFileSync(file, 'From: ann@shop.example\r\nTo: bob@example.net\r\nSubject: from curl\r\n\r\nhello\r\n')
      const url = `smtp://${emulator.smtp}`
      const from = ['--mail-from', 'ann@shop.example', '--mail-rcpt', 'bob@example.net', '--upload-file', file]
      const bySmtp = await run('curl', ['-sS', '-k', '--ssl-reqd', url, '-u', 'printer:a-long-Passw0rd', ...from])
      expect(bySmtp).toEqual({ code: 0, said: '' })
      const body = { sender: 'ann@shop.example', to: ['bob@example.net'], subject: 'by API', text_body: 'hello' }
      const headers = ['-H', 'content-type: application/json', '-H', `x-smtp2go-api-key: ${emulator.apiKey}`]
      const byCall = await run('curl', [
        ...['-sS', `${emulator.smtp2go}/email/send`, ...headers],
        ...['-d', JSON.stringify(body)],
      ])
      expect(JSON.parse(byCall.said)).toMatchObject({ data: { succeeded: 1, failed: 0 } })
      const wrong = await run('curl', ['-sS', '-k', '--ssl-reqd', url, '-u', 'printer:wrong', ...from])
      expect(wrong.code).toBe(67) // its code for a login that was refused
      expect(messages(emulator).map(({ subject }) => subject)).toEqual(['from curl', 'by API'])
    } finally {
      await rm(dir, { recursive: true })
    }
  })
})
