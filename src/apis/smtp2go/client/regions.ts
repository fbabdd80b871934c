/** Base URLs by region; `global` goes to the nearest one. Source: the API's introduction page. */
export const SMTP2GO_HOSTS = {
  global: 'https://api.smtp2go.com/v3',
  us: 'https://us-api.smtp2go.com/v3',
  eu: 'https://eu-api.smtp2go.com/v3',
  au: 'https://au-api.smtp2go.com/v3',
} as const

/** A region of SMTP2GO; an API key belongs to one. */
export type Region = keyof typeof SMTP2GO_HOSTS
