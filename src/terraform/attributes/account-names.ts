import type { Api } from '../../model/kind/api.ts'

/** The names that the accounts of one provider configuration have inside. */
export const ACCOUNTS: Readonly<Record<Api, string>> = { smtp2go: 'main', backoffice: 'office' }
