import { listPost, post } from '../../../model/kind/call.ts'
import { boolean, integer, object, oneOf, secret, set, string } from '../../../model/kind/field.ts'
import type { RiskRule } from '../../../model/kind/judgement.ts'
import { defineKind } from '../../../model/kind/kind.ts'
import { oneTarget, saveTo } from '../../../model/kind/save-to.ts'
import { smtp2goApi } from '../api.ts'

const risks: readonly RiskRule[] = [
  {
    when: 'its URL names another host',
    level: 'high',
    why: 'events, and the secret that goes with them, go to a different receiver',
    found: ({ fields }) =>
      fields.flatMap(({ path, before, after }) => {
        if (path !== 'url' || hostOf(before) === hostOf(after)) return []
        return [`events, and the secret that goes with them, are sent to ${hostOf(after)} instead of ${hostOf(before)}`]
      }),
  },
]

function hostOf(url: unknown): string {
  const text = String(url)
  return URL.canParse(text) ? new URL(text).host : text
}

/** `custom_headers` as the vendor writes headers elsewhere: a list of names and values. */
function headersListed(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { custom_headers: text, ...rest } = body
  if (typeof text !== 'string') return body
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  return { ...rest, custom_headers: lines.map(headerOf) }
}

function headerOf(line: string): { readonly header: string; readonly value: string } {
  const [, header = line, value = ''] = /^([^:]*):(.*)$/s.exec(line) ?? []
  return { header: header.trim(), value: value.trim() }
}

/** A row that says whether there are headers, in whatever form an API shows them. */
function headersNoted(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { custom_headers: headers, ...rest } = row
  if (headers === undefined || headers === null) return rest
  return { ...rest, has_custom_headers: typeof headers === 'object' ? Object.keys(headers).length > 0 : headers !== '' }
}

/** A URL that is told what happens to mail. */
export const webhook = defineKind({
  name: 'webhooks',
  api: smtp2goApi,
  title: 'webhook',
  resource: 'webhook',
  doc: 'Posts delivery events to a URL.',
  notes: [
    'The service drops names of events that it does not know; mailconfig refuses them.',
    'The vendor does not say whether an edit resets what it leaves out, so every field goes along, with the live value where the spec names none. `auth.value` cannot: an edit without it has to be accepted.',
  ],
  key: 'url',
  id: 'id',
  scope: 'subaccount',
  fields: {
    id: integer('Given by the API.', { computed: true, stable: true }),
    url: string('Where to post.', { required: true, format: 'url' }),
    events: set(
      oneOf('An event of a message.', [
        'processed',
        'delivered',
        'open',
        'click',
        'bounce',
        'spam',
        'unsubscribe',
        'resubscribe',
        'reject',
      ]),
      'Which events of messages.',
      {
        required: true,
        risky: [{ when: 'removed', level: 'medium', why: 'the receiver is no longer notified of them' }],
      },
    ),
    smsEvents: set(
      oneOf('An event of a text message.', ['sending', 'submitted', 'delivered', 'failed', 'rejected', 'opt-out']),
      'Which events of text messages.',
    ),
    usernames: set(
      string('A login, a whole API key or an IP address.', {
        refersTo: 'smtpUsers',
        refersUnless: '^api-[A-Za-z0-9*]{32}$|^[0-9.]+$|:',
      }),
      'Only for mail that was sent with these.',
    ),
    headers: set(string('The name of a header.', { caseless: true }), 'Headers of the message to pass on.'),
    format: oneOf('How the event is written.', ['form', 'json'], {
      default: 'form',
      wire: 'output_format',
      risky: [{ when: 'changed', level: 'medium', why: 'the receiver has to read the other format' }],
    }),
    auth: object(
      {
        type: oneOf('The scheme.', ['bearer', 'basic'], { required: true, wire: 'auth_header_type' }),
        value: secret('The token, or `user:password` in base64.', {
          required: 'create',
          writeOnly: true,
          wire: 'auth_header_value',
          resendWith: ['auth.type'],
          generate: { length: 48, unless: { field: 'type', is: 'basic' } },
        }),
      },
      'How the call shows that it comes from the service; `off` for no such header.',
      {
        flat: true,
        off: { wire: 'auth_header_type', off: '' },
        risky: [{ when: 'cleared', level: 'high', why: 'calls no longer prove that they come from the service' }],
      },
    ),
    disabled: boolean('Whether it is switched off: nothing is posted until it is on again.', {
      default: false,
      unreadable: 'sometimes',
      risky: [
        { when: 'on', level: 'high', why: 'the receiver is no longer notified' },
        { when: 'off', level: 'medium', why: 'the receiver is notified again' },
      ],
    }),
    customHeaders: secret('Headers of its own that go with each call, one in a line: `X-Token: abc`.', {
      writeOnly: true,
      wire: 'custom_headers',
      shownBy: 'hasCustomHeaders',
    }),
    hasCustomHeaders: boolean('Whether it has headers of its own; no API shows what is in them.', {
      computed: true,
      changesWith: ['customHeaders'],
      wire: 'has_custom_headers',
    }),
    saveTo,
  },
  twins: { beside: 'events' },
  check: oneTarget,
  whenDeleted: 'the receiver is no longer notified',
  risks,
  calls: {
    list: listPost('/webhook/view', { decode: headersNoted }),
    create: post('/webhook/add', { encode: ({ body }) => headersListed(body) }),
    update: post('/webhook/edit', {
      by: 'id',
      renames: 'url',
      whole: true,
      carries: true,
      encode: ({ body }) => headersListed(body),
    }), // its defaults may mean that it resets what is left out
    delete: post('/webhook/remove', { by: 'id' }),
  },
  example: {
    url: 'https://hooks.example.com/mail',
    events: ['bounce', 'spam', 'unsubscribe'],
    smsEvents: ['failed'],
    usernames: ['billing-app'],
    headers: ['X-Customer'],
    format: 'json',
    auth: { type: 'bearer', value: '${env:HOOK_TOKEN}' },
    saveTo: { file: 'secrets/hook.token' },
  },
})
