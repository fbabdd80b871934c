import { afterEach, expect, test } from 'vitest'
import { printable } from '../../../src/cli/terminal/paint.ts'
import { closeHomes, home, STRONG, state } from '../harness.ts'

afterEach(closeHomes)

/** What GitHub's runner takes for a command: a line that begins so, whatever blanks are in front of it. */
const COMMAND = /^\s*(?:::[\w-]+.*::|##\[)/m

test.each(['::error::x', '   ::set-output name=a::b', '##[error]x', '\t::debug::x', '\n::error::x', '\r\n##[group]'])(
  '%j is no command any more',
  (text) => {
    expect(printable(text)).not.toMatch(COMMAND)
  },
)

test('an address of IPv6 is shown as it is', () => {
  expect(printable('::ffff:192.0.2.1')).toBe('::ffff:192.0.2.1')
})

test('no text of an API or of a file begins a line of the output as a command', async () => {
  const row = {
    id: 'hello-1',
    template_name: 'Hello',
    subject: 'Hi',
    text_body: 'Hi',
    html_body: '::error::live\n::warning::both\nold\n',
  }
  const at = await home({
    seed: state({
      templates: [row],
      smtpUsers: [{ username: 'old-app', status: 'allowed', description: '::error::x' }],
    }),
  })
  at.file('a.html', '::notice::new\n::warning::both\nnew\n')
  at.spec(
    'smtpUsers: [{ username: new-app, password: "${env:PW}", description: "::error file=x::y" }]\ntemplates: [{ id: hello-1, name: Hello, subject: Hi, text: Hi, html: { file: a.html } }]\n',
  )
  at.emulator.faults([
    {
      match: { path: '/v3/users/smtp/add' },
      fault: 'status',
      status: 400,
      body: { data: { error: '::error::from the API\n::stop-commands::x', error_code: 'X' } },
    },
  ])
  const { stdout, stderr } = await at.run('apply --auto-approve', { env: { PW: STRONG } })
  expect(stdout).not.toMatch(COMMAND)
  expect(stderr).not.toMatch(COMMAND)
})
