declare const MAILCONFIG_VERSION: string | undefined

/** The version of this package; put in when it is built. */
export const VERSION: string = typeof MAILCONFIG_VERSION === 'string' ? MAILCONFIG_VERSION : '0.0.0-source'
