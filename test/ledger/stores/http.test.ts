import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openStore } from '../../../src/ledger/stores/open.ts'
import { conforms, json, later, lease } from '../conformance.ts'
import { type StateServer, startStateServer } from '../http-server.ts'

const servers: StateServer[] = []
let server: StateServer
let count = 0
beforeAll(async () => {
  server = await start()
})
afterAll(() => Promise.all(servers.map((each) => each.close())))
afterEach(() => {
  server.interfere = () => false
})

async function start(): Promise<StateServer> {
  const started = await startStateServer()
  servers.push(started)
  return started
}

const GITLAB = '/api/v4/projects/42/terraform/state/'
const account = () => ({ MAILCONFIG_LEDGER_USERNAME: server.user, MAILCONFIG_LEDGER_PASSWORD: server.password })
const open = (url: string, env: Record<string, string> = account()) => openStore(url, { cwd: '.', env })

/** The version of the document that the server has. */
const documentAt = (path: string) => JSON.parse(server.states.get(path)?.text ?? 'null')

describe.each([
  ['a server of the protocol', '/state/'],
  ['a GitLab', GITLAB],
])('a ledger behind %s', (_, prefix) => {
  conforms(async () => {
    const own = await start()
    const url = new URL(`${prefix}mail-${count++}`, own.origin)
    url.username = own.user
    url.password = encodeURIComponent(own.password)
    return {
      url: url.href,
      cwd: '.',
      env: {},
      secret: own.password,
      fail: () => own.close(),
    }
  })
})

describe('a ledger over HTTP', () => {
  describe.each([404, 204])('does not vanish by one answer: %s', (status) => {
    /** Answers so to the next reads. */
    const empty = (times: number) => {
      let left = times
      server.interfere = (request, response) => {
        if (request.method !== 'GET' || left === 0) return false
        left -= 1
        response.writeHead(status).end()
        return true
      }
    }

    test('it is asked again, and nothing is begun anew', async () => {
      const store = await open(`${server.origin}/state/there-${status}`)
      const tag = await store.write('main', json(1), undefined)
      empty(1)
      expect((await store.read(['main'])).get('main')?.tag).toBe(tag)
      empty(1)
      await store.write('main', json(2), tag)
      expect(documentAt(`/state/there-${status}`).mailconfig.accounts.main).toEqual(JSON.parse(json(2)))
    })

    test('and where it stays away, nothing is written over it', async () => {
      const store = await open(`${server.origin}/state/gone-${status}`)
      await store.write('main', json(1), undefined)
      empty(50)
      await expect(store.write('main', json(2), undefined)).rejects.toMatchObject({ code: 'LEDGER_VANISHED' })
      server.interfere = () => false
      expect(documentAt(`/state/gone-${status}`).mailconfig.accounts.main).toEqual(JSON.parse(json(1)))
    })
  })

  test('is a Terraform state without resources, with a serial that grows', async () => {
    const store = await open(`${server.origin}/state/shape`)
    expect(store.where).toBe(`${server.origin}/state/shape`)
    await store.write('main', json(1), undefined)
    const first = documentAt('/state/shape')
    expect(first).toMatchObject({ version: 4, serial: 1, outputs: {}, resources: [] })
    expect(first.mailconfig).toMatchObject({ format: 1, accounts: { main: JSON.parse(json(1)) } })
    await store.write('eu', json(2), undefined)
    const second = documentAt('/state/shape')
    expect(second).toMatchObject({ serial: 2, lineage: first.lineage })
    expect(Object.keys(second.mailconfig.accounts)).toEqual(['eu', 'main'])
  })

  test('a state of Terraform is not overwritten', async () => {
    const text = JSON.stringify({ version: 4, serial: 7, lineage: 'x', outputs: {}, resources: [] })
    server.states.set('/state/theirs', { text, lock: undefined })
    const store = await open(`${server.origin}/state/theirs`)
    const code = 'LEDGER_CORRUPT'
    await expect(store.names()).rejects.toMatchObject({ code })
    await expect(store.write('main', json(1), undefined)).rejects.toMatchObject({ code })
    await expect(store.lock(['main'], lease('one', 1000), new Date())).rejects.toMatchObject({ code })
    expect(server.states.get('/state/theirs')).toEqual({ text, lock: undefined })
  })

  test.each([
    ['{"mailconfig":{"format":2,"accounts":{}},"serial":1,"lineage":"x"}', 'LEDGER_NEWER'],
    ['{"mailconfig":{}', 'LEDGER_CORRUPT'],
    ['{"mailconfig":{"format":1,"accounts":{}}}', 'LEDGER_CORRUPT'],
  ])('%s is refused with %s', async (text, code) => {
    server.states.set('/state/odd', { text, lock: undefined })
    const store = await open(`${server.origin}/state/odd`)
    await expect(store.read(['main'])).rejects.toMatchObject({ code })
    await expect(store.write('main', json(1), undefined)).rejects.toMatchObject({ code })
    expect(server.states.get('/state/odd')?.text).toBe(text)
  })

  test('a lock of Terraform is respected, and can be freed by its id', async () => {
    const lock = {
      ID: 'terraform-1',
      Who: 'ada@laptop',
      Operation: 'OperationTypeApply',
      Created: '2026-01-02T03:04:05Z',
    }
    server.states.set('/state/locked', { text: undefined, lock })
    const store = await open(`${server.origin}/state/locked`)
    const holder = { id: 'terraform-1', owner: 'ada@laptop', since: '2026-01-02T03:04:05Z' }
    expect(await store.holders(['main'])).toMatchObject([holder])
    const far = new Date('2199-01-01')
    await expect(store.lock(['main'], lease('one', 1000), far)).rejects.toMatchObject({ holder })
    await store.unlock('terraform-1')
    expect(await store.holders(['main'])).toEqual([])
  })

  test('GitLab is told apart by its path: its own address and methods for locks', async () => {
    server.requests.length = 0
    const store = await open(`${server.origin}${GITLAB}told`)
    const held = await store.lock(['main'], lease('one', 60_000), new Date())
    expect(await (await open(`${server.origin}${GITLAB}told`)).holders(['main'])).toMatchObject([
      { id: held.lease.id, owner: 'one', url: held.lease.url, expires: held.lease.expires },
    ])
    await held.renew(later(120_000))
    await held.release()
    expect(server.requests.filter((request) => request.includes('/lock'))).toEqual([
      `POST ${GITLAB}told/lock`,
      `POST ${GITLAB}told/lock`,
      `DELETE ${GITLAB}told/lock`,
    ])
    expect(documentAt(`${GITLAB}told`).serial).toBe(2)
  })

  test('addresses and methods can be named as for Terraform', async () => {
    const path = '/state/named'
    server.interfere = (request, response) => {
      const { method, url = '' } = request
      if (method === 'PUT' && url.startsWith('/elsewhere')) response.writeHead(200).end()
      else if (method === 'DELETE' && url.startsWith('/elsewhere')) response.writeHead(200).end()
      else return false
      return true
    }
    const query = 'lock_address=/elsewhere&lock_method=PUT&unlock_address=/elsewhere&unlock_method=DELETE&keep=me'
    const store = await open(`${server.origin}${path}?${query}`)
    server.requests.length = 0
    await store.write('main', json(1), undefined)
    expect(server.requests).toEqual(['PUT /elsewhere', `GET ${path}`, `POST ${path}`, 'DELETE /elsewhere'])
  })

  test.each([
    ['MAILCONFIG_LEDGER', (name: string) => `MAILCONFIG_LEDGER_${name}`],
    ['TF_HTTP', (name: string) => `TF_HTTP_${name}`],
  ])('user and password may stand in %s_USERNAME and _PASSWORD', async (_, name) => {
    const env = { [name('USERNAME')]: server.user, [name('PASSWORD')]: server.password }
    expect(await (await open(`${server.origin}/state/env`, env)).names()).toEqual([])
  })

  test('wrong credentials are said to be wrong, without being said', async () => {
    const url = `${server.origin.replace('//', '//ci-bot:wr0ng-pass@')}/state/denied`
    const store = await open(url, {})
    const error = await store.names().catch((reason) => reason)
    expect(error).toMatchObject({ code: 'LEDGER_DENIED', message: expect.stringContaining('HTTP 401') })
    expect(`${error.stack}${error.hint}${store.where}`).not.toContain('wr0ng')
    await expect(store.lock(['main'], lease('one', 1000), new Date())).rejects.toMatchObject({ code: 'LEDGER_DENIED' })
  })

  test('who may only read sees the lease of the last writer', async () => {
    const [writer, reader] = [
      await open(`${server.origin}/state/readable`),
      await open(`${server.origin}/state/readable`),
    ]
    const held = await writer.lock(['main'], lease('one', 60_000), new Date())
    server.interfere = (request, response) => request.method === 'LOCK' && response.writeHead(403).end() !== undefined
    expect(await reader.holders(['main'])).toMatchObject([{ id: held.lease.id, owner: 'one' }])
    await held.renew(later(-1))
    expect(await reader.holders(['main'])).toEqual([])
  })

  test('a redirect is not followed', async () => {
    const other = await start()
    server.interfere = (_, response) => {
      response.writeHead(307, { location: `${other.origin}/state/there` }).end()
      return true
    }
    const store = await open(`${server.origin}/state/here`)
    await expect(store.names()).rejects.toMatchObject({ code: 'LEDGER_UNREACHABLE' })
    await expect(store.write('main', json(1), undefined)).rejects.toMatchObject({ code: 'LEDGER_UNREACHABLE' })
    expect(other.requests).toEqual([])
  })

  test('a server that is overloaded for a moment is asked again', async () => {
    const store = await open(`${server.origin}${GITLAB}busy`)
    const held = await store.lock(['main'], lease('one', 60_000), new Date())
    let left = 2
    server.interfere = (_, response) => left-- > 0 && response.writeHead(503).end() !== undefined
    expect(await store.names()).toEqual([])
    await held.release()
  })

  test('a write whose answer is lost is not made twice', async () => {
    const path = `${GITLAB}lost`
    const store = await open(`${server.origin}${path}`)
    const held = await store.lock(['main'], lease('one', 60_000), new Date())
    let broken = false
    server.interfere = (request, response) => {
      if (broken || request.method !== 'POST' || request.url?.includes('/lock')) return false
      broken = true
      response.writeHead = () => response.destroy() // it is written, and nobody hears of it
      return false
    }
    await store.write('main', json(1), undefined)
    expect(broken).toBe(true)
    expect(documentAt(path)).toMatchObject({ serial: 2, mailconfig: { accounts: { main: JSON.parse(json(1)) } } })
    await held.release()
  })

  test('what is written is written, even where its lock cannot be freed; the lock ends by itself', async () => {
    const path = '/state/stuck'
    const store = await open(`${server.origin}${path}`)
    server.interfere = (request, response) => request.method === 'UNLOCK' && response.writeHead(500).end() !== undefined
    await store.write('main', json(1), undefined)
    server.interfere = () => false
    expect(server.states.get(path)?.lock).toBeDefined()
    const soon = new Date(Date.now() + 60_000)
    const held = await store.lock(['main'], { ...lease('one', 0), expires: later(120_000) }, soon)
    expect(held.tookOver?.command).toBe('write')
    await held.release()
  })

  test('a server that gives the lock to two lets only the second go on', async () => {
    const [one, other] = [await open(`${server.origin}/state/lax`), await open(`${server.origin}/state/lax`)]
    const held = await one.lock(['main'], lease('one', 60_000), new Date())
    const state = server.states.get('/state/lax')
    if (state !== undefined) state.lock = undefined
    await other.lock(['main'], lease('other', 60_000), new Date())
    await expect(one.write('main', json(1), undefined)).rejects.toMatchObject({ code: 'LEASE_LOST' })
    await expect(held.renew(later(60_000))).rejects.toMatchObject({ code: 'LEASE_LOST' })
  })

  test('a server without locks is refused', async () => {
    server.interfere = (request, response) => request.method === 'LOCK' && response.writeHead(405).end() !== undefined
    const store = await open(`${server.origin}/state/lockless`)
    const code = 'LEDGER_UNREACHABLE'
    await expect(store.lock(['main'], lease('one', 1000), new Date())).rejects.toMatchObject({ code })
    await expect(store.write('main', json(1), undefined)).rejects.toMatchObject({ code })
  })

  test.each([
    ['http to another machine', 'http://u:hush@example.com/state'],
    ['another server for locks', 'https://u:hush@example.com/state?lock_address=https://example.org/lock'],
    ['a password that is half an escape', 'https://u:hush%zz@example.com/state'],
    ['no URL', 'https://u:hush@:x/'],
  ])('%s is refused before anything is sent', async (_, url) => {
    const error = await open(url, {}).catch((reason) => reason)
    expect(error).toMatchObject({ code: 'LEDGER_URL' })
    expect(`${error.stack}${error.hint}`).not.toContain('hush')
  })
})
