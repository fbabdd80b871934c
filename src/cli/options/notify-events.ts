/** What a notification can be about; `always` is every run. */
export const NOTIFY_ON = ['changes', 'failure', 'drift', 'always'] as const

/** When a webhook is told. */
export type NotifyOn = (typeof NOTIFY_ON)[number]
