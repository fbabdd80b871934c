import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openExample, startProcess } from './run.ts'

const EXAMPLES = readdirSync('examples', { withFileTypes: true })
  .filter(
    (entry) =>
      entry.isDirectory() && ['main.ts', 'main.tf'].every((name) => !existsSync(join('examples', entry.name, name))),
  ) // programs have tests of their own
  .map((entry) => entry.name)

test('there are five examples', () => {
  expect(EXAMPLES).toEqual(['backoffice', 'full', 'gitops', 'ip-auth', 'quickstart'])
})

/** An emulator that holds what the example says is there already. */
function emulatorOf(name: string) {
  const seed = join('examples', name, 'seed.json')
  return existsSync(seed) ? startProcess('--seed', seed) : startProcess()
}

describe.each(EXAMPLES)('the example %s', (name) => {
  test('is validated, planned and applied; then there is nothing to do, and its export says the same', async () => {
    await using emulator = await emulatorOf(name)
    await using place = await openExample(name, emulator)

    expect(await place.run('validate')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Valid\./) })
    const first = await place.run('plan', '--detailed-exitcode')
    expect({ code: first.code, stderr: withoutWarnings(first.stderr) }).toEqual({ code: 2, stderr: '' })
    expect((await emulator.calls()).filter((call) => call.writes)).toEqual([])

    const applied = await place.run('apply', '--auto-approve')
    expect(applied.stdout).toMatch(/Applied\. \d+ changes? done and read back\./)
    expect(applied.code).toBe(0)

    expect(await place.run('plan', '--detailed-exitcode')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Nothing to do.'),
    })
    await emulator.forget()
    expect(await place.run('apply', '--auto-approve')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Nothing to do.'),
    })
    const calls = await emulator.calls()
    expect(calls.length).toBeGreaterThan(0)
    expect(calls.filter((call) => call.writes)).toEqual([])

    const exported = await place.run('export', '--subaccounts')
    expect(exported.code).toBe(0)
    const elsewhere = join(place.folder, 'exported')
    await mkdir(elsewhere)
    if (existsSync(join(place.folder, 'secrets')))
      await rename(join(place.folder, 'secrets'), join(elsewhere, 'secrets'))
    await writeFile(join(elsewhere, 'mailconfig.yaml'), exported.stdout)
    const again = await place.run('plan', '--detailed-exitcode', '-f', 'exported/mailconfig.yaml')
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to do.') })
  })

  test('prints none of its secrets', async () => {
    await using emulator = await emulatorOf(name)
    await using place = await openExample(name, emulator)
    const outputs = [
      await place.run('validate', '--format', 'json'),
      await place.run('plan', '--format', 'json'),
      await place.run('apply', '--auto-approve'),
      await place.run('export'),
    ]
    const all = outputs.map(({ stdout, stderr }) => stdout + stderr).join('\n')
    for (const secret of [...fakeSecrets(name), emulator.apiKey, emulator.token]) expect(all).not.toContain(secret)
  })

  test('lists every variable that it needs in .env.example, and no other', () => {
    const files = readdirSync(join('examples', name), { recursive: true, encoding: 'utf8' })
    const text = files
      .filter((file) => file.endsWith('.yaml'))
      .map((file) => readFileSync(join('examples', name, file), 'utf8'))
      .join('\n')
    const used = new Set([...text.matchAll(/\$\{env:(\w+)\}/g)].map(([, variable]) => variable))
    const listed = readFileSync(join('examples', name, '.env.example'), 'utf8').matchAll(/^(\w+)=/gm)
    expect([...listed].map(([, variable]) => variable).sort()).toEqual([...used].sort())
  })

  test('has a page of its own', () => {
    expect(readFileSync(join('examples', name, 'README.md'), 'utf8')).toMatch(/^# \S/)
  })
})

test('an example that has nothing to apply would not pass for one that has', async () => {
  await using emulator = await startProcess()
  await using place = await openExample('quickstart', emulator)
  await writeFile(join(place.folder, 'mailconfig.yaml'), 'version: 1\n')
  expect(await place.run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
})

function withoutWarnings(text: string): string {
  return text.replaceAll(/^.*(?:UNUSED_RULE|UNREADABLE) warning:.*\n(?: {2}.*\n|\n)*/gm, '')
}

function fakeSecrets(name: string): string[] {
  const text = readFileSync(join('examples', name, '.env.example'), 'utf8')
  return [...text.matchAll(/^\w+=(.+)$/gm)].map(([, value = '']) => value)
}
