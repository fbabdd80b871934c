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

/** What an account says. */
export const accountFields: Fields = {
  api: oneOf('Which API.', ['smtp2go', 'backoffice'], { required: true }),
  region: oneOf('Where an SMTP2GO account lives; a key works in its own region only.', ['global', 'us', 'eu', 'au'], {
    default: 'global',
  }),
  url: string('The base URL: needed for a Back Office, instead of `region` for SMTP2GO; https, or http on loopback.', {
    format: 'url',
  }),
  apiKey: secret('The SMTP2GO API key.'),
  token: secret('The Back Office bearer token; or `email` and `password`, or `refreshToken`.'),
  email: string('Who signs in to the Back Office, where there is no token.', { format: 'email' }),
  password: secret('The password of that user, who must not need a second factor.'),
  refreshToken: secret('A Back Office refresh token, from which the run gets its token.'),
}

/** How a section treats live objects that the spec does not name. */
export const MODES = ['additive', 'owned', 'authoritative'] as const
export type Mode = (typeof MODES)[number]

const share = 'Of a collection: so many percent of its live objects, where it has at least'

/** How much a plan may do without a word; a gate can be moved, but not taken away. */
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
}

/** The words of a document that are not sections. */
export const DOCUMENT_WORDS = [
  'version',
  'accounts',
  'account',
  'subaccount',
  'manage',
  'safety',
  'ignore',
  'vars',
  'overlay',
] as const
