import { type Region, SMTP2GO_HOSTS } from '../../apis/smtp2go/client/regions.ts'
import type { Account } from '../../model/desired/spec.ts'
import { Secret } from '../../model/secret.ts'
import { Stop } from '../invocation/exit.ts'
import type { Options } from '../options/vocabulary.ts'

const REGIONS = ['global', 'us', 'eu', 'au'] as const satisfies readonly Region[]

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

/** The accounts that `--account` chooses; stops where it names one that is not there. */
export function chosenAccounts(all: readonly Account[], { account }: Pick<Options, 'account'>): Account[] {
  const unknown = account.find((name) => !all.some((one) => one.name === name))
  if (unknown !== undefined && all.length > 0)
    throw new Stop(`there is no account "${unknown}"`, { hint: `accounts: ${all.map(({ name }) => name).join(', ')}` })
  return all.filter(({ name }) => account.length === 0 || account.includes(name))
}

function smtp2goUrl(env: Readonly<Record<string, string | undefined>>, options: Options): string {
  const url = env['SMTP2GO_URL'] ?? ''
  if (url !== '') return url.replace(/\/+$/, '')
  return SMTP2GO_HOSTS[regionOf(env, options)]
}

/** The region that the command line names, or else the environment. */
export function regionOf(env: Readonly<Record<string, string | undefined>>, { region: wanted }: Options): Region {
  const region = wanted ?? env['SMTP2GO_REGION'] ?? 'global'
  const found = REGIONS.find((one) => one === region)
  if (found !== undefined) return found
  throw new Stop(`there is no region "${region}"`, { hint: `regions: ${REGIONS.join(', ')}` })
}
