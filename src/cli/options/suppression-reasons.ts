/** What the service itself suppresses for. Kept apart from the kind, so that the command line does not load it to say what there is. */
export const SERVICE_REASONS = ['bounce', 'spam', 'unsubscribe', 'compliance'] as const
