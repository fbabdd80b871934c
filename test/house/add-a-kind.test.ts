import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { filesUnder } from './files.ts'

/** The files of the walk-through in CONTRIBUTING.md, by path. */
async function walkThrough(): Promise<Map<string, string>> {
  const page = await readFile('CONTRIBUTING.md', 'utf8')
  const steps = page.matchAll(/^\d\. `([^`]+)`:[\s\S]*?^ {3}```\w+\n([\s\S]*?)^ {3}```/gm)
  return new Map([...steps].map(([, path = '', block = '']) => [path, block.replace(/^ {3}/gm, '')]))
}

function run(cwd: string, ...args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((done) =>
    execFile(process.execPath, args, { cwd, env: { ...process.env, NO_COLOR: '1' } }, (error, stdout, stderr) =>
      done({ code: error === null ? 0 : 1, output: stdout + stderr }),
    ),
  )
}

test('a kind is added as CONTRIBUTING.md says, and conforms', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mailconfig-kind-'))
  try {
    for (const path of filesUnder('.')) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await cp(path, join(folder, path))
    }
    await symlink(resolve('node_modules'), join(folder, 'node_modules'))
    const files = await walkThrough()
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
    expect(await run(folder, 'scripts/generate.mjs')).toMatchObject({ code: 0 })
    const tests = ['test/apis/kinds/muted-address.test.ts', 'test/examples/full.test.ts']
    const tested = await run(folder, resolve('node_modules/vitest/vitest.mjs'), 'run', ...tests)
    expect(tested).toMatchObject({ code: 0, output: expect.stringMatching(/Test Files +2 passed/) })
    const include = ['src', ...[...files.keys()].filter((path) => path.endsWith('.test.ts'))]
    await writeFile(join(folder, 'tsconfig.kind.json'), JSON.stringify({ extends: './tsconfig.json', include }))
    expect(await run(folder, resolve('node_modules/typescript/bin/tsc'), '-p', 'tsconfig.kind.json')).toEqual({
      code: 0,
      output: '',
    })
    expect(await readFile(join(folder, 'docs/reference/mutedAddresses.md'), 'utf8')).toContain('Until Monday')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
