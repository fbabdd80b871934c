import type { ApiDefinition } from '../kind/api.ts'
import { boolean, type Fields, integer, object, oneOf, secret, string } from '../kind/field.ts'

/** What every entry may say beside the fields of its kind. */
export const entryWords: Fields = {
  state: oneOf('`absent` asks for the object to be deleted if it is there.', ['present', 'absent'], {
    default: 'present',
    local: true,
  }),
  protect: boolean('No plan may delete or replace it.', { default: false, local: true }),
  moved: string('The key it had before, where the API can rename.', { local: true }),
}

/** What an account says, whichever API it is of. */
export function accountFieldsOf(apis: readonly ApiDefinition[]): Fields {
  const regional = apis.flatMap(({ place }) => (place.regions === undefined ? [] : [place]))
  const signing = apis.filter(({ signsIn }) => signsIn === true)
  return {
    api: oneOf(
      'Which API.',
      apis.map(({ name }) => name),
      { required: true },
    ),
    ...regionField(regional),
    url: string(`The base URL: ${urlSentence(apis)}; https, or http on loopback.`, { format: 'url' }),
    ...Object.fromEntries(apis.map(({ credential }) => [credential.field, secret(credential.doc)])),
    ...signInFields(signing),
  }
}

type Regional = ApiDefinition['place'] & { readonly regions: object }

function regionField(places: readonly Regional[]): Fields {
  const [first] = places
  if (first === undefined) return {}
  const usual = new Set(places.map((place) => place.usual))
  const names = [...new Set(places.flatMap(({ regions }) => Object.keys(regions)))]
  const doc = places.map((place) => place.doc).join(' ')
  return { region: oneOf(doc, names, usual.size === 1 ? { default: first.usual } : {}) }
}

function urlSentence(apis: readonly ApiDefinition[]): string {
  const needed = apis.filter(({ place }) => place.regions === undefined).map(({ noun }) => noun)
  const instead = apis.filter(({ place }) => place.regions !== undefined).map(({ title }) => title)
  return [
    ...(needed.length === 0 ? [] : [`needed for ${needed.join(' and ')}`]),
    ...(instead.length === 0 ? [] : [`instead of \`region\` for ${instead.join(' and ')}`]),
  ].join(', ')
}

function signInFields(apis: readonly ApiDefinition[]): Fields {
  if (apis.length === 0) return {}
  const titles = apis.map(({ title }) => title).join(' or ')
  return {
    email: string(`Who signs in to the ${titles}, where there is no ${apis[0]?.credential.noun}.`, { format: 'email' }),
    password: secret('The password of that user, who must not need a second factor.'),
    refreshToken: secret(
      `${capital(apis.map(({ noun }) => noun).join(' or '))} refresh token, from which the run gets its token.`,
    ),
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** How a section treats live objects that the spec does not name. */
export const MODES = ['additive', 'owned', 'authoritative'] as const
export type Mode = (typeof MODES)[number]

const share = 'Of a collection: so many percent of its live objects, where it has at least'

/** How much a plan may do without confirmation; a gate can be moved, but not taken away. */
export const safetyFields: Fields = {
  deletes: object(
    {
      percent: integer(`${share} 5.`, { min: 0, max: 90 }),
      count: integer('No more than this many, whatever the share.', { min: 0 }),
    },
    'How many objects of a collection may be deleted; the default share falls with its size.',
  ),
  updates: object(
    {
      percent: integer(`${share} 11.`, { min: 0, max: 90, default: 50 }),
      count: integer('No more than this many, whatever the share.', { min: 0 }),
    },
    'How many objects of a collection may be updated.',
  ),
  dns: boolean('Ask DNS before each plan whether mail of an added sender would fail DMARC, as `--dns` does.', {
    default: false,
  }),
}

/** The words of a document that are not sections. */
export const DOCUMENT_WORDS = [
  'version',
  'accounts',
  'account',
  'subaccount',
  'manage',
  'safety',
  'lint',
  'tests',
  'ignore',
  'vars',
  'overlay',
] as const
