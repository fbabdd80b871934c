import { apis } from '../../apis/index.ts'
import type { Account } from '../../model/desired/spec.ts'
import type { ApiDefinition } from '../../model/kind/api.ts'
import { Secret } from '../../model/secret.ts'
import { Stop } from '../invocation/exit.ts'
import type { Options } from '../options/vocabulary.ts'

type Env = Readonly<Record<string, string | undefined>>

/** The accounts that the usual environment variables name; with an emulator, one of each API. */
export function environmentAccounts(env: Env, options: Options): Account[] {
  const source = { file: '(environment)', document: 0, path: [] }
  return [...apis]
    .sort((one, other) => (one.account < other.account ? -1 : 1))
    .flatMap((api): Account[] => {
      const named = { name: api.account, api: api.name, source }
      if (options.emulator !== undefined) return [{ ...named, url: '' }]
      const credential = env[api.credential.env] ?? ''
      const url = credential === '' ? '' : urlOf(api, env, options)
      return url === '' ? [] : [{ ...named, url, credential: new Secret(credential) }]
    })
}

/** The variables that name an account of each API, in words: `A_KEY (and A_REGION), or B_URL and B_TOKEN`. */
export function environmentWords(): string {
  return [...apis]
    .sort((one, other) => (one.account < other.account ? -1 : 1))
    .map(({ credential, place }) =>
      place.regions === undefined
        ? `${place.env.url} and ${credential.env}`
        : `${credential.env} (and ${place.env.region})`,
    )
    .join(', or ')
}

/** The accounts that `--account` chooses; stops where it names one that is not there. */
export function chosenAccounts(all: readonly Account[], { account }: Pick<Options, 'account'>): Account[] {
  const unknown = account.find((name) => !all.some((one) => one.name === name))
  if (unknown !== undefined && all.length > 0)
    throw new Stop(`there is no account "${unknown}"`, { hint: `accounts: ${all.map(({ name }) => name).join(', ')}` })
  return all.filter(({ name }) => account.length === 0 || account.includes(name))
}

function urlOf({ place }: ApiDefinition, env: Env, options: Options): string {
  const own = env[place.env.url] ?? ''
  if (own !== '' || place.regions === undefined) return own.replace(/\/+$/, '')
  return place.regions[regionOf(place, env, options)] ?? ''
}

/** The region that the command line names, or else the environment. */
export function regionOf(
  place: ApiDefinition['place'] & { readonly regions: object },
  env: Env,
  { region: wanted }: Options,
): string {
  const region = wanted ?? env[place.env.region] ?? place.usual
  if (Object.hasOwn(place.regions, region)) return region
  throw new Stop(`there is no region "${region}"`, { hint: `regions: ${Object.keys(place.regions).join(', ')}` })
}
