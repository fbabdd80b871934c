import { either, Invalid, need, nullable, oneOf, text, whole } from '../../../emulator/input/fields.ts'
import { choice, type Evidence, number, value, yesNo } from '../../../emulator/world/setting.ts'
import type { SettingsOf, SharedSettings } from '../../../emulator/world/settings.ts'

const doc: Evidence = 'documented'
const own: Evidence = 'invented'
const failures = statusFailures()

/** Every switch of the emulated Back Office: its values, what it starts as, and where that comes from. */
export const BACKOFFICE_SETTINGS = {
  // answers
  isEnabledReply: choice(['boolean', 'integer', 'string'], 'boolean', own, 'Type of `isEnabled` in answers.'),
  passwordReadback: choice(['omit', 'null', 'mask', 'echo'], 'omit', own, '`password` in answers about providers.'),
  encryptionReply: choice(
    ['lower', 'upper', 'ui'],
    'lower',
    own,
    'Spelling of `encryption` in answers; `ui` writes TSL and SSL.',
  ),
  portReply: choice(['integer', 'string'], 'integer', doc, 'Type of `port` in answers.'),
  idName: choice(['id', 'providerId'], 'id', own, 'Name of the identifier in answers.'),
  extraFields: yesNo(true, own, 'Whether providers carry `createTime` and `updateTime`.'),
  listEnvelope: choice(['array', 'data', 'data+total'], 'array', own, 'Shape of the provider list.'),
  createReply: choice(['object', 'empty'], 'object', doc, 'Body of the answer to a created provider.'),
  defaultLimit: number(100, own, 'Providers in a page when no limit is sent.'),
  maxLimit: number(100, own, 'Providers in a page at most.'),
  // rules
  providerErrorShape: choice(
    ['laravel', 'message', 'flat'],
    'laravel',
    own,
    'Error body: `{message, errors}`, `{message}` or `{error}`.',
  ),
  providerErrorStatus: choice([400, 422], 400, doc, 'Status of a failed validation.'),
  wrongTypeStatus: choice([415, 400], 415, own, 'Status for a body that is not sent as JSON.'),
  requireJsonContentType: yesNo(true, own, 'Whether the Back Office insists on `application/json`.'),
  translateMessages: yesNo(false, own, 'Whether messages follow Accept-Language.'),
  allowDuplicateCaptions: yesNo(true, own, 'Whether two providers may share a caption.'),
  partialPatch: yesNo(true, own, 'Whether a PATCH may leave fields out.'),
  onlyConnectionRule: yesNo(true, doc, 'Whether the only provider refuses to be disabled.'),
  deleteLast: choice(['allow', 'refuse'], 'allow', own, 'Deleting the only provider.'),
  enableExclusive: yesNo(false, own, 'Whether enabling one provider disables the others.'),
  statusFailure: value(
    failures,
    {},
    'object: id or caption to status or "hang"',
    own,
    'Connections whose test fails, and how.',
  ),
  statusBody: value(
    nullable(text()),
    null,
    'text or null',
    own,
    'What a test of a connection that works answers with 200; null: nothing, as documented.',
  ),
  statusDisabled: choice(['test', 'refuse'], 'test', own, 'Testing the connection of a disabled provider.'),
  accessTokenSeconds: number(36_000, doc, 'Life of an access token.'),
  refreshTokenSeconds: number(86_400, own, 'Life of a refresh token.'),
  signinAttempts: number(5, doc, 'Sign-ins in one minute before 429; null: no limit.'),
  signinBlockSeconds: number(600, doc, 'How long nobody can sign in after that; null: until the minute is over.'),
  twoFactor: yesNo(false, own, 'Whether every sign-in asks for a second factor.'),
  twoFactorCode: value(text(), '000000', 'text', own, 'The code that `2fa/confirm` takes.'),
} as const

/** The values that the code of the service sees. */
export type Settings = SettingsOf<typeof BACKOFFICE_SETTINGS> & SharedSettings

function statusFailures() {
  const one = either(whole(400, 599), oneOf(['hang']))
  return (given: unknown, name: string): Record<string, number | 'hang'> | undefined => {
    if (given === undefined || given === null) return undefined
    if (typeof given !== 'object' || Array.isArray(given)) throw new Invalid(name, `'${name}' has to be an object`)
    const entries = Object.entries(given).map(([key, status]) => [key, need(one)(status, `${name}.${key}`)] as const)
    return Object.fromEntries(entries)
  }
}
