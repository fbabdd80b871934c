import fc from 'fast-check'
import { expect, test } from 'vitest'
import { apis } from '../../src/apis/index.ts'
import { addSecretForm, hasSecretForm, hideSecretForms } from '../../src/model/secret-form.ts'

const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789']
const key = fc
  .array(fc.constantFrom(...alphabet), { minLength: 32, maxLength: 32 })
  .map((letters) => `api-${letters.join('')}`)

test('a whole credential of an API is hidden wherever it stands', () => {
  expect(apis.some(({ credential }) => credential.pattern !== undefined)).toBe(true)
  fc.assert(
    fc.property(fc.string(), key, fc.string(), (before, secret, after) => {
      expect(hasSecretForm(before + secret + after)).toBe(true)
      expect(hideSecretForms(before + secret + after)).not.toContain(secret)
    }),
  )
  expect(hideSecretForms('api-short and api-***')).toBe('api-short and api-***')
})

test('a further API brings its own form, and takes away no other', () => {
  const secret = `api-${'0'.repeat(32)}`
  addSecretForm('toy_[a-z]{8}')
  expect(hideSecretForms(`${secret} toy_abcdefgh`)).not.toMatch(/api-|toy_/)
})
