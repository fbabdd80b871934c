import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, home, writes } from '../cli/harness.ts'

afterEach(closeHomes)

const entry = (name: string, file: string) =>
  `  - { description: ${name}, endpoints: [/email/send], saveTo: { file: ${file} } }\n`

describe('an API key is shown once', () => {
  test.each(['secrets/k', './secrets/../secrets/k'])(
    'so two entries may not be saved to one file: %s',
    async (second) => {
      const at = await home()
      at.spec(`apiKeys:\n${entry('First key', 'secrets/k')}${entry('Second key', second)}`)
      for (const verb of ['validate', 'apply --auto-approve']) {
        const { code, stderr } = await at.run(verb)
        expect(stderr).toMatch(/mailconfig\.yaml:9:\d+ ONE_TARGET apiKeys\/Second key is saved to/)
        expect(stderr).toContain('and so is apiKeys/First key')
        expect(code).toBe(1)
      }
      expect(at.emulator.requests()).toEqual([])
    },
  )

  test('and never written over the spec', async () => {
    const at = await home()
    at.spec(`apiKeys:\n${entry('First key', 'mailconfig.yaml')}`)
    const before = at.text('mailconfig.yaml')
    const { code, stdout, stderr } = await at.run('apply --auto-approve')
    expect(stdout + stderr).toContain(
      'nothing was created, because "mailconfig.yaml" already exists and holds something other than a key',
    )
    expect(code).toBe(4)
    expect(at.text('mailconfig.yaml')).toBe(before)
    expect(writes(at.emulator)).toEqual([])
  })

  test.each(['.mailconfig/ledger.json', 'secrets', 'password'])('nor over %s', async (file) => {
    const at = await home()
    mkdirSync(join(at.dir, 'secrets'))
    at.file('password', 'another-secret\n')
    at.spec('suppressions: [former@example.org]\n')
    await at.run('apply --auto-approve')
    at.emulator.clearRequests()
    at.spec(`apiKeys:\n${entry('First key', file)}`)
    const { code, stdout, stderr } = await at.run('apply --auto-approve')
    expect(stdout + stderr).toContain(`"${file}" already exists and holds something other than a key`)
    expect(code).toBe(4)
    expect(writes(at.emulator)).toEqual([])
    expect((await at.run('history')).code).toBe(0)
    expect(at.text('password')).toBe('another-secret\n')
  })

  test('a file that was meant for it may be there, empty or with a key of before', async () => {
    const at = await home()
    at.file('secrets/a', '')
    at.file('secrets/b', 'api-00000000000000000000000000000000\n')
    at.spec(`apiKeys:\n${entry('First key', 'secrets/a')}${entry('Second key', 'secrets/b')}`)
    expect((await at.run('apply --auto-approve')).code).toBe(0)
    expect(at.text('secrets/a')).toMatch(/^api-\w{32}\n$/)
    expect(at.text('secrets/b')).not.toContain('0000000000000000')
  })
})
