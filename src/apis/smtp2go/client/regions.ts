import { smtp2goApi } from '../api.ts'

/** Base URLs by region. */
export const SMTP2GO_HOSTS = smtp2goApi.place.regions

/** A region of SMTP2GO; an API key belongs to one. */
export type Region = keyof typeof SMTP2GO_HOSTS
