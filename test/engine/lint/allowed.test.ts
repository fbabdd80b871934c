import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Parser, stringify } from 'yaml'
import { allowedIn } from '../../../src/engine/lint/allowed.ts'
import { HEAD, problemsOf, said, specOf } from './linting.ts'

const user = `smtpUsers:
  - username: billing-app
    password: \${env:BILLING_PASSWORD}
    rateLimit: off
`
const because = 'because the account has a limit of its own'

/** A spec of one user without a limit, with these lines above the entry, and this behind its last one. */
function around(above: string, behind = ''): Readonly<Record<string, string>> {
  const lines = user.trimEnd().split('\n')
  return specOf([lines[0], ...(above === '' ? [] : [above]), ...lines.slice(1)].join('\n') + behind)
}

describe('a comment that allows a lint', () => {
  test.each([
    ['above the entry', around(`  # mailconfig: allow USER_UNLIMITED ${because}`)],
    ['above the entry, among others', around(`  # mailconfig: allow USER_UNLIMITED ${because}\n\n  # the oldest one`)],
    ['behind the field', around('', ` # mailconfig: allow USER_UNLIMITED ${because}`)],
    ['behind the field, after a remark', around('', ` # see #7  # mailconfig: allow USER_UNLIMITED ${because}`)],
  ])('counts %s', async (_, files) => {
    expect(said(await problemsOf(files))).toEqual([])
  })

  test('counts for no other lint, and for no other entry', async () => {
    const two = `${user}  # mailconfig: allow KEY_UNLIMITED ${because}\n  - username: other-app\n    password: \${env:PASSWORD}\n`
    expect(said(await problemsOf(specOf(two)))).toEqual([
      'USER_UNLIMITED mailconfig.yaml:8:5',
      'UNUSED_ALLOW mailconfig.yaml:9:3',
      'USER_UNLIMITED mailconfig.yaml:10:5',
    ])
  })

  test.each(['', ' because', ' because  ', ' because …', ': the account has a limit'])(
    'needs a reason: "%s" is none',
    async (reason) => {
      expect(said(await problemsOf(around(`  # mailconfig: allow USER_UNLIMITED${reason}`)))).toEqual([
        'ALLOWED_WITHOUT_REASON mailconfig.yaml:6:3',
        'USER_UNLIMITED mailconfig.yaml:9:5',
      ])
    },
  )

  test('names a lint, and is told which one it may mean', async () => {
    const [first, second] = await problemsOf(around(`  # mailconfig: allow USER_UNLIMTED ${because}`))
    expect(first).toMatchObject({ code: 'UNKNOWN_LINT', hint: 'did you mean "USER_UNLIMITED"?' })
    expect(second).toMatchObject({ code: 'USER_UNLIMITED' })
    const [none] = await problemsOf(around('  # mailconfig: allow'))
    expect(none).toMatchObject({ code: 'UNKNOWN_LINT', message: 'this comment does not say what it allows' })
  })

  test('warns where nothing is found, and where the lint is off', async () => {
    const comment = `# mailconfig: allow USER_UNLIMITED ${because}`
    expect(said(await problemsOf({ 'mailconfig.yaml': `${comment}\n${HEAD}` }))).toEqual([
      'UNUSED_ALLOW mailconfig.yaml:1:1',
    ])
    const off = await problemsOf(specOf(`lint: { USER_UNLIMITED: off }\n${user}    ${comment}\n`))
    expect(off.map(({ code, severity }) => [code, severity])).toEqual([['UNUSED_ALLOW', 'warning']])
  })

  test('is no comment inside a text, and nothing else that mailconfig is named in is one', async () => {
    const text = `smtpUsers:
  # mailconfig: see the wiki
  - username: billing-app
    password: \${env:BILLING_PASSWORD}
    description: |
      # mailconfig: allow USER_UNLIMITED ${because}
`
    expect(said(await problemsOf(specOf(text)))).toEqual(['USER_UNLIMITED mailconfig.yaml:7:5'])
  })

  test('stands at the entry that names a list, for what is in the list', async () => {
    const list = (comment: string) => ({
      'gone.csv': 'address\nshop.example\n',
      ...specOf(`senderDomains:\n  - domain: shop.example\nsuppressions:\n${comment}  - file: gone.csv\n`),
    })
    expect(said(await problemsOf(list('')))).toEqual(['SUPPRESSED_OWN_DOMAIN gone.csv:2:1'])
    expect(said(await problemsOf(list(`  # mailconfig: allow SUPPRESSED_OWN_DOMAIN ${because}\n`)))).toEqual([])
  })
})

/** Every comment of a YAML text as another parser has it. */
function comments(text: string): readonly number[] {
  const found: number[] = []
  const look = (token: unknown): void => {
    if (typeof token !== 'object' || token === null) return
    if ('type' in token && token.type === 'comment' && 'offset' in token) found.push(Number(token.offset))
    else for (const part of Object.values(token)) look(part)
  }
  for (const token of new Parser().parse(text)) look(token)
  return found
}

test('what is a comment is what another parser takes for one', () => {
  const mark = '# mailconfig: allow X because y'
  const part = fc.constantFrom(
    mark,
    `a ${mark}`,
    `a${mark}`,
    `${mark}\nb`,
    `"${mark}"`,
    `'${mark}`,
    'a',
    '',
    `\n${mark}`,
  )
  const value = fc.oneof(part, fc.array(part, { maxLength: 3 }), fc.dictionary(fc.constantFrom('a', 'b', mark), part))
  const style = fc.record({
    defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'),
    collectionStyle: fc.constantFrom('block', 'flow'),
  })
  const line = fc.constantFrom('', `${mark}\n`, `  ${mark}\n`, '\n')
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom('k', 'l'), value, style, line), { maxLength: 3 }), (parts) => {
      const text = parts
        .map(
          ([key, one, how, comment], at) =>
            `${comment}${key}${at}:\n  ${stringify(one, how).trimEnd().replaceAll('\n', '\n  ')}\n`,
        )
        .join('')
      const lines = text.split('\n')
      const found = allowedIn({ name: 'a', path: '/a', root: '/', text }).map(
        ({ at }) => lines.slice(0, at.line - 1).join('\n').length + (at.line > 1 ? 1 : 0) + at.column - 1,
      )
      expect(found).toEqual(comments(text))
    }),
    { numRuns: 500 },
  )
})
