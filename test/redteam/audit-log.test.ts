import { afterEach, expect, test } from 'vitest'
import { closeHomes, home, writes } from '../cli/harness.ts'

afterEach(closeHomes)

test.each(['mailconfig.yaml', 'ledger.json', 'notes.txt'])('an audit log is not added to %s', async (name) => {
  const at = await home()
  at.file('ledger.json', '{\n  "format": 1,\n  "accounts": {}\n}\n')
  at.file('notes.txt', 'my notes\n')
  at.spec('suppressions: [former@example.org]\n')
  const before = at.text(name)
  const { code, stderr } = await at.run(`apply --auto-approve --audit-log ${name}`)
  expect(stderr).toContain('what is there is no audit log')
  expect(code).toBe(3)
  expect(at.text(name)).toBe(before)
  expect(writes(at.emulator)).toEqual([])
})
