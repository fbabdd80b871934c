import type { ApiDefinition } from '../../model/kind/api.ts'
import { snakeCase } from '../../model/text/snake-case.ts'

/** An argument of the block that configures an account. */
export interface BlockArgument {
  readonly name: string
  readonly doc: string
  readonly sensitive: boolean
  /** The variable that counts where the argument is left out. */
  readonly env: string
}

/** The name of the argument that holds the credential. */
export function credentialArgument({ credential }: ApiDefinition): string {
  return snakeCase(credential.field)
}

/** The arguments of the block of an API, in the order in which they are shown. */
export function blockOf(api: ApiDefinition): readonly BlockArgument[] {
  const { credential, place } = api
  const secret: BlockArgument = {
    name: credentialArgument(api),
    doc: `The ${credential.title}; \`${credential.env}\` if left out.`,
    sensitive: true,
    env: credential.env,
  }
  const url = (doc: string) => ({ name: 'url', doc, sensitive: false, env: place.env.url })
  if (place.regions === undefined) return [url(`Its URL; \`${place.env.url}\` if left out.`), secret]
  const names = listOf(Object.keys(place.regions))
  const note = place.note === undefined ? '' : ` ${place.note}`
  const region = { name: 'region', doc: `${names}; \`${place.env.region}\` if left out.${note}` }
  return [
    secret,
    { ...region, sensitive: false, env: place.env.region },
    url(`The base URL instead of a region; \`${place.env.url}\` if left out. https, or http on loopback.`),
  ]
}

/** What an account cannot do without, as a configuration writes it and as the environment has it. */
export function neededOf(api: ApiDefinition): { readonly block: string; readonly env: string } {
  const needed = blockOf(api).filter(({ name, sensitive }) => sensitive || (name === 'url' && !api.place.regions))
  return {
    block: `${api.name} = { ${needed.map(({ name }) => `${name} = …`).join(', ')} }`,
    env: needed.map(({ env }) => env).join(' and '),
  }
}

function listOf(names: readonly string[]): string {
  return names.join(', ').replace(/, (?=[^,]*$)/, ' or ')
}
