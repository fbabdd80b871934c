import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mailBench } from '../../apis/smtp2go/emulator/mail/mail.ts'
import { call } from '../harness.ts'

const RUNS = Number(process.env['MAILCONFIG_RUNS'] ?? 60)

/** Pieces of which messages are made, whole and broken. */
const piece = fc.constantFrom(
  'Content-Type: multipart/mixed; boundary=b\r\n',
  'Content-Type: text/html; charset=utf-16\r\n',
  'Content-Type: text/html\r\n',
  'Content-Transfer-Encoding: base64\r\n',
  'Content-Transfer-Encoding: quoted-printable\r\n',
  "Content-Disposition: attachment; filename*=UTF-8''%ED%A0%80%00.html\r\n",
  'Content-Type: image/svg+xml; name="=?utf-8?q?=FF=FE?="\r\nContent-ID: <%zz>\r\n',
  'Content-Type: message/rfc822\r\n',
  'Date: the day before\r\n',
  'Reply-To: a: b@c.example, d;\r\n',
  '\r\n',
  '--b\r\n',
  '--b--\r\n',
  '<a href="https://a.example/&#99999999;">x</a><img src="cid:%zz">',
  '=FF=\r\n',
  '</body',
)
const body = fc.array(fc.oneof({ weight: 3, arbitrary: piece }, fc.string({ unit: 'binary' })), { maxLength: 12 })

test('no message and no call makes a 500', { timeout: 300_000 }, async () => {
  const key = `api-${'EmulatorMaster'.padEnd(32, '0')}`
  const tracked = { click_tracking_enabled: true, open_tracking_enabled: true, feedback_enabled: true }
  await using emulator = await mailBench()
  const state = JSON.parse(JSON.stringify(emulator.state()))
  emulator.setState({ ...state, smtp2go: { ...state.smtp2go, keys: [{ api_key: key, endpoints: ['*'], ...tracked }] } })
  const origin = new URL(emulator.backoffice).origin
  const status = async (method: string, path: string, text?: string) =>
    (await call(method, `${origin}${path}`, {}, text)).status
  await fc.assert(
    fc.asyncProperty(body, fc.string({ unit: 'binary' }), fc.json(), async (pieces, word, json) => {
      const raw = `From: ann@shop.example\r\nTo: bob@example.net\r\nSubject: x\r\n${pieces.join('')}`
      const mime_email = Buffer.from(raw).toString('base64')
      const email_id = JSON.parse(JSON.stringify((await emulator.post('/email/mime', { mime_email })).data)).email_id
      expect(email_id).toMatch(/^1/)
      const [id, text] = [encodeURIComponent(email_id), encodeURIComponent(Buffer.from(word).toString())]
      const reads = [
        ...['/', `/__emulator/inbox/messages?search=${text}`, `/__emulator/inbox/messages/${text}`],
        ...['', '/html?dark=1', '/raw', '/parts/0', `/parts/${text}`].map(
          (what) => `/__emulator/inbox/messages/${id}${what}`,
        ),
        ...[`/__emulator/inbox/click/${id}/bob%40example.net?url=${text}`, `/view/${id}.html`, `/view/${id}.txt`],
        ...['', '/headers', '/raw', '/part/0', `/part/${text}`].map((what) => `/api/v1/message/${id}${what}`),
        ...[`/api/v1/search?query=${text}&tz=${text}&start=${text}&limit=${text}`, '/api/v1/info', '/api/v1/tags'],
      ]
      for (const path of reads) expect([path, (await status('GET', path)) < 500]).toEqual([path, true])
      const writes = [
        ...(['POST /api/v1/send', 'PUT /api/v1/messages', 'PUT /api/v1/tags', `PUT /api/v1/tags/${text}`] as const),
        ...(['PUT /api/v1/chaos', `DELETE /api/v1/search?query=${text}`] as const),
        ...([`POST /__emulator/inbox/messages/${id}/reactions`, 'DELETE /__emulator/inbox/messages'] as const),
      ]
      for (const write of writes) {
        const [method = '', path = ''] = write.split(' ')
        expect([write, (await status(method, path, json)) < 500]).toEqual([write, true])
      }
    }),
    { numRuns: RUNS },
  )
})
