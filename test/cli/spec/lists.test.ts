import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, home } from '../harness.ts'

afterEach(closeHomes)

/** What a list asks for: each address with its description and its line. */
async function read(text: string | Buffer, { name = 'list.csv', more = '' } = {}) {
  const at = await home()
  writeFileSync(join(at.dir, name), text)
  at.spec(`suppressions: [{ file: ${name}${more} }]\n`)
  const { code, stdout, stderr } = await at.run('plan --format json')
  const { changes = [] } = JSON.parse(stdout)
  type Change = { key: string; source: { line: number }; fields: { path: string; after: unknown }[] }
  const found = (changes as Change[]).map(({ key, source, fields }) => {
    const description = fields.find(({ path }) => path === 'description')?.after
    return `${source.line} ${key}${description === undefined ? '' : ` ${JSON.stringify(description)}`}`
  })
  return { code, found, stderr, problems: JSON.parse(stdout).problems ?? [] }
}

describe('a list as services export it', () => {
  test.each<readonly [string, string, readonly string[]]>([
    [
      'a line break in a quoted cell is no new row',
      'email,reason\nnora@mail.example,"Letter, from\nmail.example, Street"\n',
      ['2 nora@mail.example "Letter, from\\nmail.example, Street"'],
    ],
    [
      'a blank behind a quote',
      'address,description\n"nora@mail.example" ,mail.example\n',
      ['2 nora@mail.example "mail.example"'],
    ],
    [
      'quotes that are not doubled',
      'a@x.example,Said "stop" twice\nc@x.example,5" screen\n',
      ['1 a@x.example "Said \\"stop\\" twice"', '2 c@x.example "5\\" screen"'],
    ],
    ['a blank in front of a quote', 'e@x.example, "after, a space"\n', ['1 e@x.example "after, a space"']],
    ['a comment above the heading', '# from the old system\nemail,why\na@x.example,asked\n', ['3 a@x.example "asked"']],
    ['CRLF and a mark of UTF-8', '\uFEFFemail\r\na@x.example\r\n', ['2 a@x.example']],
    ['a heading in capitals, with blanks', ' Email Address  ,Notes\na@x.example,n\n', ['2 a@x.example "n"']],
    ['Postmark', 'EmailAddress,SuppressionReason\na@x.example,HardBounce\n', ['2 a@x.example']],
    ['SMTP2GO', 'timestamp,email_address\n2026,a@x.example\n', ['2 a@x.example']],
    ['a recipient', 'recipient,created\na@x.example,2026\n', ['2 a@x.example']],
    ['the same address in two spellings', 'A@x.example\na@X.example\n', ['1 a@x.example']],
    ['nothing but a heading', 'email\n', []],
  ])('%s', async (_, text, wanted) => {
    const { code, found } = await read(text)
    expect(found).toEqual(wanted)
    expect(code).toBe(0)
  })

  test('a column is named where no heading is known', async () => {
    expect((await read('Status,Who\n5.1.0,a@x.example\n', { more: ', column: Who' })).found).toEqual(['2 a@x.example'])
    const { problems } = await read('Status,Who\n5.1.0,a@x.example\n')
    expect(problems).toMatchObject([
      { code: 'BAD_LINE', at: { file: 'list.csv', line: 1 }, hint: expect.stringContaining('column:') },
    ])
    expect(problems[0].message).toContain('"Status", "Who"')
  })
})

describe('a list that cannot be meant', () => {
  test.each<readonly [string, string | Buffer, RegExp]>([
    ['semicolons, 3,000 times', 'a@b.example;Grund\n'.repeat(3000), /^3000 lines separate their cells with semicolons/],
    ['tabs', 'a@b.example\tGrund\n', /tabs/],
    ['a status in the first column', '5.1.0,a@x.example\n', /not in the first column/],
    ['a quote without an end', 'a@x.example,"never closed\n', /quote in line 1 has no end/],
    ['UTF-16', Buffer.from('\uFEFFa@x.example\n', 'utf16le'), /UTF-16/],
    ['Windows-1252', Buffer.from('a@x.example,Gr\u00fcnde\n', 'latin1'), /Windows-1252/],
    ['a zero-width space', '\u200Ba@x.example\n', /U\+200B/],
    ['a turned direction', 'a@x\u202E.example\n', /U\+202E/],
    ['*@', '*@mail.example\n', /is not an e-mail address or a domain/],
    ['@', '@mail.example\n', /is not an e-mail address or a domain/],
    ['an address of a machine', '192.0.2.10\n', /is not an e-mail address or a domain/],
    ['a status alone', '5.1.0\n', /is not an e-mail address or a domain/],
    ['a line of 200 KB', `${'a.'.repeat(100_000)}/\n`, /is not an e-mail address or a domain/],
  ])('%s is one clear problem', async (_, text, says) => {
    const { code, problems, found } = await read(text)
    expect(problems).toHaveLength(1)
    expect(problems[0].message).toMatch(says)
    expect(problems[0].message.length).toBeLessThan(300)
    expect(found).toEqual([])
    expect(code).toBe(1)
  })

  test('problems are counted, and all are shown on demand', async () => {
    const at = await home()
    at.file(
      'list.txt',
      'not an address\n'
        .repeat(1)
        .repeat(500)
        .replace(/address/g, () => `a ${Math.random()}`),
    )
    at.spec('suppressions: [{ file: list.txt }]\n')
    const few = await at.run('validate')
    expect(few.stderr).toContain('--all-problems')
    expect(few.stderr).toContain('and 480 more lines of "list.txt"')
    expect(few.stderr.split('BAD_LINE').length).toBeLessThan(30)
    expect((await at.run('validate --all-problems')).stderr.split('BAD_LINE').length).toBe(501)
  })

  test('an address of two lists is a problem with both places', async () => {
    const at = await home()
    at.file('a.txt', 'x@y.example\n')
    at.file('b.txt', 'other@y.example\nX@Y.example\n')
    at.spec('suppressions: [{ file: a.txt }, { file: b.txt }]\n')
    const { stderr } = await at.run('validate')
    expect(stderr).toMatch(/b\.txt:2:1 DUPLICATE_ENTRY[\s\S]*first here: a\.txt:1:1/)
  })
})
