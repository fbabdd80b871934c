import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStore } from '../../../src/ledger/stores/open.ts'
import { LedgerError } from '../../../src/ledger/stores/store.ts'
import { json } from '../conformance.ts'

let cwd = ''
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'mailconfig-open-'))
})
afterAll(() => rm(cwd, { recursive: true, force: true }))

const open = (place: string | undefined) => openStore(place, { cwd, env: {} })

test.each([
  [undefined, '.mailconfig/ledger.json'],
  ['ledgers/mail.json', 'ledgers/mail.json'],
  ['./mail.json', 'mail.json'],
  ['file:mail.json', 'mail.json'],
  ['file:ledgers/mail.json', 'ledgers/mail.json'],
  ['c:\\mail.json', 'c:\\mail.json'],
  ['http://127.0.0.1:1/state/mail', 'http://127.0.0.1:1/state/mail'],
  ['https://ada:hush@example.com/state?x=1#y', 'https://example.com/state'],
  ['postgres://ada:hush@db.example.com/ops?schema=mail', 'postgres://db.example.com/ops?schema=mail'],
  ['postgresql://db.example.com:6543/ops', 'postgresql://db.example.com:6543/ops'],
  ['s3://bucket/team/mail.json?region=eu-central-1', 's3://bucket/team/mail.json'],
  ['S3://bucket/mail.json', 's3://bucket/mail.json'],
])('%s is kept in %s', async (place, where) => {
  const store = await open(place)
  expect(store.where).toBe(where)
  await store.close()
  expect(await readdir(cwd)).toEqual([])
})

test('a file URL names a file anywhere, and a path outside is said in full', async () => {
  const path = join(cwd, '..', `mailconfig-open-${process.pid}.json`)
  const store = await openStore(pathToFileURL(path).href, { cwd, env: {} })
  expect(store.where).toBe(path)
  await store.write('main', json(1), undefined)
  expect(await (await open(path)).names()).toEqual(['main'])
  await rm(path)
  await rm(`${path}.lock`, { recursive: true })
})

test.each([
  ['consul://localhost/mail', 'a path, or a URL with file:, https:, postgres: or s3:'],
  ['gs://ada:hush@bucket/mail', 'a path, or a URL with file:, https:, postgres: or s3:'],
  ['file://elsewhere/ledger.json', 'file:///folder/ledger.json, or a plain path'],
  ['', undefined],
])('%j is refused', async (place, hint) => {
  const error = await open(place).catch((reason) => reason)
  expect(error).toBeInstanceOf(LedgerError)
  expect(error).toMatchObject({ code: 'LEDGER_URL', hint })
  expect(error.stack).not.toContain('hush')
})
