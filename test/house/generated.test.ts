import { execFile } from 'node:child_process'
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

/** A copy of what generating reads and writes. */
async function openCopy() {
  const folder = await mkdtemp(join(tmpdir(), 'mailconfig-house-'))
  for (const part of [
    'src',
    'scripts',
    'schemas',
    'docs/reference',
    'docs/terraform',
    'mailconfig.schema.json',
    'package.json',
  ])
    await cp(part, join(folder, part), { recursive: true })
  await mkdir(join(folder, 'node_modules'))
  for (const name of await readdir('node_modules'))
    await symlink(resolve('node_modules', name), join(folder, 'node_modules', name)).catch(() => undefined)
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

function check(cwd: string): Promise<{ code: number; stdout: string }> {
  return new Promise((done) =>
    execFile(process.execPath, ['scripts/generate.mjs', '--check'], { cwd }, (error, stdout) =>
      done({ code: error === null ? 0 : 1, stdout }),
    ),
  )
}

test('what is generated is up to date', async () => {
  expect(await check('.')).toEqual({ code: 0, stdout: 'Everything generated is up to date.\n' })
})

test('a hand on what is generated is found', async () => {
  await using copy = await openCopy()
  expect(await check(copy.folder)).toMatchObject({ code: 0 })
  await appendFile(join(copy.folder, 'docs/reference/webhooks.md'), 'more\n')
  await writeFile(join(copy.folder, 'schemas/old.schema.json'), '{}\n')
  expect(await check(copy.folder)).toEqual({
    code: 1,
    stdout: 'Not up to date:\n  docs/reference/webhooks.md\n  schemas/old.schema.json\n',
  })
})

test('a kind that was changed without generating is found', async () => {
  await using copy = await openCopy()
  const path = join(copy.folder, 'src/apis/smtp2go/kinds/webhook.ts')
  await writeFile(path, (await readFile(path, 'utf8')).replace('Posts delivery events', 'Sends delivery events'))
  const { code, stdout } = await check(copy.folder)
  expect(code).toBe(1)
  expect(stdout).toContain('docs/reference/webhooks.md')
  expect(stdout).toContain('mailconfig.schema.json')
})

test('the recorded plan is what the command prints', async () => {
  const ended = await new Promise<string>((done) =>
    execFile(process.execPath, ['scripts/recording.mjs', '--check'], (_, stdout, stderr) => done(stdout + stderr)),
  )
  expect(ended).toBe('docs/images/plan.svg is up to date.\n')
})
