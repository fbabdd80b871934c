import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mailBench, messages } from '../apis/smtp2go/emulator/mail/mail.ts'
import { at } from './harness.ts'

// A client of the API that somebody else wrote, from npm: what it sends is taken, and what it is answered is what it reads.

/** What is used of it; it comes with no types of its own. */
interface Smtp2goNode {
  client(): { apiUrl: string; consume(mail: unknown): Promise<Record<string, never>> }
  mail(): ForeignMail
}
interface ForeignMail {
  from(person: object): ForeignMail
  to(person: object): ForeignMail
  cc(person: object): ForeignMail
  subject(text: string): ForeignMail
  html(text: string): ForeignMail
  text(text: string): ForeignMail
  headers(header: object): ForeignMail
  attach(file: string): ForeignMail
  template(id: string, data: ReadonlyMap<string, unknown>): ForeignMail
}
const { default: smtp2goNode }: { default: (key: string) => Smtp2goNode } = createRequire(import.meta.url)(
  'smtp2go-nodejs',
)

test('smtp2go-nodejs sends a message, a file and a template, and reads a refusal', async () => {
  await using emulator = await mailBench({
    templates: [{ id: 'hello', name: 'Hello', subject: 'Hi {{name}}', html_body: '<p>{{name}}</p>', text_body: 'x' }],
  })
  const dir = await mkdtemp(join(tmpdir(), 'mailconfig-client-'))
  try {
    const file = join(dir, 'report.csv')
    writeFileSync(file, 'a,b\n')
    const theirs = smtp2goNode(emulator.apiKey)
    const client = theirs.client()
    client.apiUrl = `${emulator.smtp2go}/`
    const person = (email: string) => ({ name: 'Somebody', email })
    const letter = () => theirs.mail().from(person('ann@shop.example')).to(person('bob@example.net'))
    const sent = await client.consume(
      letter()
        .cc(person('cy@example.net'))
        .subject('from their client')
        .html('<p>hello</p>')
        .text('hello')
        .headers({ header: 'X-Order', value: '17' })
        .attach(file),
    )
    expect(at(sent, 'data')).toMatchObject({ succeeded: 1, failed: 0 })
    await client.consume(
      letter()
        .subject('')
        .html('')
        .template('hello', new Map([['name', 'Bob']])),
    )
    expect(messages(emulator)).toMatchObject([
      { subject: 'from their client', recipients: [{ address: 'bob@example.net' }, { address: 'cy@example.net' }] },
      { subject: 'Hi Bob' },
    ])
    expect(String(messages(emulator)[0]?.['raw'])).toMatch(/X-Order: 17[\s\S]*filename=report\.csv/)
    const stranger = theirs.mail().from(person('eve@evil.example')).to(person('bob@example.net'))
    const refused = await client.consume(stranger.subject('x').html('x'))
    expect(at(refused, 'data')).toMatchObject({ succeeded: 0, failed: 1 })
  } finally {
    await rm(dir, { recursive: true })
  }
})
