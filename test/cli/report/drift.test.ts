import { afterEach, expect, test } from 'vitest'
import { closeHomes, home, STRONG } from '../harness.ts'
import { nodesOf } from './nodes.ts'

afterEach(closeHomes)

test('drift is reported in every format, at the line of the spec', async () => {
  const at = await home()
  at.spec('smtpUsers:\n  - { username: billing-app, password: "${env:PASSWORD}", description: Invoices }\n')
  const env = { PASSWORD: STRONG }
  expect((await at.run('apply --auto-approve', { env })).code).toBe(0)
  const calm = await at.run('drift --format markdown', { env })
  expect(calm).toMatchObject({ code: 0, stdout: '<!-- mailconfig:mailconfig.yaml -->\n## No drift\n' })
  const answer = await fetch(`${at.emulator.smtp2go}/users/smtp/edit`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json', 'x-smtp2go-api-key': at.emulator.apiKey },
    body: JSON.stringify({ username: 'billing-app', description: '@you http://evil.example #12' }),
  })
  expect(answer.status).toBe(200)
  const files = 'markdown=a.md html=a.html sarif=a.sarif junit=a.xml github=a.txt json=a.json'
  const reports = files.replaceAll(/(\S+)/g, '--report $1')
  const { code, stdout } = await at.run(`drift --format json ${reports}`, { env })
  expect({ code, stdout }).toEqual({ code: 2, stdout: at.text('a.json') })
  expect(at.text('a.md')).toContain('## Drift: 1')
  expect(
    nodesOf(at.text('a.md')).filter(
      ({ type, value }) => type === 'link' || (type === 'text' && /@you|#12/.test(value ?? '')),
    ),
  ).toEqual([])
  expect(at.text('a.html')).toContain('<title>mailconfig drift: 1 object changed outside the spec</title>')
  expect(JSON.parse(at.text('a.sarif'))).toMatchObject({
    runs: [
      {
        results: [
          { ruleId: 'drift', level: 'warning', locations: [{ physicalLocation: { region: { startLine: 8 } } }] },
        ],
      },
    ],
  })
  expect(at.text('a.xml')).toContain('tests="1" failures="1"')
  expect(at.text('a.txt')).toContain(
    '::warning file=mailconfig.yaml,line=8,col=5,title=drift::main:smtpUsers/billing-app was changed outside the spec\n',
  )
})
