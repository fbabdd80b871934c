import { append } from '../../model/append.ts'
import type { Account } from '../../model/desired/spec.ts'
import { defined } from '../../model/json.ts'
import { type ApiDefinition, ownFields } from '../../model/kind/api.ts'
import { type Source, step } from '../../model/position.ts'
import type { Problem } from '../../model/problem.ts'
import { Secret } from '../../model/secret.ts'
import type { Login } from '../../model/transport.ts'
import { isLoopbackUrl } from '../../model/value/loopback.ts'
import type { Document } from './document.ts'

/** The API of an account that names none, or none that is known: nothing that belongs to it can be judged. */
export const UNKNOWN_API = ''

/** All accounts of all documents; one declared twice is a problem. */
export function collectAccounts(
  documents: readonly Document[],
  options: { readonly apis: readonly ApiDefinition[]; readonly emulated?: boolean },
  problems: Problem[],
): Map<string, Account> {
  const accounts = new Map<string, Account>()
  for (const document of documents) {
    for (const [name, words] of Object.entries(document.accounts)) {
      const source = step(step(document.source, 'accounts'), name)
      const first = accounts.get(name)
      if (first !== undefined && !document.overlay) {
        const also = { message: 'first here', source: first.source }
        problems.push({ code: 'DUPLICATE_ENTRY', message: `the account "${name}" is declared twice`, source, also })
        continue
      }
      const definition = options.apis.find((one) => one.name === words['api'])
      if (definition === undefined) {
        accounts.set(name, { name, api: UNKNOWN_API, url: '', source }) // the schema has said so already
        continue
      }
      const { name: api, place } = definition
      const own = ownFields(definition)
      const others = options.apis.filter((one) => one !== definition).flatMap(ownFields)
      for (const word of others.filter((one) => words[one] !== undefined && !own.includes(one)))
        problems.push({
          code: 'WRONG_FIELD',
          message: `a ${api} account has no "${word}"`,
          hint: fieldsSentence(definition),
          source: step(source, word),
        })
      if (words['region'] !== undefined && words['url'] !== undefined)
        problems.push({
          code: 'WRONG_FIELD',
          message: '"region" and "url" are mutually exclusive',
          source: step(source, 'url'),
        })
      const usual = place.regions?.[String(words['region'] ?? place.usual)]
      const url = typeof words['url'] === 'string' ? words['url'].replace(/\/+$/, '') : usual
      if (url === undefined && options.emulated !== true) {
        problems.push({ code: 'MISSING_FIELD', message: 'the field "url" is missing', source })
        accounts.set(name, { name, api, url: '', source }) // so that what belongs to it is checked, too
        continue
      }
      if (url !== undefined && !isSafeUrl(url)) {
        problems.push({
          code: 'UNSAFE_URL',
          message: `"${url}" would send the credential over plain http`,
          hint: 'use https; http is allowed only on loopback',
          source: step(source, 'url'),
        })
        accounts.set(name, { name, api, url: '', source })
        continue
      }
      const { credential, word, login } = credentialOf(words, definition)
      if (definition.signsIn === true) append(problems, loginProblems(words, source, options.emulated === true))
      if (typeof credential === 'string' && credential.trim() === '')
        problems.push({
          code: 'EMPTY_SECRET',
          message: 'this credential is empty',
          hint: 'is the variable set?',
          source: step(source, word),
        })
      const same = sameAs(accounts, { name, api, url, credential })
      if (same !== undefined) {
        problems.push({
          code: 'SAME_ACCOUNT',
          message: `"${name}" is the account "${same.name}" again: the same address with the same credential`,
          hint: 'use one name per account: each would treat the objects of the other as leftovers',
          source,
          also: { message: 'first here', source: same.source },
        })
        continue
      }
      accounts.set(name, {
        name,
        api,
        url: url ?? '',
        source,
        ...(typeof credential === 'string' && credential !== '' ? { credential: new Secret(credential) } : {}),
        ...defined({ login }),
      })
    }
  }
  return accounts
}

/** What an account of an API says, in a sentence: `it has apiKey, and region or url`. */
function fieldsSentence({ credential: { field }, place, signsIn }: ApiDefinition): string {
  if (place.regions !== undefined) return `it has ${field}, and region or url`
  return `it has url, and ${field}${signsIn === true ? ' or email and password' : ''}`
}

type Words = Readonly<Record<string, unknown>>

/** What an account is called with: a key or a token, or what a token is got with. */
function credentialOf(
  words: Words,
  { credential: { field: word }, signsIn }: ApiDefinition,
): { credential: unknown; word: string; login?: Login } {
  const { [word]: token, email, password, refreshToken } = words
  if (signsIn !== true) return { credential: token, word }
  if (token === undefined && refreshToken !== undefined)
    return { credential: refreshToken, word: 'refreshToken', login: { by: 'refresh' } }
  if (token === undefined && typeof email === 'string')
    return { credential: password, word: 'password', login: { by: 'password', email } }
  return { credential: token, word }
}

/** Ways to sign in that are mutually exclusive, or are half of one. */
function loginProblems(words: Words, source: Source, emulated: boolean): Problem[] {
  const ways = ['token', 'email', 'refreshToken'].filter((word) => words[word] !== undefined)
  const [first, second] = ways
  if (first !== undefined && second !== undefined)
    return [
      {
        code: 'WRONG_FIELD',
        message: `"${first}" and "${second}" are mutually exclusive`,
        source: step(source, second),
      },
    ]
  const isHalf = (words['email'] === undefined) !== (words['password'] === undefined)
  if (!isHalf || emulated) return []
  const missing = words['email'] === undefined ? 'email' : 'password'
  return [
    {
      code: 'MISSING_FIELD',
      message: `the field "${missing}" is missing`,
      hint: 'email and password go together',
      source,
    },
  ]
}

/** An account that is this one under another name; without credentials nobody can tell. */
function sameAs(
  accounts: ReadonlyMap<string, Account>,
  me: {
    readonly name: string
    readonly api: Account['api']
    readonly url: string | undefined
    readonly credential: unknown
  },
): Account | undefined {
  if (me.credential === undefined || me.credential === '') return undefined
  return [...accounts.values()].find(
    ({ name, api, url, credential }) =>
      name !== me.name && api === me.api && url === me.url && credential?.reveal() === me.credential,
  )
}

function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  return new URL(text).protocol === 'https:' || isLoopbackUrl(text)
}
