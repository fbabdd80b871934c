import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, codes, home } from '../../harness.ts'

afterEach(closeHomes)

const UGLY = 'version:   1\nsmtpUsers:\n    - status: "sandbox"   # for now\n      username: billing-app\n'
const TIDY = 'version: 1\nsmtpUsers:\n  - username: billing-app\n    status: sandbox # for now\n'

describe('fmt', () => {
  test('writes the spec in its usual form, and then has nothing to do', async () => {
    const at = await home()
    at.file('mailconfig.yaml', UGLY)
    const first = await at.run('fmt')
    expect(first).toEqual({ code: 0, stdout: 'mailconfig.yaml\n', stderr: 'Formatted 1 file.\n' })
    expect(at.text('mailconfig.yaml')).toBe(TIDY)
    const second = await at.run('fmt')
    expect(second).toEqual({ code: 0, stdout: '', stderr: 'Nothing to format: 1 file is as it should be.\n' })
    expect(at.emulator.requests()).toEqual([])
  })

  test('--check lists what is not formatted, writes nothing and exits with 1', async () => {
    const at = await home()
    at.file('mailconfig/a.yaml', UGLY)
    at.file('mailconfig/b.yaml', TIDY)
    const { code, stdout, stderr } = await at.run('fmt --check')
    expect(stdout).toBe('mailconfig/a.yaml\n')
    expect(stderr).toBe('1 file would be formatted.\n')
    expect(code).toBe(1)
    expect(at.text('mailconfig/a.yaml')).toBe(UGLY)
    expect((await at.run('fmt mailconfig/b.yaml --check')).code).toBe(0)
  })

  test('--diff shows a patch and writes nothing', async () => {
    const at = await home()
    at.file('mailconfig.yaml', UGLY)
    const { code, stdout } = await at.run('fmt --diff')
    expect(stdout).toMatch(/^--- a\/mailconfig\.yaml\n\+\+\+ b\/mailconfig\.yaml\n@@ /)
    expect(stdout).toContain('-version:   1\n')
    expect(stdout).toContain('+  - username: billing-app\n')
    expect(code).toBe(0)
    expect(at.text('mailconfig.yaml')).toBe(UGLY)
  })

  test('"-" goes from standard input to standard output', async () => {
    const at = await home()
    expect(await at.run('fmt -', { stdin: UGLY })).toEqual({ code: 0, stdout: TIDY, stderr: '' })
    expect(await at.run('fmt - --check', { stdin: UGLY })).toEqual({ code: 1, stdout: '', stderr: '' })
  })

  test('one broken file, and nothing is written', async () => {
    const at = await home()
    at.file('mailconfig/a.yaml', UGLY)
    at.file('mailconfig/b.yaml', 'version: 1\nversion: 1\nsmtpUsers: [\n')
    const { code, stdout, stderr } = await at.run('fmt')
    expect(codes(stderr)[0]).toMatch(/^mailconfig\/b\.yaml:\d+:\d+ (BAD_YAML|DUPLICATE_YAML_KEY)$/)
    expect(stdout).toBe('')
    expect(code).toBe(1)
    expect(at.text('mailconfig/a.yaml')).toBe(UGLY)
  })

  test('a file that is not there is a problem', async () => {
    const at = await home()
    const { code, stderr } = await at.run('fmt none.yaml')
    expect(codes(stderr)).toEqual(['FILE_MISSING'])
    expect(code).toBe(1)
  })
})
