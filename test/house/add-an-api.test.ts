import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { inCopy, runNode, walkThrough } from './walk-through.ts'

const SPEC = `version: 1
accounts:
  relay: { api: relay, url: https://relay.example.com/relay, relayKey: "\${env:RELAY_KEY}" }
routes:
  - { domain: example.org, nextHop: mx.example.net }
  - { domain: example.com, nextHop: mx.example.net }
`

test('an API is added as CONTRIBUTING.md says, and all that follows from it follows', {
  timeout: 240_000,
}, async () => {
  await inCopy(async (folder) => {
    const files = await walkThrough('Add an API in one folder')
    expect([...files.keys()]).toEqual([
      'src/apis/relay/api.ts',
      'src/apis/relay/client/open.ts',
      'src/apis/relay/kinds/route.ts',
      'src/apis/relay/emulator/serve.ts',
    ])
    for (const [path, text] of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), text)
    }
    expect(await runNode(folder, ['scripts/generate.mjs'])).toMatchObject({ code: 0 })
    await writeFile(join(folder, 'tsconfig.api.json'), JSON.stringify({ extends: './tsconfig.json', include: ['src'] }))
    const checked = await runNode(folder, [resolve('node_modules/typescript/bin/tsc'), '-p', 'tsconfig.api.json'])
    expect(checked).toEqual({ code: 0, output: '' })
    const rules = ['test/house/imports.test.ts', 'test/house/layout.test.ts', 'test/house/api-names.test.ts']
    const tested = await runNode(folder, [resolve('node_modules/vitest/vitest.mjs'), 'run', ...rules])
    expect(tested).toMatchObject({ code: 0, output: expect.stringMatching(/Test Files +3 passed/) })
    expect(await runNode(folder, ['scripts/build.mjs'])).toMatchObject({ code: 0 })

    const work = join(folder, 'work')
    await mkdir(work)
    await writeFile(join(work, 'mailconfig.yaml'), SPEC)
    const run = (...args: string[]) => runNode(work, [join(folder, 'dist/bin.js'), ...args])
    const emulator = '--emulator=state.json'
    expect(await run('validate')).toMatchObject({ code: 0 })
    expect(await run('plan', emulator, '--detailed-exitcode')).toMatchObject({ code: 2 })
    expect(await run('apply', '--auto-approve', emulator)).toMatchObject({ code: 0 })
    expect(await run('plan', emulator, '--detailed-exitcode')).toMatchObject({
      code: 0,
      output: expect.stringContaining('Nothing to do.'),
    })
    await writeFile(join(work, 'mailconfig.yaml'), SPEC.replace('mx.example.net }\n', 'other.example.net }\n'))
    expect(await run('apply', '--auto-approve', emulator)).toMatchObject({ code: 0 })
    expect(JSON.parse(await readFile(join(work, 'state.json'), 'utf8')).relay.routes).toEqual([
      { id: 'r1', domain: 'example.org', next_hop: 'other.example.net' },
      { id: 'r2', domain: 'example.com', next_hop: 'mx.example.net' },
    ])
    const exported = await run('export', emulator)
    expect(exported).toMatchObject({ code: 0, output: expect.stringContaining('relayKey: ${env:RELAY_KEY}') })
    expect(exported.output).toContain('nextHop: other.example.net')
    expect((await run('check', emulator)).output).toContain('the key works; 2 routes')

    const page = await readFile(join(folder, 'docs/reference/routes.md'), 'utf8')
    expect(page).toContain('Where mail for a domain goes.')
    const index = await readFile(join(folder, 'docs/terraform/index.md'), 'utf8')
    expect(index).toContain('relay      = { url = "https://relay.example.com/relay" }')
    expect(index).toContain('`RELAY_KEY`')
    expect(await readFile(join(folder, 'docs/terraform/resources/route.md'), 'utf8')).toContain('next_hop')
  })
})
