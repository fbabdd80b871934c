import { symlinkSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, codes, home, lintsOff, problems } from '../harness.ts'

afterEach(closeHomes)

/** What each faulty text below the head (so from line 7) is answered with: place and code. */
const FAULTY: readonly (readonly [about: string, body: string, expected: readonly string[], says?: RegExp])[] = [
  [
    'an unknown section',
    'smtpUser:\n  - username: first-app\n',
    ['mailconfig.yaml:7:1 UNKNOWN_FIELD'],
    /did you mean "smtpUsers"\?/,
  ],
  [
    'an unknown field',
    'smtpUsers:\n  - username: first-app\n    statuss: allowed\n',
    ['mailconfig.yaml:9:5 UNKNOWN_FIELD'],
    /no field "statuss"[\s\S]*did you mean "status"\?/,
  ],
  [
    'an unknown field of a field',
    'smtpUsers:\n  - username: first-app\n    rateLimit: { message: 5, messages: 5, per: 1 hour }\n',
    ['mailconfig.yaml:9:18 UNKNOWN_FIELD'],
    /did you mean "messages"\?/,
  ],
  [
    'a text where true or false belongs',
    'smtpUsers:\n  - username: first-app\n    archive: sometimes\n',
    ['mailconfig.yaml:9:5 WRONG_TYPE'],
    /"archive" expects true or false, and this is "sometimes"/,
  ],
  [
    'a text where a number belongs',
    'smtpUsers:\n  - username: first-app\n    rateLimit: { messages: three, per: 1 hour }\n',
    ['mailconfig.yaml:9:18 WRONG_TYPE'],
  ],
  [
    'a list where a text belongs',
    'smtpUsers:\n  - username: first-app\n    description: [a, b]\n',
    ['mailconfig.yaml:9:5 WRONG_TYPE'],
    /"description" expects a text, and this is a list/,
  ],
  ['a map where a list belongs', 'smtpUsers:\n  username: first-app\n', ['mailconfig.yaml:7:1 WRONG_TYPE'], /a list/],
  [
    'a word that is none of the choices',
    'smtpUsers:\n  - username: first-app\n    status: alowed\n',
    ['mailconfig.yaml:9:5 BAD_VALUE'],
    /one of allowed, blocked, sandbox.*"alowed"[\s\S]*did you mean "allowed"\?/,
  ],
  [
    'a missing field',
    'webhooks:\n  - url: https://hooks.example.com/\n',
    ['mailconfig.yaml:8:5 MISSING_FIELD'],
    /the field "events" is missing/,
  ],
  [
    'an entry without its key',
    'smtpUsers:\n  - description: nobody\n',
    ['mailconfig.yaml:8:5 MISSING_FIELD'],
    /"username"/,
  ],
  ['an address that is none', 'singleSenders:\n  - email: someone\n', ['mailconfig.yaml:8:5 BAD_VALUE']],
  [
    'a network with host bits',
    'ipAllowlist:\n  smtp:\n    enabled: true\n    entries:\n      - { address: 203.0.113.9/24 }\n',
    ['mailconfig.yaml:11:11 BAD_VALUE'],
  ],
  [
    'a reference to what the section does not have',
    'manage: { smtpUsers: authoritative }\nsmtpUsers: []\nwebhooks:\n  - url: https://h.example.com/\n    events: [bounce]\n    usernames: [ghost-app]\n',
    ['mailconfig.yaml:12:17 UNKNOWN_REFERENCE'],
  ],
  [
    'the same key twice, in another letter case',
    'singleSenders:\n  - email: ann@example.com\n  - email: Ann@Example.COM\n',
    ['mailconfig.yaml:9:5 DUPLICATE_ENTRY'],
    /first here: mailconfig\.yaml:8:5/,
  ],
  [
    'an item of a list twice',
    'allowedSenders:\n  mode: disabled\n  entries: [example.com, example.org, EXAMPLE.com]\n',
    ['mailconfig.yaml:9:39 DUPLICATE_ITEM'],
    /first here: mailconfig\.yaml:9:13/,
  ],
  [
    'an unset environment variable',
    'smtpUsers:\n  - username: first-app\n    password: ${env:NOT_THERE}\n',
    ['mailconfig.yaml:9:5 UNSET_VARIABLE'],
    /"NOT_THERE" is not set[\s\S]*export NOT_THERE=/,
  ],
  [
    'an unset variable with a slip of the pen',
    'vars: { team: Post }\nsmtpUsers:\n  - username: first-app\n    description: ${var:taem}\n',
    ['mailconfig.yaml:10:5 UNSET_VARIABLE'],
    /did you mean "team"\?/,
  ],
  [
    'a reference of an unknown sort',
    'smtpUsers:\n  - username: first-app\n    description: ${vault:x}\n',
    ['mailconfig.yaml:9:5 BAD_REFERENCE'],
  ],
  [
    'a reference that does not end',
    'smtpUsers:\n  - username: first-app\n    description: "${env:KEY"\n',
    ['mailconfig.yaml:9:5 BAD_REFERENCE'],
  ],
  [
    'a command without leave to run it',
    'smtpUsers:\n  - username: first-app\n    password: ${exec:echo no}\n',
    ['mailconfig.yaml:9:5 EXEC_OFF'],
    /--allow-exec/,
  ],
  [
    'a missing file',
    'templates:\n  - id: hello\n    name: Hi\n    subject: Hi\n    html: { file: none.html }\n    text: Hi\n',
    ['mailconfig.yaml:11:13 FILE_MISSING'],
  ],
  [
    'a file outside the folder',
    'templates:\n  - id: hello\n    name: Hi\n    subject: Hi\n    html: { file: ../../etc/passwd }\n    text: Hi\n',
    ['mailconfig.yaml:11:13 FILE_OUTSIDE'],
  ],
  [
    'a secret from a file outside the folder',
    'smtpUsers:\n  - username: first-app\n    password: ${file:/etc/passwd}\n',
    ['mailconfig.yaml:9:5 FILE_OUTSIDE'],
  ],
  [
    'an ignore rule that covers what is declared',
    'ignore: [smtpUsers/first-*]\nsmtpUsers:\n  - username: first-app\n',
    ['mailconfig.yaml:7:10 IGNORED_AND_DECLARED'],
    /declared here: mailconfig\.yaml:9:5/,
  ],
  [
    'templates in the document of a subaccount',
    'subaccount: Acme\ntemplates:\n  - { id: hello, name: Hi, subject: Hi, html: Hi, text: Hi }\n',
    ['mailconfig.yaml:8:1 WRONG_SCOPE'],
    /its API takes no subaccount_id[\s\S]*an API key of that subaccount/,
  ],
  [
    'a kind of the other API',
    'providers: []\n',
    ['mailconfig.yaml:7:1 NO_ACCOUNT'],
    /needs a backoffice account, and none is declared/,
  ],
  [
    'an account that is not declared',
    'account: other\nsmtpUsers: []\n',
    ['mailconfig.yaml:7:1 NO_ACCOUNT'],
    /declared: main/,
  ],
  ['a version that is not known', 'version: 2\n', ['mailconfig.yaml:7:1 DUPLICATE_YAML_KEY'], /mailconfig\.yaml:1:1/],
  [
    'a repeated YAML key',
    'smtpUsers:\n  - username: first-app\n    status: allowed\n    status: blocked\n',
    ['mailconfig.yaml:10:5 DUPLICATE_YAML_KEY'],
    /first here: mailconfig\.yaml:9:5/,
  ],
  ['broken YAML', 'smtpUsers:\n  - username: [first-app\n', ['mailconfig.yaml:9:1 BAD_YAML']],
  ['a tab as indentation', 'smtpUsers:\n\t- username: first-app\n', ['mailconfig.yaml:8:1 BAD_YAML'], /tab/i],
  ['an alias of nothing', 'smtpUsers:\n  - *nobody\n', ['mailconfig.yaml:8:6 BAD_YAML']],
  ['a tag of another language', 'smtpUsers: !!js/function "x"\n', ['mailconfig.yaml:7:12 BAD_YAML']],
]

const ROWS = FAULTY.map(([about, body, expected, says = /./]) => ({ about, body, expected, says }))

describe('a faulty spec', () => {
  test.each(ROWS)('$about: is said with its place, and nobody is called', async ({ body, expected, says }) => {
    const at = await home()
    at.spec(body)
    const { code, stdout, stderr } = await at.run('plan')
    expect(codes(stderr)).toEqual(expected)
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(says)
    expect(at.emulator.requests()).toEqual([])
  })

  test('every problem is said at once, in the order of the files', async () => {
    const at = await home()
    at.file('mailconfig/a.yaml', 'version: 1\nsmtpUsers:\n  - usernam: first-app\n    status: alowed\n')
    at.file(
      'mailconfig/b.yaml',
      'version: 1\naccounts:\n  main: { api: smtp2go, apiKey: "${env:NOT_THERE}" }\nnothing: 1\n',
    )
    at.file('mailconfig/c.yaml', 'version: 1\nsmtpUsers:\n  - username: [\n')
    const { code, stderr } = await at.run('validate --with-secrets')
    expect(codes(stderr)).toEqual([
      'mailconfig/a.yaml:3:5 MISSING_FIELD',
      'mailconfig/a.yaml:3:5 UNKNOWN_FIELD',
      'mailconfig/a.yaml:4:5 BAD_VALUE',
      'mailconfig/b.yaml:3:25 UNSET_VARIABLE',
      'mailconfig/b.yaml:4:1 UNKNOWN_FIELD',
      'mailconfig/c.yaml:4:1 BAD_YAML',
    ])
    expect(stderr).toMatch(/\n6 problems\.\n$/)
    expect(code).toBe(1)
  })

  test('one key in two files: both places are named', async () => {
    const at = await home()
    at.spec('smtpUsers:\n  - username: first-app\n')
    at.file('more.yaml', 'version: 1\nsmtpUsers:\n  - username: other-app\n  - username: first-app\n')
    const { code, stderr } = await at.run('plan -f mailconfig.yaml -f more.yaml')
    expect(codes(stderr)).toEqual(['more.yaml:4:5 DUPLICATE_ENTRY'])
    expect(stderr).toContain('first here: mailconfig.yaml:8:5')
    expect(code).toBe(1)
    expect(at.emulator.requests()).toEqual([])
  })

  test('one key in two documents of one scope: both places are named', async () => {
    const at = await home()
    at.spec(
      'smtpUsers:\n  - username: first-app\n---\nversion: 1\naccount: main\nsmtpUsers:\n  - username: first-app\n',
    )
    const { stderr } = await at.run('plan')
    expect(codes(stderr)).toEqual(['mailconfig.yaml:13:5 DUPLICATE_ENTRY'])
    expect(stderr).toContain('first here: mailconfig.yaml:8:5')
  })

  test('a symbolic link does not lead out of the folder', async () => {
    const at = await home()
    symlinkSync('/etc', join(at.dir, 'inside'))
    at.spec('smtpUsers:\n  - username: first-app\n    password: ${file:inside/passwd}\n')
    const { code, stdout, stderr } = await at.run('validate')
    expect(codes(stderr)).toEqual(['mailconfig.yaml:9:5 FILE_OUTSIDE'])
    expect(stdout + stderr).not.toContain('root:')
    expect(code).toBe(1)
  })

  test.each([
    ['the spec itself', 'mailconfig.yaml', ''],
    [
      'a template',
      'big.html',
      'templates:\n  - id: hello\n    name: Hi\n    subject: Hi\n    html: { file: big.html }\n    text: Hi\n',
    ],
    ['a list', 'big.csv', 'suppressions:\n  - file: big.csv\n'],
  ])('%s of 200 MB is refused before it is read', async (_, name, body) => {
    const at = await home()
    if (body !== '') at.spec(body)
    truncateSync(at.file(name, ''), 200 * 1024 * 1024)
    const { code, stderr, megabytes } = await measured(at, 'validate')
    expect(codes(stderr).join()).toMatch(/FILE_TOO_LARGE/)
    expect(code).toBe(1)
    expect(megabytes).toBeLessThan(180)
  })

  test('aliases that multiply are refused in little memory', async () => {
    const at = await home()
    const levels = Array.from(
      { length: 26 },
      (_, n) => `  l${n + 1}: &l${n + 1} [${Array(9).fill(`*l${n}`).join(', ')}]`,
    )
    at.file('mailconfig.yaml', `version: 1\nvars:\n  l0: &l0 [x, x, x]\n${levels.join('\n')}\n`)
    const started = Date.now()
    const { code, stderr, megabytes } = await measured(at, 'validate')
    expect(codes(stderr)).toEqual(['mailconfig.yaml:1:1 TOO_MANY_ALIASES'])
    expect(code).toBe(1)
    expect(Date.now() - started).toBeLessThan(8000)
    expect(megabytes).toBeLessThan(300)
  })

  test('brackets without end are refused', async () => {
    const at = await home()
    at.file('mailconfig.yaml', `version: 1\nvars: ${'['.repeat(100_000)}\n`)
    const { code, stderr } = await at.run('validate')
    expect(codes(stderr).join()).toMatch(/BAD_YAML/)
    expect(code).toBe(1)
  })

  test('no spec at all says how to begin', async () => {
    const at = await home()
    const { code, stderr } = await at.run('plan')
    expect(codes(stderr)).toEqual(['NO_SPEC'])
    expect(stderr).toContain('mailconfig init')
    expect(code).toBe(1)
  })

  test('a file that is not there is named', async () => {
    const at = await home()
    const { code, stderr } = await at.run('plan -f nowhere.yaml')
    expect(problems(stderr)).toEqual(['FILE_MISSING there is no file or folder "nowhere.yaml"'])
    expect(code).toBe(1)
  })
})

describe('warnings', () => {
  const literal = 'smtpUsers:\n  - username: first-app\n    password: hunter2-hunter2-hunter2\n'

  test('a secret that is written out is a warning, and is not repeated', async () => {
    const at = await home()
    at.spec(literal)
    const { code, stdout, stderr } = await at.run(`validate ${lintsOff(at)}`)
    expect(codes(stderr)).toEqual(['mailconfig.yaml:9:5 LITERAL_SECRET'])
    expect(stdout + stderr).not.toContain('hunter2')
    expect(code).toBe(0)
  })

  test('with --strict it is an error', async () => {
    const at = await home()
    at.spec(literal)
    const { code, stdout, stderr } = await at.run(`plan --strict ${lintsOff(at)}`)
    expect(codes(stderr)).toEqual(['mailconfig.yaml:9:5 LITERAL_SECRET'])
    expect(stdout + stderr).not.toContain('hunter2')
    expect(code).toBe(1)
    expect(at.emulator.requests()).toEqual([])
  })

  test.each([
    ['that does not exist', '{ api: postmark, apiKey: "${env:KEY}" }', ['BAD_VALUE']],
    ['that is missing', '{ apiKey: "${env:KEY}" }', ['MISSING_FIELD']],
  ])('an API %s is one problem, and nothing that follows from it is another', async (_, account, expected) => {
    const at = await home()
    at.file(
      'odd.yaml',
      `version: 1\naccounts: { main: ${account} }\nsmtpUsers: [{ username: first-app }]\nproviders: []\n`,
    )
    const { code, stdout, stderr } = await at.run('validate -f odd.yaml')
    expect(codes(stdout + stderr).map((one) => one.split(' ').at(-1))).toEqual(expected)
    expect(code).toBe(1)
  })

  test('an ignore rule and a mode that mean nothing are said', async () => {
    const at = await home()
    at.spec('manage: { webhooks: authoritative }\nignore: [smtpUsers/legacy-*]\nsmtpUsers: []\n')
    const { code, stderr } = await at.run('plan')
    expect(codes(stderr)).toEqual(['mailconfig.yaml:7:11 UNUSED_MODE', 'mailconfig.yaml:8:10 UNUSED_RULE'])
    expect(code).toBe(0)
  })
})

/**
 * Runs a command and measures the most memory that it had, where the system tells. `maxRSS` would start with what the
 * process had that made this one; the kernel's own high-water mark starts anew with each program.
 */
async function measured(at: Awaited<ReturnType<typeof home>>, command: string) {
  const report = join(at.dir, 'memory.cjs')
  at.file(
    'memory.cjs',
    `const { existsSync, readFileSync, writeFileSync } = require('node:fs')
const most = () => existsSync('/proc/self/status') ? /VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1] : process.resourceUsage().maxRSS
process.on('exit', () => writeFileSync(${JSON.stringify(`${report}.txt`)}, String(most())))
`,
  )
  const ran = await at.spawn(command, { env: { NODE_OPTIONS: `--require ${report}` } })
  return { ...ran, megabytes: Number(at.text('memory.cjs.txt')) / 1024 }
}
