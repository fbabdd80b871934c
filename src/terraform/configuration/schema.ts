import type { Schema } from '../protocol/plugin.ts'

/** The provider's own configuration. */
export const providerSchema: Schema = {
  version: 0,
  description: 'Keeps e-mail configuration: SMTP2GO accounts and the SMTP providers of a Back Office.',
  attributes: [
    {
      name: 'smtp2go',
      description: 'The SMTP2GO account.',
      optional: true,
      nested: {
        nesting: 'single',
        attributes: [
          {
            name: 'api_key',
            type: 'string',
            optional: true,
            sensitive: true,
            description: 'The API key; `SMTP2GO_API_KEY` if left out.',
          },
          {
            name: 'region',
            type: 'string',
            optional: true,
            description: 'global, us, eu or au; `SMTP2GO_REGION` if left out. A key works in its own region only.',
          },
          {
            name: 'url',
            type: 'string',
            optional: true,
            description: 'The base URL instead of a region; `SMTP2GO_URL` if left out. https, or http on loopback.',
          },
        ],
      },
    },
    {
      name: 'backoffice',
      description: 'The Back Office.',
      optional: true,
      nested: {
        nesting: 'single',
        attributes: [
          { name: 'url', type: 'string', optional: true, description: 'Its URL; `BACKOFFICE_URL` if left out.' },
          {
            name: 'token',
            type: 'string',
            optional: true,
            sensitive: true,
            description: 'The bearer token; `BACKOFFICE_TOKEN` if left out.',
          },
        ],
      },
    },
  ],
}
