import { need, oneOf, or, text, type Values, whole } from '../../../emulator/input/fields.ts'
import { blank, nothing, off, on } from '../../../emulator/input/usual.ts'

/** A user of the Back Office; `permitted` false may sign in but not touch providers. */
export const userFields = { email: need(text()), password: need(text()), twoFactor: off, permitted: on }
/** What `userFields` read. */
export type User = Values<typeof userFields>

/** A token of the Back Office; without `expiresAt` it is valid for ever. */
export const tokenFields = {
  token: need(text({ min: 1 })),
  kind: or(oneOf(['access', 'refresh', '2fa']), () => 'access' as const),
  email: blank,
  permitted: on,
  createdAt: nothing,
  expiresAt: nothing,
}
/** What `tokenFields` read. */
export type Token = Values<typeof tokenFields>

/** A mail provider of the Back Office. */
export const providerFields = {
  id: need(whole(1)),
  caption: nothing,
  driver: or(text(), () => 'smtp'),
  host: blank,
  port: or(whole(1, 65_535), () => 587),
  username: blank,
  password: blank,
  sendFrom: blank,
  sendFromName: blank,
  encryption: or(text(), () => 'tls'),
  isEnabled: on,
  createTime: nothing,
  updateTime: nothing,
}
/** What `providerFields` read. */
export type Provider = Values<typeof providerFields>
