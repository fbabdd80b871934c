import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newestMark, nextMark } from '../../../src/ledger/stores/file-lock.ts'
import { openStore } from '../../../src/ledger/stores/open.ts'
import { buildProgram, conforms, json, later, lease } from '../conformance.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'mailconfig-ledger-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const newFolder = () => mkdtemp(join(root, 'x'))

async function openIn(cwd: string, path?: string) {
  return openStore(path, { cwd, env: {} })
}

describe('a ledger in a file', () => {
  conforms(async () => {
    const cwd = await newFolder()
    return {
      url: '.mailconfig/ledger.json',
      cwd,
      env: {},
      secret: 'no secret',
      fail: async () => {
        await rm(join(cwd, '.mailconfig'), { recursive: true })
        await writeFile(join(cwd, '.mailconfig'), '') // for root may read and write everywhere
      },
    }
  })

  test('it is pretty-printed, for its owner alone, and leaves nothing beside it that Git sees', async () => {
    const cwd = await newFolder()
    const store = await openIn(cwd)
    expect(store.where).toBe('.mailconfig/ledger.json')
    const held = await store.lock(['main'], lease('one', 1000), new Date())
    await store.write('main', json(1), undefined)
    await store.write('eu', json(2), undefined)
    await held.renew(later(1000))
    await held.release()
    const path = join(cwd, '.mailconfig/ledger.json')
    expect(await readFile(path, 'utf8')).toMatchInlineSnapshot(`
      "{
        "format": 1,
        "accounts": {
          "eu": {
            "format": 1,
            "value": 2
          },
          "main": {
            "format": 1,
            "value": 1
          }
        }
      }
      "
    `)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await readdir(join(cwd, '.mailconfig'))).sort()).toEqual(['ledger.json', 'ledger.json.lock'])
    expect((await readdir(`${path}.lock`)).sort()).toEqual(['.gitignore', '3'])
    expect(await readFile(`${path}.lock/.gitignore`, 'utf8')).toBe('*\n')
  })

  test('reading makes nothing', async () => {
    const cwd = await newFolder()
    const store = await openIn(cwd)
    await Promise.all([store.names(), store.read(['main']), store.holders(['main']), store.unlock('x')])
    expect(await readdir(cwd)).toEqual([])
  })

  test('what another account has in the file is kept', async () => {
    const cwd = await newFolder()
    const theirs = { format: 1, entries: { b: [1, 2.5, null, 'ü'], a: {} }, more: 'x' }
    await writeFile(join(cwd, 'l.json'), JSON.stringify({ format: 1, accounts: { theirs } }), { mode: 0o644 })
    const store = await openIn(cwd, 'l.json')
    await store.write('ours', json(1), undefined)
    expect(JSON.parse(await readFile(join(cwd, 'l.json'), 'utf8')).accounts).toEqual({
      theirs,
      ours: JSON.parse(json(1)),
    })
    expect((await stat(join(cwd, 'l.json'))).mode & 0o777).toBe(0o600)
  })

  test.each([
    ['no JSON', '{"format":1,', 'LEDGER_CORRUPT'],
    ['an empty file', '', 'LEDGER_CORRUPT'],
    ['a list', '[]', 'LEDGER_CORRUPT'],
    ['no format', '{"accounts":{}}', 'LEDGER_CORRUPT'],
    ['no accounts', '{"format":1,"accounts":[]}', 'LEDGER_CORRUPT'],
    ['a newer format', '{"format":2,"accounts":{}}', 'LEDGER_NEWER'],
    ['a conflict of Git', '<<<<<<< HEAD\n{}\n=======', 'LEDGER_CORRUPT'],
  ])('%s is said, with the name of the file, and left as it is', async (_, text, code) => {
    const cwd = await newFolder()
    await writeFile(join(cwd, 'ledger.json'), text)
    const store = await openIn(cwd, 'ledger.json')
    const message = expect.stringContaining('ledger.json')
    await expect(store.names()).rejects.toMatchObject({ code, message })
    await expect(store.read(['main'])).rejects.toMatchObject({ code, message })
    await expect(store.write('main', json(1), undefined)).rejects.toMatchObject({ code, message })
    expect(await readFile(join(cwd, 'ledger.json'), 'utf8')).toBe(text)
  })

  test('a symbolic link stays one, and both paths share one lock', async () => {
    const cwd = await newFolder()
    await mkdir(join(cwd, 'real'))
    await symlink('real/ledger.json', join(cwd, 'link.json'))
    const [link, real] = [await openIn(cwd, 'link.json'), await openIn(cwd, 'real/ledger.json')]
    await link.write('main', json(1), undefined)
    expect((await stat(join(cwd, 'real/ledger.json'))).isFile()).toBe(true)
    expect(await real.names()).toEqual(['main'])
    await link.write('other', json(2), undefined)
    expect((await readdir(cwd)).sort()).toEqual(['link.json', 'real'])
    const held = await link.lock(['main'], lease('one', 60_000), new Date())
    expect(await real.holders(['main'])).toMatchObject([{ id: held.lease.id }])
  })

  test('a mark that was left half written is taken over when its time is up', async () => {
    const cwd = await newFolder()
    await mkdir(join(cwd, 'ledger.json.lock'))
    await writeFile(join(cwd, 'ledger.json.lock/7'), '{"id":')
    const store = await openIn(cwd, 'ledger.json')
    await expect(store.lock(['main'], lease('one', 1000), new Date())).rejects.toMatchObject({ code: 'LEDGER_LOCKED' })
    const held = await store.lock(['main'], lease('one', 1000), new Date(Date.now() + 60_000))
    expect(held.tookOver?.id).toBe('mark-7')
  })

  test('a mark that comes too late counts for nothing', async () => {
    const cwd = await newFolder()
    const store = await openIn(cwd, 'ledger.json')
    const held = await store.lock(['main'], lease('one', 60_000), new Date())
    await held.renew(later(60_000))
    await writeFile(join(cwd, 'ledger.json.lock/1'), JSON.stringify(lease('late', 60_000)))
    expect(await store.holders(['main'])).toMatchObject([{ id: held.lease.id }])
    await held.renew(later(60_000))
    expect((await readdir(join(cwd, 'ledger.json.lock'))).sort()).toEqual(['.gitignore', '3'])
  })

  test('a folder that may not be written is said, to a user who is not root', async () => {
    const cwd = await newFolder()
    await buildProgram(join(root, 'program.mjs'))
    await chmod(root, 0o755)
    await chmod(cwd, 0o555)
    const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
    const { stdout } = spawnSync(process.execPath, [join(root, 'program.mjs'), 'new/ledger.json', 'id', later(1000)], {
      ...user,
      cwd,
      input: 'go\n',
      encoding: 'utf8',
    })
    await chmod(cwd, 0o755)
    expect(stdout).toBe(
      'ready\nLEDGER_UNREACHABLE: new/ledger.json cannot be used: this user may not read or write there\n',
    )
  })

  test('what processes left behind that died is cleared away by the next one', async () => {
    const cwd = await newFolder()
    const store = await openIn(cwd, 'ledger.json')
    await store.write('main', json(1), undefined)
    for (const name of ['draft.x', '1.x', '2.y', '3.z']) await writeFile(join(cwd, 'ledger.json.lock', name), '{')
    await store.write('eu', json(2), undefined)
    expect((await readdir(join(cwd, 'ledger.json.lock'))).sort()).toEqual(['.gitignore', '4'])
    expect((await readdir(cwd)).sort()).toEqual(['ledger.json', 'ledger.json.lock'])
  })

  test('a mark for which somebody else was faster is taken back, even where that one is gone again', async () => {
    const folder = join(await newFolder(), 'lock')
    const first = await nextMark(folder, await newestMark(folder), lease('one', 60_000))
    const second = await nextMark(folder, first ?? (await newestMark(folder)), undefined)
    expect(second).toEqual({ number: 2, lease: undefined })
    await nextMark(folder, { number: 2, lease: undefined }, lease('three', 60_000))
    expect((await readdir(folder)).sort()).toEqual(['.gitignore', '3'])
    expect(await nextMark(folder, { number: 1, lease: undefined }, lease('late', 60_000))).toBeUndefined()
    expect(await nextMark(folder, { number: 2, lease: undefined }, lease('too', 60_000))).toBeUndefined()
    expect((await readdir(folder)).sort()).toEqual(['.gitignore', '3'])
    expect((await newestMark(folder)).lease?.owner).toBe('three')
  })

  test.skipIf(!existsSync('/proc/self'))('a folder that nobody can make is said, not tried for ever', async () => {
    const store = await openIn(await newFolder(), '/proc/no-such/ledger.json')
    await expect(store.write('main', json(1), undefined)).rejects.toMatchObject({ code: 'LEDGER_UNREACHABLE' })
  })

  test.each([
    ['a folder in its place', 'folder', 'it is a folder'],
    ['a file where a folder should be', 'file/ledger.json', 'a part of its path is not a folder'],
    ['a name that is too long', `${'x'.repeat(300)}.json`, 'its name is too long'],
  ])('%s is said in words', async (_, path, why) => {
    const cwd = await newFolder()
    await mkdir(join(cwd, 'folder'))
    await writeFile(join(cwd, 'file'), '')
    const store = await openIn(cwd, path)
    const message = expect.stringContaining(why)
    await expect(store.read(['main'])).rejects.toMatchObject({ code: 'LEDGER_UNREACHABLE', message })
    await expect(store.write('main', json(1), undefined)).rejects.toMatchObject({ code: 'LEDGER_UNREACHABLE', message })
  })
})
