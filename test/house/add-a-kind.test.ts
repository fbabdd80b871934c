import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { inCopy, runNode, walkThrough } from './walk-through.ts'

test('a kind is added as CONTRIBUTING.md says, and conforms', { timeout: 120_000 }, async () => {
  await inCopy(async (folder) => {
    const files = await walkThrough('Add a kind in three files')
    expect([...files.keys()]).toEqual([
      'src/apis/smtp2go/kinds/muted-address.ts',
      'test/apis/kinds/muted-address.test.ts',
      'examples/full/mailconfig.yaml',
    ])
    for (const [path, text] of files) {
      if (!path.endsWith('.yaml')) await writeFile(join(folder, path), text)
      else {
        const spec = await readFile(path, 'utf8')
        await writeFile(join(folder, path), spec.replace('\n---\n', `\n${text}\n---\n`))
      }
    }
    expect(await runNode(folder, ['scripts/generate.mjs'])).toMatchObject({ code: 0 })
    const tests = ['test/apis/kinds/muted-address.test.ts', 'test/examples/full.test.ts']
    const tested = await runNode(folder, [resolve('node_modules/vitest/vitest.mjs'), 'run', ...tests])
    expect(tested).toMatchObject({ code: 0, output: expect.stringMatching(/Test Files +2 passed/) })
    const include = ['src', ...[...files.keys()].filter((path) => path.endsWith('.test.ts'))]
    await writeFile(join(folder, 'tsconfig.kind.json'), JSON.stringify({ extends: './tsconfig.json', include }))
    expect(await runNode(folder, [resolve('node_modules/typescript/bin/tsc'), '-p', 'tsconfig.kind.json'])).toEqual({
      code: 0,
      output: '',
    })
    expect(await readFile(join(folder, 'docs/reference/mutedAddresses.md'), 'utf8')).toContain('Until Monday')
  })
})
