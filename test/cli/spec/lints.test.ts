import { afterEach, describe, expect, test } from 'vitest'
import { allLints } from '../../../src/model/lint/all-lints.ts'
import { closeHomes, codes, home, STRONG, writes } from '../harness.ts'

afterEach(closeHomes)

const env = { PASSWORD: STRONG }
const SPEC = 'smtpUsers:\n  - username: first-app\n    password: ${env:PASSWORD}\n'
const FOUND = 'mailconfig.yaml:8:5 USER_UNLIMITED'

describe('a lint', () => {
  test.each(['validate', 'plan'])(
    'is a warning of %s, at its line, with what to do; the exit code stays',
    async (command) => {
      const at = await home()
      at.spec(SPEC)
      const { code, stderr } = await at.run(command, { env })
      expect(codes(stderr)).toEqual([FOUND])
      expect(stderr).toContain('  8 |   - username: first-app\n    |     ^\n  Set `rateLimit` to a little more')
      expect(code).toBe(0)
    },
  )

  test.each(['validate', 'plan'])('stops %s with --strict, before any call', async (command) => {
    const at = await home()
    at.spec(SPEC)
    const { code, stderr } = await at.run(`${command} --strict`, { env })
    expect({ code, codes: codes(stderr) }).toEqual({ code: 1, codes: [FOUND] })
    expect(at.emulator.requests()).toEqual([])
  })

  test.each(['validate', 'plan', 'apply --auto-approve'])(
    'that is an error stops %s, before any call',
    async (command) => {
      const at = await home()
      at.spec(`${SPEC}lint: { USER_UNLIMITED: error }\n`)
      const { code, stderr } = await at.run(command, { env })
      expect({ code, codes: codes(stderr) }).toEqual({ code: 1, codes: [FOUND] })
      expect(stderr).toContain('1 problem.')
      expect(at.emulator.requests()).toEqual([])
    },
  )

  test('that is a warning is no business of an apply, nor of other commands', async () => {
    const at = await home()
    at.spec(SPEC)
    const applied = await at.run('apply --auto-approve', { env })
    expect(applied).toMatchObject({ code: 0, stderr: expect.not.stringContaining('USER_UNLIMITED') })
    expect(writes(at.emulator)).toHaveLength(1)
    expect((await at.run('drift', { env })).stderr).not.toContain('USER_UNLIMITED')
  })

  test.each([
    ['json', /"code": "USER_UNLIMITED",\s+"severity": "warning"/],
    ['sarif', /"ruleId": "USER_UNLIMITED"[\s\S]*"startLine": 8/],
    ['markdown', /`mailconfig\.yaml:8:5` `USER_UNLIMITED`/],
    ['html', /USER_UNLIMITED/],
    ['github', /^::warning .*file=mailconfig\.yaml,line=8,col=5.*USER_UNLIMITED/m],
  ])('is in a report as %s, as every problem is', async (format, says) => {
    const at = await home()
    at.spec(SPEC)
    expect((await at.run(`validate --report ${format}=report`, { env })).code).toBe(0)
    expect(at.text('report')).toMatch(says)
    if (format === 'json') return // that of a plan is a plan
    expect((await at.run(`plan --report ${format}=plan`, { env })).code).toBe(0)
    expect(at.text('plan')).toMatch(says)
  })

  test('fails its file in JUnit where warnings are errors', async () => {
    const at = await home()
    at.spec(SPEC)
    expect((await at.run('validate --strict --report junit=report', { env })).code).toBe(1)
    expect(at.text('report')).toMatch(/<testcase name="mailconfig\.yaml"[\s\S]*<failure[\s\S]*USER_UNLIMITED/)
  })

  test('that is allowed where it stands is said nowhere, and fmt keeps the comment there', async () => {
    const at = await home()
    at.spec(
      `${SPEC.replace('first-app\n', 'first-app # mailconfig: allow USER_UNLIMITED because the relay limits it\n')}lint:\n  KEY_UNLIMITED: off\n  UNCOVERED_SENDER: error\n`,
    )
    expect(await at.run('validate --strict', { env })).toMatchObject({ code: 0, stderr: '' })
    expect((await at.run('fmt')).code).toBe(0)
    expect(at.text('mailconfig.yaml')).toMatch(
      /lint:\n {2}UNCOVERED_SENDER: error\n {2}KEY_UNLIMITED: off\n[\s\S]*smtpUsers:/,
    )
    expect(await at.run('validate --strict', { env })).toMatchObject({ code: 0, stderr: '' })
  })

  test('about HTML is found by the built command', async () => {
    const at = await home()
    at.file('body.html', '<p><a href="www.shop.example">Shop</a><img src="a.png"></p>\n')
    at.spec('templates:\n  - { id: receipt, name: R, subject: R, html: { file: body.html }, text: Hello }\n')
    expect(codes((await at.spawn('validate')).stderr).map((line) => line.split(' ')[1])).toEqual([
      'LINK_WITHOUT_SCHEME',
      'IMAGE_WITHOUT_ALT',
    ])
  })
})

describe('explain tests', () => {
  test('says what the section and its fields mean', async () => {
    const at = await home()
    const { stdout } = await at.run('explain tests')
    expect(stdout).toMatch(/^tests\n {2}What has to hold about who may send/)
    expect(stdout).toMatch(/\n {4}expect +What has to become of every combination\. \[required\]\n/)
    expect((await at.run('explain tests.expect')).stdout).toContain(
      'expects  one of accepted, refused, suppressed, discarded',
    )
    expect((await at.run('explain tests.exspect')).stderr).toContain('did you mean "expect"?')
    expect(JSON.parse((await at.run('explain tests --format json')).stdout)).toMatchObject({ type: 'array' })
  })
})

describe('explain', () => {
  test('lists the lints, and explains one by its code', async () => {
    const at = await home()
    const listed = (await at.run('explain lint')).stdout
    expect(listed.split('\n').map((line) => line.split(' ')[0])).toEqual([...allLints.map(({ code }) => code), ''])
    const { stdout } = await at.run('explain lint.KEY_UNLIMITED')
    expect(stdout).toContain('  Found in\n    apiKeys:\n      - description: Shop\n')
    expect((await at.run('explain KEY_UNLIMITED')).stdout).toBe(stdout)
    expect(JSON.parse((await at.run('explain lint.KEY_UNLIMITED --format json')).stdout)).toEqual(
      allLints.find(({ code }) => code === 'KEY_UNLIMITED'),
    )
    expect(await at.run('explain lint.KEY_UNLIMTED')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('did you mean "KEY_UNLIMITED"?'),
    })
  })
})
