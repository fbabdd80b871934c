/** Base URLs by region; `global` goes to the nearest one. Source: the API's introduction page. */
export const SMTP2GO_HOSTS = {
  global: 'https://api.smtp2go.com/v3',
  us: 'https://us-api.smtp2go.com/v3',
  eu: 'https://eu-api.smtp2go.com/v3',
  au: 'https://au-api.smtp2go.com/v3',
} as const

/** Submission servers by region. Source: developers.smtp2go.com/docs/smtp-relay. */
export const SMTP2GO_MAIL_HOSTS = {
  global: 'mail.smtp2go.com',
  us: 'mail-us.smtp2go.com',
  eu: 'mail-eu.smtp2go.com',
  au: 'mail-au.smtp2go.com',
} as const satisfies Record<keyof typeof SMTP2GO_HOSTS, string>

/** Ports of the submission servers that begin plain, and those that speak TLS from the first byte. Source: the same page. */
export const SMTP2GO_MAIL_PORTS = { plain: [2525, 587, 8025, 25, 80], encrypted: [465, 8465, 443] } as const

/** A region of SMTP2GO; an API key belongs to one. */
export type Region = keyof typeof SMTP2GO_HOSTS
