import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, golden, home } from '../harness.ts'

afterEach(closeHomes)

const COMMANDS = [
  'init',
  'validate',
  'plan',
  'apply',
  'destroy',
  'show',
  'drift',
  'adopt',
  'history',
  'rollback',
  'unlock',
  'export',
  'fmt',
  'check',
  'dns',
  'verify',
  'explain',
  'schema',
  'emulator',
  'completion',
]

describe('a command line that is wrong', () => {
  test.each([
    ['aply', /unknown command 'aply'[\s\S]*apply/],
    ['plan --forse', /unknown option '--forse'/],
    ['plan extra', /too many arguments/],
    ['plan --lock-timeout soon', /'--lock-timeout <time>' argument 'soon' is invalid.*90s, 10m or 1h/],
    ['rollback', /required option '--to <run>'/],
    ['adopt', /which objects\?/],
    ['history --ledger none', /there is no ledger/],
    ['plan --format xml', /'--format <format>' argument 'xml' is invalid.*text, json/],
    ['plan --log-level loud', /error, warn, info, debug/],
    ['plan --parallelism 0', /at least 1/],
    ['plan --parallelism many', /not a whole number/],
    ['plan --max-rps 0', /at least 1/],
    ['plan --max-rps -5', /not a whole number/],
    ['plan --var novalue', /"--var novalue" is not of the form NAME=VALUE/],
    ['plan --var-file none.yaml', /cannot read the file "none\.yaml" of --var-file/],
    ['plan --var-file broken.json', /"broken\.json" of --var-file is not YAML/],
    ['plan --var-file odd.yaml', /"odd\.yaml" of --var-file is not a map/],
    ['plan --var-file deep.json', /"a" in the file "deep\.json" is not a text/],
    ['plan --emulator=broken.json', /the emulator cannot start: .*broken\.json is not the state/],
    ['plan --emulator=no/such/folder.json', /there is no such folder/],
    ['apply --format json', /cannot be confirmed[\s\S]*--auto-approve/],
    ['plan -f', /argument missing/],
    ['plan --account nobody', /declares no account "nobody"/],
    ['completion tcsh', /bash, zsh, fish/],
    ['completion', /missing required argument 'shell'/],
    ['', /Usage: mailconfig/],
  ])('"%s" is a usage error, and nobody is called', async (args, says) => {
    const at = await home()
    at.spec('smtpUsers: []\n')
    at.file('broken.json', '{"a":')
    at.file('odd.yaml', '- a\n- b\n')
    at.file('deep.json', '{"a":{}}')
    const { code, stdout, stderr } = await at.run(args)
    expect(stderr).toMatch(says)
    expect(stderr).not.toMatch(/ {4}at /)
    expect(stdout).toBe('')
    expect(code).toBe(1)
    expect(at.emulator.requests()).toEqual([])
  })
})

describe('help', () => {
  test.each(['', ...COMMANDS])('"%s --help" goes to standard output', async (command) => {
    const at = await home()
    const { code, stdout, stderr } = await at.run(`${command} --help`)
    expect(code).toBe(0)
    expect(stderr).toBe('')
    golden(`help${command === '' ? '' : `-${command}`}`, stdout)
  })

  test.each(['--version', '-V'])('%s', async (args) => {
    const at = await home()
    const { stdout, code } = await at.run(args)
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect(code).toBe(0)
  })
})
