/** What `--log-level` takes, from the gravest down; each shows those before it too. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const

/** How much a log line matters. */
export type LogLevel = (typeof LOG_LEVELS)[number]
