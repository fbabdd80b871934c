import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, home } from '../../harness.ts'

afterEach(closeHomes)

const DUMP = JSON.stringify({
  Suppressions: [
    {
      EmailAddress: 'dee@example.org',
      SuppressionReason: 'SpamComplaint',
      Origin: 'Recipient',
      CreatedAt: '2019-12-17',
    },
    { EmailAddress: '=cmd@example.org', SuppressionReason: 'ManualSuppression', Origin: 'Customer', CreatedAt: '' },
  ],
})

describe('suppressions import', () => {
  test('adds to a list what it lacks, which the spec then reads', async () => {
    const at = await home()
    at.spec('suppressions: [{ file: lists/s.csv }]\n')
    at.file('lists/s.csv', 'address,description\ndee@example.org,"ours, kept"\n')
    at.file('unsubscribes.csv', 'email,created\nAnn@Example.org,2026-01-02\nnot an address,x\n')
    at.file(
      'bounces.csv',
      'address,code,error,created_at\nann@example.org,550,"no ""such""\nuser",Mon\ncy@example.org,550,x,Tue\n',
    )
    at.file('dump.json', DUMP)
    const { code, stderr } = await at.run(
      'suppressions import unsubscribes.csv bounces.csv dump.json --into lists/s.csv',
    )
    expect(code).toBe(0)
    expect(stderr).toBe(
      '6 rows read: 2 added to lists/s.csv, 1 were there, 1 left out that only bounced (--keep-bounces), 1 without a valid address.\n',
    )
    expect(at.text('lists/s.csv')).toBe(
      'address,description\ndee@example.org,"ours, kept"\nann@example.org,"Unsubscribed (SendGrid, 2026-01-02)"\n=cmd@example.org,Suppressed (Postmark)\n',
    )
    const again = await at.run('suppressions import unsubscribes.csv bounces.csv dump.json --into lists/s.csv')
    expect(again.stderr).toContain('0 added to lists/s.csv, 3 were there')
    expect((await at.run('apply --auto-approve')).code).toBe(0)
    expect((await at.run('plan')).stdout).toContain('3 objects are as the spec says')
  })

  test('prints, and takes bounces where they are asked for', async () => {
    const at = await home()
    at.file('b.csv', 'email\ncy@example.org\n')
    const printed = await at.run('suppressions import b.csv --from mailgun --keep-bounces')
    expect(printed.stdout).toBe('address,description\ncy@example.org,Complained (Mailgun)\n')
    const json = JSON.parse((await at.run('suppressions import b.csv --format json')).stdout)
    expect(json).toMatchObject({ rows: 1, added: 1 })
  })

  test('says what it cannot read', async () => {
    const at = await home()
    at.file('names.csv', 'name,age\nAnn,7\n')
    at.file('broken.json', '{')
    expect((await at.run('suppressions import none.csv')).stderr).toContain('cannot use "none.csv" (ENOENT)')
    expect((await at.run('suppressions import names.csv')).stderr).toContain('has no column that holds addresses')
    expect((await at.run('suppressions import broken.json')).code).toBe(1)
    expect((await at.run('suppressions import names.csv --from csv --into list.txt')).stderr).toContain('.csv file')
  })
})
