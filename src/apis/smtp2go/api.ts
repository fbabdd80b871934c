import { defineApi } from '../../model/kind/api.ts'

/** SMTP2GO, API v3. */
export const smtp2goApi = defineApi({
  name: 'smtp2go',
  title: 'SMTP2GO',
  account: 'main',
  credential: { field: 'apiKey', env: 'SMTP2GO_API_KEY' },
  place: {
    // `global` goes to the nearest one. Source: the API's introduction page.
    regions: {
      global: 'https://api.smtp2go.com/v3',
      us: 'https://us-api.smtp2go.com/v3',
      eu: 'https://eu-api.smtp2go.com/v3',
      au: 'https://au-api.smtp2go.com/v3',
    },
    usual: 'global',
    env: { region: 'SMTP2GO_REGION', url: 'SMTP2GO_URL' },
  },
  words: { own: ['apiKey', 'region'], summary: 'it has apiKey, and region or url' },
  names: 'snake',
  largestBody: 1_048_576, // where no message is sent
  inner: { kind: 'subaccounts', parameter: 'subaccount_id' },
  // The pages of these endpoints name them.
  limits: [
    { path: '/api_keys/add', calls: 5, perMs: 60_000 },
    { path: '/subaccount/add', calls: 50, perMs: 3_600_000 },
    { path: '/activity/search', calls: 60, perMs: 60_000 },
    { path: '/email/search', calls: 20, perMs: 60_000 },
  ],
})
