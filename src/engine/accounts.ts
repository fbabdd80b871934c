import type { Problem } from '../model/problem.ts'
import { Secret } from '../model/secret.ts'
import type { Account } from '../model/spec.ts'
import type { Document } from './documents.ts'
import { step } from './resolve.ts'

/** What an account is taken to mean where it does not say: base URLs by region. */
export interface AccountDefaults {
  readonly regions: Readonly<Record<string, string>>
}

/** All accounts of all documents; one declared twice is a problem. */
export function collectAccounts(
  documents: readonly Document[],
  options: { readonly defaults: AccountDefaults; readonly emulated?: boolean },
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
      const api = words['api'] === 'backoffice' ? 'backoffice' : 'smtp2go'
      const wrong = api === 'backoffice' ? ['apiKey', 'region'] : ['token']
      for (const word of wrong.filter((one) => words[one] !== undefined))
        problems.push({
          code: 'WRONG_FIELD',
          message: `a ${api} account has no "${word}"`,
          hint: api === 'backoffice' ? 'it has url and token' : 'it has apiKey, and region or url',
          source: step(source, word),
        })
      if (words['region'] !== undefined && words['url'] !== undefined)
        problems.push({
          code: 'WRONG_FIELD',
          message: '"region" and "url" exclude each other',
          source: step(source, 'url'),
        })
      const region = options.defaults.regions[String(words['region'] ?? 'global')]
      const url =
        typeof words['url'] === 'string' ? words['url'].replace(/\/+$/, '') : api === 'smtp2go' ? region : undefined
      if (url === undefined && options.emulated !== true) {
        problems.push({ code: 'MISSING_FIELD', message: 'the field "url" is missing', source })
        accounts.set(name, { name, api, url: '', source }) // so that what belongs to it is checked, too
        continue
      }
      if (url !== undefined && !isSafeUrl(url)) {
        problems.push({
          code: 'UNSAFE_URL',
          message: `"${url}" would carry the credential over plain http`,
          hint: 'use https; http is for loopback alone',
          source: step(source, 'url'),
        })
        accounts.set(name, { name, api, url: '', source })
        continue
      }
      const credential = words[api === 'backoffice' ? 'token' : 'apiKey']
      if (typeof credential === 'string' && credential.trim() === '')
        problems.push({
          code: 'EMPTY_SECRET',
          message: 'this credential is empty',
          hint: 'is the variable not set?',
          source: step(source, api === 'backoffice' ? 'token' : 'apiKey'),
        })
      const same = sameAs(accounts, { name, api, url, credential })
      if (same !== undefined) {
        problems.push({
          code: 'SAME_ACCOUNT',
          message: `"${name}" is the account "${same.name}" again: the same address with the same credential`,
          hint: 'one name for one account: each would take the objects of the other for leftovers',
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
      })
    }
  }
  return accounts
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
  const { protocol, hostname } = new URL(text)
  if (protocol === 'https:') return true
  return (
    protocol === 'http:' && (hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname))
  )
}
