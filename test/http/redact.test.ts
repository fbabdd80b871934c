import '../../src/apis/index.ts' // brings the forms of credentials
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mayShow, redact, repeats, scrub, secretValues } from '../../src/http/redact.ts'
import { SENSITIVE, Secret } from '../../src/model/secret.ts'
import { KEY } from './server.ts'

describe('redaction', () => {
  test('hides fields by their names, at any depth, and nothing else', () => {
    const body = {
      username: 'p',
      email_password: 'p',
      'X-Smtp2go-Api-Key': '1',
      list: [{ note: 'p', pin: 7, deep: { refreshToken: '.*' } }],
      none: null,
    }
    expect(redact(body, ['pin'])).toEqual({
      username: 'p',
      email_password: SENSITIVE,
      'X-Smtp2go-Api-Key': SENSITIVE,
      list: [{ note: 'p', pin: SENSITIVE, deep: { refreshToken: SENSITIVE } }],
      none: null,
    })
  })

  test('hides whole keys, tokens and passwords in URLs wherever they stand', () => {
    const body = {
      usernames: [KEY, 'api-short'],
      url: 'https://me:pw@example.com/x',
      text: 'eyJhbGciOiJSUzI1.eyJleHAi.c2ln',
    }
    expect(redact(body)).toEqual({
      usernames: [SENSITIVE, 'api-short'],
      url: `https://${SENSITIVE}@example.com/x`,
      text: SENSITIVE,
    })
  })

  test('secrets of other calls are taken out where they can be found', () => {
    const forbidden = { credentials: [], values: [], others: ['k7-other-secret', 'pw', 'password'] }
    expect(mayShow(forbidden)).toBe(true)
    expect(scrub(`"k7-other-secret" was "pw", no password`, forbidden)).toBe(`"${SENSITIVE}" was "pw", no password`)
  })

  test('a Secret in a body is hidden under any name', () => {
    expect(redact({ note: new Secret('x') })).toEqual({ note: SENSITIVE })
  })

  test('finds the values of secret fields', () => {
    expect(secretValues({ password: 'a', more: [{ pin: 12, free: 'b' }], secret: { any: 'c' } }, ['pin'])).toEqual([
      'a',
      '12',
      'c',
    ])
  })

  test('a long value is cut out of a text in every spelling; a short one only where it is quoted', () => {
    const forbidden = { credentials: [new Secret('se"cr/et.*0')], values: ['e', '.*'] }
    expect(scrub(`the value 'e' and ".*" of se"cr/et.*0, se\\"cr/et.*0, se%22cr%2Fet.*0`, forbidden)).toBe(
      `the value '${SENSITIVE}' and "${SENSITIVE}" of ${SENSITIVE}, ${SENSITIVE}, ${SENSITIVE}`,
    )
  })

  test('no long value survives, whatever it and the text are', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), fc.string(), fc.string(), (value, before, after) => {
        fc.pre(!SENSITIVE.includes(value) && !(before + after).includes(value))
        const safe = scrub(`${before} ${value} ${after}`, { credentials: [new Secret(value)], values: [] })
        expect(safe.includes(` ${value} `)).toBe(false)
      }),
    )
  })
})

describe('a text that repeats a part of a secret of its own call', () => {
  const forbidden = (value: string) => ({ credentials: [], values: [value] })
  const spellings: readonly [string, (text: string) => string][] = [
    ['as it is', (text) => text],
    ['in capitals', (text) => text.toUpperCase()],
    ['in a URL', encodeURIComponent],
    ['in JSON', (text) => JSON.stringify(text).slice(1, -1)],
    ['in base64', (text) => Buffer.from(text).toString('base64')],
    ['in base64 behind something', (text) => Buffer.from(`ab${text}`).toString('base64')],
    ['in base64 for URLs', (text) => Buffer.from(text).toString('base64url')],
    ['in hexadecimal', (text) => Buffer.from(text).toString('hex')],
  ]
  const secrets = fc.string({ unit: fc.constantFrom(...'abcXYZ0189&<"+/% '), minLength: 12, maxLength: 40 })

  test.each(spellings)('is found %s', (_, spelling) => {
    fc.assert(
      fc.property(secrets, (secret) => {
        expect(repeats(`the value ${spelling(secret)} is refused`, forbidden(secret))).toBe(true)
      }),
    )
  })

  test('is found where all but its last character is shown, and not where it shares five characters', () => {
    expect(repeats('password "correct-horse-batter" is weak', forbidden('correct-horse-battery'))).toBe(true)
    expect(repeats('the field "corre" is wrong', forbidden('correct-horse-battery'))).toBe(false)
  })
})
