import { execFile } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { posix } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { filesUnder } from './files.ts'
import { importsOf } from './import-rule.ts'

const run = promisify(execFile)

interface Manifest {
  readonly version: string
  readonly license: string
  readonly type: string
  readonly bin: Readonly<Record<string, string>>
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}
const manifest: Manifest = JSON.parse(readFileSync('package.json', 'utf8'))

test('everything that is exported is there once it is built', () => {
  const targets = Object.values(manifest.exports).flatMap((target) =>
    typeof target === 'string' ? [target] : Object.values(target),
  )
  expect(targets).toContain('./dist/index.js')
  expect(targets.filter((target) => !existsSync(target))).toEqual([])
})

test('the library and the emulator can be imported by name', async () => {
  const names = ['mailconfig', 'mailconfig/emulator']
  const code = `for (const name of ${JSON.stringify(names)}) console.log(Object.keys(await import(name)).length > 0)`
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code])
  expect(stdout).toBe('true\ntrue\n')
})

test('the command is executable and says its version', async () => {
  const path = manifest.bin['mailconfig'] ?? ''
  expect(readFileSync(path, 'utf8').split('\n')[0]).toBe('#!/usr/bin/env node')
  expect(statSync(path).mode & 0o111).toBe(0o111)
  expect((await run(process.execPath, [path, '--version'])).stdout).toBe(`${manifest.version}\n`)
})

test('the published types ask for no package that users do not have', () => {
  const seen = new Set<string>()
  const asked: string[] = []
  const visit = (path: string): void => {
    if (seen.has(path)) return
    seen.add(path)
    for (const target of importsOf(readFileSync(path, 'utf8'))) {
      if (target?.startsWith('.')) visit(posix.join(posix.dirname(path), target.replace(/\.(?:js|ts)$/, '.d.ts')))
      else if (!target?.startsWith('node:')) asked.push(`${path}: ${target}`)
    }
  }
  visit('dist/types/index.d.ts')
  visit('dist/types/apis/emulator.d.ts')
  expect(seen.size).toBeGreaterThan(20)
  expect(asked).toEqual([])
})

test('nothing has to be installed beside the package', () => {
  expect(manifest.dependencies).toBeUndefined()
})

test('the package carries what users need, and nothing else', async () => {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { maxBuffer: 1e8 })
  const [packed]: [{ files: { path: string }[]; size: number }] = JSON.parse(stdout)
  const paths = packed.files.map(({ path }) => path)
  const plain = /^(?:dist\/(?:types|chunks|cdktf|cdktn)\/|schemas\/\w+\.schema\.json$)/
  expect(paths.filter((path) => !plain.test(path)).sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'dist/THIRD-PARTY-LICENSES.txt',
    'dist/bin.js',
    'dist/cdktf-spec.js',
    'dist/emulator.js',
    'dist/index.js',
    'dist/template-worker.js',
    'dist/terraform-provider.cjs',
    'mailconfig.schema.json',
    'package.json',
  ])
  expect(paths.filter((path) => path.startsWith('dist/types/') && !path.endsWith('.d.ts'))).toEqual([])
  const constructs = paths.filter((path) => /^dist\/cdkt[fn]\//.test(path) && !path.endsWith('.d.ts'))
  expect(constructs.sort()).toEqual(
    ['cdktf', 'cdktn'].flatMap((name) => [`dist/${name}/main.js`, `dist/${name}/package.json`]),
  )
  expect(packed.size).toBeLessThan(2_000_000)
})

test('the licences of everything bundled go along', () => {
  const text = readFileSync('dist/THIRD-PARTY-LICENSES.txt', 'utf8')
  for (const name of ['undici', 'commander', 'yaml', 'js-yaml', 'ajv', 'hono', '@hono/node-server', 'diff'])
    expect(text).toMatch(new RegExp(`^${name} \\d+\\.`, 'm'))
})

test('the lock file names versions and checksums, and no place to load them from', () => {
  const lock = readFileSync('package-lock.json', 'utf8')
  expect(lock).not.toContain('"resolved"')
  expect(lock).not.toMatch(/https?:[^"]*\.tgz/)
  const { packages }: { packages: Record<string, { integrity?: string; inBundle?: boolean }> } = JSON.parse(lock)
  // What a package brings along inside itself is covered by that package's own checksum.
  const installed = Object.entries(packages).filter(([path, { inBundle }]) => path !== '' && inBundle !== true)
  expect(installed.length).toBeGreaterThan(20)
  expect(installed.filter(([, { integrity }]) => integrity?.startsWith('sha512-') !== true)).toEqual([])
})

test('the lock file is complete: "npm ci" refuses one that lacks a package for some other machine', () => {
  const { packages }: { packages: Record<string, { optionalDependencies?: Record<string, string> }> } = JSON.parse(
    readFileSync('package-lock.json', 'utf8'),
  )
  const found = (path: string, name: string): boolean => {
    if (packages[`${path === '' ? '' : `${path}/`}node_modules/${name}`] !== undefined) return true
    return path !== '' && found(path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/'))), name)
  }
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !found(path, name)),
  )
  expect(missing).toEqual([])
})

test('no file names a place on the machine of whoever wrote it', () => {
  const places = [homedir(), process.cwd()].filter((place) => place.length > 3).map((place) => `${place}/`)
  const usual = /(?<![\w.])\/(?:home|Users|root)\/[\w.-]+|[A-Z]:\\Users\\/
  const found = filesUnder('.')
    .filter((path) => /\.(?:ts|mjs|js|json|md|yaml|yml|csv|txt|html|svg|sh)$|(?:^|\/)[\w.]+$/.test(path))
    .filter((path) => {
      const text = readFileSync(path, 'utf8')
      return usual.test(text) || places.some((place) => text.includes(place))
    })
  expect(found.filter((path) => path !== 'test/house/package.test.ts')).toEqual([])
})
