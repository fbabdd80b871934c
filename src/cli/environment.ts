import { SMTP2GO_HOSTS } from '../api/smtp2go.ts'
import { Secret } from '../model/secret.ts'
import type { Account } from '../model/spec.ts'
import { Stop } from './io.ts'
import type { Options } from './options.ts'

/** The accounts that the usual environment variables name; with an emulator, one of each API. */
export function environmentAccounts(env: Readonly<Record<string, string | undefined>>, options: Options): Account[] {
  const source = { file: '(environment)', document: 0, path: [] }
  if (options.emulator !== undefined)
    return [
      { name: 'main', api: 'smtp2go', url: '', source },
      { name: 'office', api: 'backoffice', url: '', source },
    ]
  const accounts: Account[] = []
  const key = env['SMTP2GO_API_KEY'] ?? ''
  if (key !== '')
    accounts.push({ name: 'main', api: 'smtp2go', url: smtp2goUrl(env, options), credential: new Secret(key), source })
  const [url, token] = [env['BACKOFFICE_URL'] ?? '', env['BACKOFFICE_TOKEN'] ?? '']
  if (url !== '' && token !== '')
    accounts.push({
      name: 'office',
      api: 'backoffice',
      url: url.replace(/\/+$/, ''),
      credential: new Secret(token),
      source,
    })
  return accounts
}

function smtp2goUrl(env: Readonly<Record<string, string | undefined>>, options: Options): string {
  const url = env['SMTP2GO_URL'] ?? ''
  if (url !== '') return url.replace(/\/+$/, '')
  const region = env['SMTP2GO_REGION'] ?? options.region ?? 'global'
  const host = Object.entries(SMTP2GO_HOSTS).find(([name]) => name === region)?.[1]
  if (host !== undefined) return host
  throw new Stop(`there is no region "${region}"`, { hint: `regions: ${Object.keys(SMTP2GO_HOSTS).join(', ')}` })
}
