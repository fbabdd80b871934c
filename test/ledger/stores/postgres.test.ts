import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStore } from '../../../src/ledger/stores/open.ts'
import { conforms, json, later, lease } from '../conformance.ts'
import { type PostgresServer, postgresPrograms, startPostgres } from '../postgres-server.ts'

const programs = postgresPrograms()

test('PostgreSQL is here, or this is no CI', () => {
  if (programs === undefined) process.stderr.write('skipped: a ledger in PostgreSQL, for there is no initdb here\n')
  expect(programs !== undefined || process.env['CI'] !== 'true').toBe(true)
})

describe.skipIf(programs === undefined)('a ledger in PostgreSQL', () => {
  let server: PostgresServer
  let count = 0
  beforeAll(async () => {
    server = await startPostgres(programs ?? '')
  })
  afterAll(() => server?.close())

  /** A database of its own, and its URL. */
  function database(user = 'admin', password = server.password): string {
    const name = `ledger_${count++}`
    server.sql(`create database ${name}`)
    return `postgres://${user}:${password}@127.0.0.1:${server.port}/${name}`
  }

  const open = (url: string, env: Record<string, string> = {}) => openStore(url, { cwd: '.', env })

  conforms(async () => {
    const url = database()
    const name = new URL(url).pathname.slice(1)
    return {
      url,
      cwd: '.',
      env: {},
      secret: server.password,
      fail: async () => {
        server.sql(`drop database ${name} with (force)`)
      },
    }
  })

  test('the address of a ledger is said without its user and password', async () => {
    const url = new URL(database())
    const store = await open(url.href)
    expect(store.where).toBe(`postgres://127.0.0.1:${server.port}${url.pathname}`)
    await store.close()
  })

  test('a table is made once, by whoever comes first', async () => {
    for (const url of [database(), database(), database(), database()]) {
      const stores = await Promise.all(Array.from({ length: 12 }, () => open(url)))
      const found = await Promise.allSettled(stores.map((store) => store.names()))
      await Promise.all(stores.map((store) => store.close()))
      expect(found).toEqual(stores.map(() => ({ status: 'fulfilled', value: [] })))
    }
  })

  test('a table is made in the schema that is asked for, and no schema is made', async () => {
    const [url, name] = [database(), `ledger_${count - 1}`]
    const store = await open(`${url}?schema=o"ps`)
    await expect(store.names()).rejects.toMatchObject({ code: 'LEDGER_UNREACHABLE', hint: 'create the schema first' })
    server.sqlIn(name, 'create schema "o""ps"')
    await store.write('main', json(1), undefined)
    expect(server.sqlIn(name, 'select account from "o""ps".mailconfig_ledger')).toBe('main')
    await store.close()
  })

  test('a user with the rights of the guide can do everything, and one without gets a clear answer', async () => {
    const first = await open(database())
    await first.names()
    await first.close()
    const name = `ledger_${count - 1}`
    server.sql(`create role ci_${count} login password 'other-hush-5678'`)
    const url = `postgres://127.0.0.1:${server.port}/${name}`
    const env = { MAILCONFIG_LEDGER_USERNAME: `ci_${count}`, MAILCONFIG_LEDGER_PASSWORD: 'other-hush-5678' }
    const store = await open(url, env)
    await expect(store.names()).rejects.toMatchObject({ code: 'LEDGER_DENIED' })
    server.sqlIn(name, `grant select, insert, update on mailconfig_ledger to ci_${count}`)
    const held = await store.lock(['main'], lease('one', 60_000), new Date())
    await store.write('main', json(1), undefined)
    await held.renew(later(60_000))
    await held.release()
    expect(await store.names()).toEqual(['main'])
    await store.close()
  })

  test('a wrong password is said to be wrong, without being said', async () => {
    const store = await open(database('admin', 'wr0ng-pass'))
    const error = await store.names().catch((reason) => reason)
    expect(error).toMatchObject({ code: 'LEDGER_DENIED' })
    expect(`${error.stack}${JSON.stringify(error)}`).not.toContain('wr0ng')
    await store.close()
  })

  test('two accounts can be held by two at once', async () => {
    const url = database()
    const [one, other] = [await open(url), await open(url)]
    const held = await one.lock(['a'], lease('one', 60_000), new Date())
    const theirs = await other.lock(['b'], lease('other', 60_000), new Date())
    await expect(other.lock(['c', 'a'], lease('other', 60_000), new Date())).rejects.toMatchObject({
      holder: { id: held.lease.id },
    })
    expect(await one.holders(['a', 'b', 'c'])).toMatchObject([{ id: held.lease.id }, { id: theirs.lease.id }])
    await Promise.all([one.close(), other.close()])
  })

  test('a lease ends by the clock of the database', async () => {
    const url = database()
    const [one, other] = [await open(url), await open(url)]
    const wrongClock = new Date('2001-01-01')
    const expires = new Date(wrongClock.getTime() + 60_000).toISOString()
    const held = await one.lock(['main'], { ...lease('one', 0), expires }, wrongClock)
    await expect(other.lock(['main'], lease('other', 60_000), new Date())).rejects.toMatchObject({
      code: 'LEDGER_LOCKED',
    })
    await held.renew(new Date(wrongClock.getTime() + 120_000).toISOString())
    const [holder] = await other.holders(['main'])
    expect(Date.parse(holder?.expires ?? '') > Date.now() + 60_000).toBe(true)
    await Promise.all([one.close(), other.close()])
  })

  test('a connection that the server ends is opened again', async () => {
    const url = database()
    const store = await open(url)
    await store.write('main', json(1), undefined)
    server.sql(`select pg_terminate_backend(pid) from pg_stat_activity where datname = 'ledger_${count - 1}'`)
    const read = async () => (await store.read(['main'])).size
    expect(await read().catch(read)).toBe(1)
    await store.close()
  })

  test('another machine is asked for TLS, and sslmode=disable is a word for it', async () => {
    const url = database()
    const [there, required] = [await open(url.replace('127.0.0.1', '0.0.0.0')), await open(`${url}?sslmode=require`)]
    for (const store of [there, required]) {
      await expect(store.names()).rejects.toMatchObject({ message: expect.stringMatching(/SSL/) })
    }
    const plain = await open(`${url.replace('127.0.0.1', '0.0.0.0')}?sslmode=disable`)
    expect(await plain.names()).toEqual([])
    await Promise.all([there, required, plain].map((store) => store.close()))
  })

  test.each([
    ['no URL', 'postgres://u:hush@:x:/'],
    ['a password that is half an escape', 'postgres://u:hush%zz@localhost/x'],
    ['a password among the options', 'postgres://u@localhost/x?password=hush'],
  ])('%s is refused', async (_, url) => {
    const error = await open(url).catch((reason) => reason)
    expect(error).toMatchObject({ code: 'LEDGER_URL' })
    expect(error.stack).not.toContain('hush')
  })
})
