import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, posix, resolve } from 'node:path'
import { loadAll } from 'js-yaml'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kinds } from '../../src/apis/index.ts'
import { EXIT } from '../../src/cli/invocation/exit.ts'
import { SENDING_RULES } from '../../src/model/desired/spec-test.ts'
import { mailconfig } from '../examples/run.ts'
import { filesUnder, textsUnder } from './files.ts'
import { permissionTable } from './permissions.ts'

const pages = textsUnder('.', '.md')

/** Links of a page that lead nowhere: relative paths and headings. */
function brokenLinks(path: string, text: string): string[] {
  const prose = text.replace(/^(`{3,})[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)].flatMap(([, link, attribute]) => {
    const target = link ?? attribute ?? ''
    if (/^(?:https?:|mailto:)/.test(target)) return []
    const [file = '', heading] = target.split('#')
    if (file === '') return headings(text).includes(heading ?? '') ? [] : [`${path}: ${target}`]
    const there = posix.join(posix.dirname(path), file)
    if (!existsSync(there)) return [`${path}: ${target}`]
    if (heading === undefined) return []
    const page = statSync(there).isDirectory() ? '' : readFileSync(there, 'utf8')
    return headings(page).includes(heading) ? [] : [`${path}: ${target}`]
  })
}

/** The anchors that GitHub gives the headings of a page. */
function headings(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

describe('links', () => {
  test('every link between pages leads somewhere', () => {
    expect(pages.size).toBeGreaterThan(20)
    expect([...pages].flatMap(([path, text]) => brokenLinks(path, text))).toEqual([])
  })

  test('a link that leads nowhere would be found', () => {
    const text = '[a](nowhere.md) [b](README.md#no-such) ![c](docs/images/none.svg) [d](#gone)\n# Here\n[e](#here)'
    expect(brokenLinks('CONTRIBUTING.md', text)).toHaveLength(4)
  })
})

describe('docs/cli.md', () => {
  const page = pages.get('docs/cli.md') ?? ''

  test('has every command of the command line, and no other', async () => {
    const { stdout } = await mailconfig(['--help'], '.', { PATH: process.env['PATH'] })
    const commands = [...stdout.slice(stdout.indexOf('Commands:')).matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name)
    expect(commands.length).toBeGreaterThan(8)
    const documented = [...page.matchAll(/^### `(\w+)`$/gm)].map(([, name]) => name)
    expect(documented.sort()).toEqual(commands.sort())
  })

  test('has every option of the command line', async () => {
    const names = [...page.matchAll(/^### `(\w+)`$/gm)].map(([, name = '']) => name).filter((name) => name !== 'help')
    const env = { PATH: process.env['PATH'] }
    const helps = await Promise.all(names.map((name) => mailconfig([name, '--help'], '.', env)))
    const options = new Set(helps.flatMap(({ stdout }) => stdout.match(/--[a-z][a-z-]+/g) ?? []))
    expect(options.size).toBeGreaterThan(20)
    const emulator = pages.get('docs/emulator.md') ?? ''
    expect([...options].filter((option) => !`${page}${emulator}`.includes(option))).toEqual([])
  })

  test('has every exit code, and no other', () => {
    const section = page.slice(page.indexOf('## Exit codes'), page.indexOf('## Environment'))
    const documented = [...section.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code))
    expect(documented).toEqual(Object.values(EXIT).sort((a, b) => a - b))
  })

  test('has every variable of the environment that the command line reads', () => {
    const text = [...textsUnder('src/cli', '.ts').values()].join('\n')
    const variables = new Set([...text.matchAll(/\benv\['([A-Z0-9_]+)'\]/g)].map(([, name = '']) => name))
    expect(variables.size).toBeGreaterThan(5)
    expect([...variables].filter((name) => !page.includes(`\`${name}`))).toEqual([])
  })
})

describe('docs/problems.md', () => {
  /** Words in capitals that are no code of ours: of Node, of YAML, of HTTP, of the environment. */
  const OTHERS =
    /^(?:GET|POST|PATCH|DELETE|CI|TERM|NO_COLOR|FORCE_COLOR|SMTP2GO\w*|BACKOFFICE_\w+|MAILCONFIG_\w+|SIG\w+|E[A-Z]+|G\d|DUPLICATE_KEY|BLOCK_LITERAL|QUOTE_DOUBLE|PATH|HOME|HEAD|LOCK|UNLOCK|ID|C|WHEN_REQUIRED|TF_HTTP_\w+|AUTH|CNAME|TXT|SPF|DMARC|DKIM)$/
  /** Rules of the service have a page of their own. */
  const isRule = (code: string) => SENDING_RULES.some((rule) => rule === code)
  const KEPT = new Set(['EMPTY_COLLECTION', 'EMPTY_FOLDER', 'EXEC_OFF', 'EXEC_FAILED'])

  function codesOf(sources: Iterable<string>): Set<string> {
    const all = [...sources].flatMap((text) => [
      ...text.replace(/\benv\['\w+'\]/g, '').matchAll(/(['"`])([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)\1/g),
    ])
    return new Set(
      all.map(([, , code = '']) => code).filter((code) => KEPT.has(code) || !(OTHERS.test(code) || isRule(code))),
    )
  }
  const inSource = codesOf([
    ...['engine', 'cli', 'model', 'ledger'].flatMap((room) => [...textsUnder(`src/${room}`, '.ts').values()]),
    ...[...textsUnder('src/apis', '.ts')].flatMap(([path, text]) => (/\/(?:kinds|fields)\//.test(path) ? [text] : [])),
  ])
  const documented = [...(pages.get('docs/problems.md') ?? '').matchAll(/^\| `([A-Z0-9_]+)` \|/gm)].map(
    ([, code]) => code,
  )

  test('explains every code of the source, once, and no other', () => {
    expect(inSource.size).toBeGreaterThan(50)
    expect([...documented].sort()).toEqual([...inSource].sort())
  })

  test('a code that is not explained would be found', () => {
    expect([...codesOf([`problems.push({ code: 'BRAND_NEW', message })`])]).toEqual(['BRAND_NEW'])
  })
})

describe('docs/ci.md', () => {
  test('names the calls of every kind', () => {
    expect(pages.get('docs/ci.md')).toContain(permissionTable(kinds))
  })
})

/** The blocks of a language in all pages that people read, with their place. */
function blocks(language: string): [string, string][] {
  return [...pages].flatMap(([path, text]) =>
    [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
      ({ 1: block = '', index }): [string, string] => [`${path}:${text.slice(0, index).split('\n').length + 1}`, block],
    ),
  )
}

test('every YAML block in a page is YAML', () => {
  const broken = blocks('yaml').flatMap(([place, block]) => {
    try {
      loadAll(block)
      return []
    } catch (cause) {
      return [`${place}: ${cause instanceof Error ? cause.message.split('\n')[0] : 'unknown'}`]
    }
  })
  expect(broken).toEqual([])
})

describe('a complete spec in a page', () => {
  const specs = blocks('yaml').filter(([, block]) =>
    /^(?:#.*\n)*version: 1$/m.test(block.split('\n').slice(0, 3).join('\n')),
  )
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailconfig-docs-'))
    for (const name of ['templates', 'lists']) await mkdir(join(folder, name))
    await writeFile(join(folder, 'templates/receipt.html'), '<p>{{name}}</p>\n')
    await writeFile(join(folder, 'lists/suppressions.csv'), 'gone@example.org,Moved\n')
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('there are some', () => {
    expect(specs.length).toBeGreaterThan(6)
  })

  test.each(specs)('%s can be planned and applied', async (place, block) => {
    const names = [...block.matchAll(/\$\{env:(\w+)\}/g)].map(([, name = '']) => [name, 'not-Real-7pQ2x-Vw9Km'])
    const env = { PATH: process.env['PATH'], ...Object.fromEntries(names) }
    const file = `${place.replace(/\W+/g, '-')}.yaml`
    await writeFile(join(folder, file), block)
    const emulator = `--emulator=${file}.json`
    const applied = await mailconfig(['apply', '--auto-approve', '-f', file, emulator], folder, env)
    expect(applied).toMatchObject({ code: 0, stdout: expect.stringContaining('Applied.') })
    const again = await mailconfig(['plan', '--detailed-exitcode', '-f', file, emulator], folder, env)
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to do.') })
  })
})

describe('a TypeScript example in a page', () => {
  const folder = mkdtempSync(join('node_modules', '.mailconfig-docs-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function compile(texts: readonly string[]): Promise<string> {
    const files = texts.map((_, at) => `example-${at}.ts`)
    const options = {
      module: 'nodenext',
      target: 'es2023',
      strict: true,
      noEmit: true,
      types: ['node'],
      skipLibCheck: false,
    }
    return Promise.all([
      ...texts.map((text, at) => writeFile(join(folder, `example-${at}.ts`), `${text}\nexport {}\n`)),
      writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files })),
    ]).then(
      () =>
        new Promise((done) =>
          execFile(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', folder], (_, stdout) =>
            done(stdout),
          ),
        ),
    )
  }

  test('compiles with the types that are published', async () => {
    const examples = blocks('ts').filter(([, block]) => /from 'mailconfig/.test(block))
    expect(examples.length).toBeGreaterThan(3)
    expect(await compile(examples.map(([, block]) => block))).toBe('')
  })

  test('would not compile with a name that is not exported', async () => {
    expect(await compile([`import { noSuchThing } from 'mailconfig'`])).toContain('noSuchThing')
  })
})

test('every folder of docs is linked from the README or from a page that is', () => {
  const linked = new Set(
    [...pages].flatMap(([path, text]) =>
      [...text.matchAll(/\]\(([^)#\s]+)/g)].map(([, target = '']) => posix.join(dirname(path), target)),
    ),
  )
  const docs = filesUnder('docs').filter((path) => path.endsWith('.md') && !path.startsWith('docs/reference/'))
  expect(docs.filter((path) => !linked.has(path))).toEqual([])
})
