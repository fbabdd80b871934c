import fc from 'fast-check'

type Entry = Readonly<Record<string, unknown>>

/** Sections of one document. */
export type Sections = Readonly<Record<string, unknown>>

/** Two scopes: an account, and a subaccount of it. */
export interface Case {
  readonly main: Sections
  readonly acme: Sections
}

const domain = fc.constantFrom('shop.example', 'news.example', 'mail.shop.example', 'gmail.com', 'yahoo.co.uk')
const address = fc.tuple(fc.constantFrom('ann', 'bob'), domain).map(([local, at]) => `${local}@${at}`)
const limit = fc.constantFrom({ messages: 5, per: '1 hour' }, 'off')
const optional = { requiredKeys: [] }

const settings = {
  status: fc.constantFrom('allowed', 'blocked', 'sandbox'),
  rateLimit: limit,
  openTracking: fc.boolean(),
  clickTracking: fc.boolean(),
  auditEmail: fc.oneof(address, fc.constant('')),
  bounceNotifications: fc.oneof(address, fc.constantFrom('from', 'drop')),
  unsubscribeFooter: fc.constantFrom({ text: '%%UNSUBSCRIBE%%' }, { html: 'none' }, 'off'),
}

/** Entries of a kind, each with its own key. */
function entries(
  key: string,
  keys: readonly string[],
  fields: Record<string, fc.Arbitrary<unknown>>,
  fixed: Entry = {},
) {
  return fc
    .uniqueArray(fc.tuple(fc.constantFrom(...keys), fc.record(fields, optional)), {
      selector: ([name]) => name,
      maxLength: 3,
    })
    .map((list) => list.map(([name, values]) => ({ ...fixed, ...values, [key]: name })))
}

const domains = ['shop.example', 'news.example', 'gmail.com']
const inner: Record<string, fc.Arbitrary<unknown>> = {
  singleSenders: entries('email', ['ann@shop.example', 'bob@gmail.com', 'ann@yahoo.co.uk', 'bob@other.example'], {}),
  allowedSenders: fc.record({
    mode: fc.constantFrom('allow', 'block', 'disabled'),
    entries: fc.uniqueArray(fc.oneof(domain, address), { maxLength: 3 }),
  }),
  smtpUsers: entries(
    'username',
    ['billing', 'newsletter', 'shop-prod', 'product-news'],
    { ...settings, description: fc.constantFrom('Invoices', 'Marketing mail', 'bulky things') },
    { password: '${env:PASSWORD}' },
  ),
  apiKeys: entries(
    'description',
    ['Shop', 'Campaigns of production'],
    { ...settings, endpoints: fc.uniqueArray(fc.constantFrom('*', '/email/*', '/email/batch', '/stats/*', '/e*')) },
    { saveTo: { command: 'cat' } },
  ),
  webhooks: entries(
    'url',
    [
      'http://hooks.example.com/a',
      'https://hooks.example.com/b',
      'https://u:p@hooks.example.com/c',
      'http://127.0.0.1/d',
    ],
    {
      auth: fc.constantFrom({ type: 'bearer', value: '${env:TOKEN}' }, 'off'),
      customHeaders: fc.constant('X-Token: ${env:TOKEN}'),
      disabled: fc.boolean(),
    },
  ).chain((list) =>
    fc
      .array(fc.subarray(['bounce', 'spam', 'open'], { minLength: 1 }), {
        minLength: list.length,
        maxLength: list.length,
      })
      .map((events) => list.map((one, at) => ({ ...one, events: events[at] }))),
  ),
  suppressions: entries('address', ['shop.example', 'ann@shop.example', 'gmail.com', 'gone.example'], {}),
}
const senderDomains = (more: Record<string, fc.Arbitrary<unknown>>) => entries('domain', domains, more)
/** What each line of a template fills in. */
const FILLS_IN: Readonly<Record<string, string>> = {
  '<p>{{name}}</p>': 'name',
  '{{{name}}}': 'name',
  '{{&name}}': 'name',
  '{{other}}': 'other',
  '<a href="{{url}}">': 'url',
}
const html = fc
  .array(
    fc.constantFrom(
      ...[
        '<p>{{name}}</p>',
        '{{other}}',
        '{{#if name}}',
        '{{{name}}}',
        '{{&name}}',
        '{{! {{{name}}',
        '\\{{{name}}}',
        '<a href="www.shop.example">',
      ],
      ...[
        '<a href="https://shop.example">',
        '<a href="#top">',
        '<a href="{{url}}">',
        '<a>',
        '<a href="mailto:a@b.example">',
      ],
      ...[
        '<img src="a.png">',
        '<img src="a.png" alt="">',
        '<!-- <img> -->',
        'x'.repeat(52 * 1024),
        'é'.repeat(26 * 1024),
      ],
    ),
    { maxLength: 4 },
  )
  .map((parts) => parts.join('\n'))
const list = fc.record({
  enabled: fc.boolean(),
  entries: fc
    .uniqueArray(fc.constantFrom('10.0.0.0/8', '10.1.0.0/16', '0.0.0.0/0', '192.0.2.1', '2001:db8::/32', '2000::/8'), {
      maxLength: 3,
    })
    .map((all) => all.map((one) => ({ address: one }))),
})

/** Specs of two scopes in which any lint may find something, or nothing. */
export const cases: fc.Arbitrary<Case> = fc.record({
  main: fc.record(
    {
      ...inner,
      senderDomains: senderDomains({
        subaccountAccess: fc.record({
          subaccounts: fc.subarray(['Acme', 'Other']),
          future: fc.constant(false),
        }),
      }),
      subaccounts: fc.constant([{ name: 'Acme' }, { name: 'Other' }]),
      ipAllowlist: fc.record({ smtp: list, api: list }, optional),
      templates: fc
        .tuple(
          html,
          fc.constantFrom('', ' \n', 'Hello', '<p>{{name}}</p>'),
          fc.constantFrom(undefined, {}, { name: 'Ann' }, { name: 'Ann', order: '17' }),
        )
        .map(([body, text, variables]) => [
          { id: 'receipt-01', name: 'Receipt', subject: 'R', html: body, text, ...(variables && { variables }) },
        ]),
      providers: entries(
        'caption',
        ['Relay', 'Fallback'],
        { sendFrom: address, username: fc.constantFrom('billing', 'shop-prod', 'relay'), enabled: fc.boolean() },
        {
          ...{ host: 'smtp.example.com', port: 587, encryption: 'tls', password: '${env:PASSWORD}', username: 'relay' },
          ...{ sendFrom: 'ann@shop.example', sendFromName: 'Shop' },
        },
      ),
    },
    { requiredKeys: ['subaccounts'] },
  ),
  acme: fc.record({ ...inner, senderDomains: senderDomains({}) }, optional),
})

const FREE = ['gmail.com', 'yahoo.co.uk']
const at = (one: unknown) => String(one).split('@').at(-1) ?? ''
const rows = (sections: Sections, kind: string): readonly Entry[] => {
  const section = sections[kind]
  return Array.isArray(section) ? section : []
}
const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined

/** What each lint has to find, said in the plainest way: `CODE scope address`, sorted. */
export function expectedIn({ main, acme }: Case): readonly string[] {
  const found: string[] = []
  const scopes = [
    { name: 'main', sections: main, lent: [] as readonly unknown[] },
    {
      name: 'main/Acme',
      sections: acme,
      lent: rows(main, 'senderDomains')
        .filter((one) => [field(one['subaccountAccess'], 'subaccounts')].flat().includes('Acme'))
        .map((one) => one['domain']),
    },
  ].map((scope) => {
    const mode = field(scope.sections['allowedSenders'], 'mode')
    return {
      ...scope,
      mode,
      domains: [...rows(scope.sections, 'senderDomains').map((one) => one['domain']), ...scope.lent],
      singles: rows(scope.sections, 'singleSenders').map((one) => one['email']),
      listed: [field(scope.sections['allowedSenders'], 'entries')].flat(),
      exists: Object.keys(scope.sections).length > 0,
    }
  })
  type Scope = (typeof scopes)[number]
  const declared = ({ sections, mode, domains: all, exists }: Scope) =>
    exists &&
    ('senderDomains' in sections ||
      'singleSenders' in sections ||
      all.length > 0 ||
      mode === 'allow' ||
      mode === 'block')
  const sends = ({ mode, listed, domains: all, singles }: Scope, who: unknown) => {
    const isListed = listed.includes(who) || listed.includes(at(who))
    if (mode === 'allow') return isListed
    if (mode === 'block') return !isListed
    return all.includes(at(who)) || singles.includes(who)
  }
  const ours = ({ mode, listed, domains: all, singles }: Scope, who: unknown) =>
    singles.includes(who) ||
    [...all, ...(mode === 'allow' ? listed : [])].some(
      (one) => one === who || `.${at(who)}`.endsWith(`.${String(one)}`),
    )

  const own = scopes.flatMap((scope) => rows(scope.sections, 'smtpUsers').map((user) => ({ scope, user })))
  for (const { caption, sendFrom, username, enabled } of rows(main, 'providers').map((one) => ({ ...one }) as Entry)) {
    const mine = own.filter(({ user }) => user['username'] === username).map(({ scope }) => scope)
    const asked = (mine.length > 0 ? mine : scopes).filter(declared)
    if (enabled !== false && asked.length > 0 && !asked.some((one) => sends(one, sendFrom)))
      found.push(`UNCOVERED_SENDER office providers/${String(caption)}`)
  }
  for (const scope of scopes) {
    const { name, sections, mode, listed } = scope
    const add = (code: string, address: string) => found.push(`${code} ${name} ${address}`)
    const logins = [
      ...rows(sections, 'smtpUsers').map((one) => ['smtpUsers', String(one['username']), one] as const),
      ...rows(sections, 'apiKeys').map((one) => ['apiKeys', String(one['description']), one] as const),
    ]
    for (const [kind, key, values] of logins) {
      const place = `${kind}/${key}`
      const endpoints = values['endpoints']
      const can = Array.isArray(endpoints) ? endpoints : ['/email/send']
      if (can.includes('*') && kind === 'apiKeys') add('KEY_CAN_DO_ALL', place)
      const maySend =
        kind === 'smtpUsers' || can.some((one) => ['*', '/email/*', '/email/batch', '/e*', '/email/send'].includes(one))
      const isOn = ['allowed', undefined].some((one) => values['status'] === one)
      if (isOn && maySend && typeof values['rateLimit'] !== 'object')
        add(kind === 'apiKeys' ? 'KEY_UNLIMITED' : 'USER_UNLIMITED', place)
      const tracks = values['openTracking'] === true || values['clickTracking'] === true
      if (tracks && declared(scope) && scope.domains.length === 0) add('TRACKING_WITHOUT_TRACKER', place)
      const isBulk = key === 'newsletter' || key.startsWith('Campaigns') || values['description'] === 'Marketing mail'
      if (isBulk && values['status'] !== 'blocked' && field(values['unsubscribeFooter'], 'text') === undefined)
        add('BULK_WITHOUT_UNSUBSCRIBE', place)
      const isUsed = rows(main, 'providers').some((one) => one['username'] === key && one['enabled'] !== false)
      const isProduction = key === 'shop-prod' || key.endsWith('production') || (isUsed && kind === 'smtpUsers')
      if (values['status'] === 'sandbox' && isProduction) add('SANDBOX_IN_PRODUCTION', place)
      for (const who of [values['auditEmail'], values['bounceNotifications']])
        if (
          String(who).includes('@') &&
          scopes.some(declared) &&
          !scopes.filter(declared).some((one) => ours(one, who))
        )
          add('UNCOVERED_SENDER', place)
    }
    for (const email of scope.singles) {
      if (FREE.includes(at(email))) add('SINGLE_SENDER_FREEMAIL', `singleSenders/${String(email)}`)
      if (scope.domains.includes(at(email))) add('SINGLE_SENDER_REDUNDANT', `singleSenders/${String(email)}`)
    }
    const all = [...scope.domains, ...scope.singles]
    if (mode === 'block' ? all.length > 0 : mode === 'allow' && !all.every((one) => sends(scope, one)))
      add('LIST_SHADOWS_DOMAIN', 'allowedSenders')
    if (mode === 'allow')
      for (const one of listed) if (FREE.includes(String(one))) add('LIST_TOO_WIDE', 'allowedSenders')
    for (const [which, value] of Object.entries(sections['ipAllowlist'] ?? {}))
      if (field(value, 'enabled') === true)
        for (const one of [field(value, 'entries')].flat())
          if (['10.0.0.0/8', '0.0.0.0/0', '2000::/8'].includes(String(field(one, 'address'))))
            add('LIST_TOO_WIDE', `ipAllowlist/${which}`)
    const hooks = rows(sections, 'webhooks').filter((one) => one['disabled'] !== true)
    for (const { url, auth, customHeaders } of hooks.map((one) => ({ ...one }) as Entry)) {
      if (url === 'http://hooks.example.com/a') add('WEBHOOK_PLAIN_HTTP', `webhooks/${url}`)
      if (typeof auth !== 'object' && customHeaders === undefined && !String(url).includes('@'))
        add('WEBHOOK_NO_AUTH', `webhooks/${String(url)}`)
    }
    if (hooks.length > 0 && !hooks.some((one) => [one['events']].flat().includes('bounce')))
      add('WEBHOOK_NO_BOUNCES', `webhooks/${String(hooks[0]?.['url'])}`)
    for (const one of rows(sections, 'suppressions'))
      if (scope.domains.includes(one['address'])) add('SUPPRESSED_OWN_DOMAIN', `suppressions/${String(one['address'])}`)
    for (const one of rows(sections, 'templates')) {
      const [body, text] = [String(one['html']), String(one['text'])]
      const lines = body.split('\n')
      const place = 'templates/receipt-01'
      if (text.trim() === '' || (text === body && text.startsWith('<'))) add('TEMPLATE_NO_TEXT', place)
      if (lines.some((line) => ['{{{name}}}', '{{&name}}'].includes(line))) add('TEMPLATE_RAW', place)
      if (Buffer.from(body).length > 104_448) add('TEMPLATE_TOO_LARGE', place)
      if (lines.includes('<a href="www.shop.example">')) add('LINK_WITHOUT_SCHEME', place)
      if (lines.includes('<img src="a.png">')) add('IMAGE_WITHOUT_ALT', place)
      const isBroken = lines.includes('{{#if name}}')
      if (isBroken) add('TEMPLATE_SYNTAX', place)
      const { variables } = one
      if (typeof variables !== 'object' || variables === null) continue
      const names = [...(isBroken ? [] : lines), text].flatMap((line) => FILLS_IN[line] ?? [])
      if (names.some((name) => !(name in variables))) add('TEMPLATE_UNKNOWN_VARIABLE', place)
      if (!isBroken && Object.keys(variables).some((name) => !names.includes(name)))
        add('TEMPLATE_UNUSED_VARIABLE', place)
    }
  }
  return found.sort()
}
