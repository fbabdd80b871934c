import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { importsOf } from '../house/import-rule.ts'
import { LIBRARIES, project } from './stack.ts'

function tsc(cwd: string, ...files: readonly string[]): Promise<string> {
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2023', '--module', 'nodenext']
  const types = ['--types', 'node', '--typeRoots', resolve('node_modules/@types')]
  const args = [resolve('node_modules/typescript/bin/tsc'), ...options, ...types, ...files]
  return new Promise((done) => execFile(process.execPath, args, { cwd }, (_, stdout) => done(stdout)))
}

describe.each(LIBRARIES)('%s', (library) => {
  test('the example compiles as an ES module and as CommonJS, and a slip of the pen does not', {
    timeout: 120_000,
  }, async () => {
    using at = project(library)
    const main = readFileSync(join('examples', library, 'main.ts'), 'utf8')
    at.file('package.json', '{ "type": "module" }')
    at.file('main.ts', main)
    at.file('main.cts', main)
    at.file('wrong.ts', main.replace("description: 'Shop'", 'descriptoin: 1').replace("'smtpUsers'", "'smtpUser'"))
    const said = await tsc(at.dir, 'main.ts', 'main.cts', 'wrong.ts')
    expect([...said.matchAll(/^(\S+?)\(.*error (TS\d+)/gm)].map(([, file, code]) => [file, code])).toEqual([
      ['wrong.ts', 'TS2561'],
      ['wrong.ts', 'TS2345'],
      ['wrong.ts', 'TS2339'],
    ])
  })

  test('the published types ask for the library and for constructs alone', () => {
    const folder = join('dist', library)
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.d.ts'))
    const asked = files.flatMap((path) => importsOf(readFileSync(join(folder, path), 'utf8')))
    const packages = new Set(asked.filter((target) => target?.startsWith('.') === false))
    expect([...packages].sort()).toEqual([library, 'constructs'])
  })
})
