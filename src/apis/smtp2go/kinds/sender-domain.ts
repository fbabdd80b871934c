import { isRecord } from '../../../model/json.ts'
import { listPost, post } from '../../../model/kind/call.ts'
import { boolean, object, set, string } from '../../../model/kind/field.ts'
import { defineKind } from '../../../model/kind/kind.ts'
import { smtp2goApi } from '../api.ts'

const label = {
  pattern: '^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$',
  expects: 'one DNS label, such as bounce',
  caseless: true,
} as const

/** A domain that may stand in the From line. */
export const senderDomain = defineKind({
  name: 'senderDomains',
  api: smtp2goApi,
  title: 'sender domain',
  resource: 'sender_domain',
  doc: 'A domain from which mail is sent, signed and tracked.',
  notes: [
    'A domain that is removed and added again gets new DNS selectors, and its records must be published again.',
    'A domain that a subaccount has from its main account is not managed in the subaccount.',
    '`dkimExpected`, `returnPathExpected` and `trackingExpected` are the values to publish; the other ones are what the service has seen.',
  ],
  key: 'domain',
  id: 'domain',
  lost: 'made again it gets new DNS records, which have to be published and verified',
  scope: 'subaccount',
  fields: {
    domain: string('The domain.', { required: true, immutable: true, format: 'domain', wireRead: 'fulldomain' }),
    returnPath: string('The label to which bounces go (`em` and a number if left out).', {
      ...label,
      wire: 'returnpath_subdomain',
      risky: [{ when: 'changed', level: 'medium', why: 'the DNS record of the new label has to exist first' }],
    }),
    tracking: string('The label for links and opens that are counted.', {
      ...label,
      risky: [{ when: 'changed', level: 'medium', why: 'the DNS record of the new label has to exist first' }],
      default: 'link',
      wire: 'tracking_subdomain',
    }),
    autoVerify: boolean('Check the DNS records at once when the domain is added.', { writeOnly: true, default: true }),
    sslCertificate: boolean('Get a certificate for the tracking domain once it is verified.', {
      writeOnly: true,
      default: true,
      wire: 'requisition_ssl',
    }),
    subaccountAccess: object(
      {
        subaccounts: set(
          string('The name of a subaccount.', { refersTo: 'subaccounts', refersBy: 'id' }),
          'Subaccounts that may send from this domain.',
          {
            required: true,
            risky: [
              { when: 'added', level: 'medium', why: 'more subaccounts may send from the domain' },
              { when: 'removed', level: 'high', why: 'a subaccount can no longer send from the domain' },
            ],
          },
        ),
        future: boolean('Whether subaccounts that are made later may too.', {
          required: true,
          wire: 'future_subaccounts',
          risky: [{ when: 'on', level: 'medium', why: 'every subaccount created later may send from the domain' }],
        }),
      },
      'Who else may send from this domain; main accounts only.',
      { wire: 'subaccount_access' },
    ),
    dkimSelector: string('The DKIM selector.', { computed: true, stable: true }),
    dkimExpected: string('What `<selector>._domainkey` must point to.', { computed: true, stable: true }),
    dkimVerified: boolean('Whether that record was found.', { computed: true, changesWith: [] }),
    dkimStatus: string('What the last look-up said.', { computed: true, changesWith: [] }),
    returnPathExpected: string('What the return path must point to.', {
      computed: true,
      changesWith: [],
      wire: 'rpath_expected',
    }),
    returnPathVerified: boolean('Whether that record was found.', {
      computed: true,
      changesWith: ['returnPath'],
      wire: 'rpath_verified',
    }),
    returnPathStatus: string('What the last look-up said.', {
      computed: true,
      changesWith: ['returnPath'],
      wire: 'rpath_status',
    }),
    trackingDomain: string('The full name of the tracking record.', { computed: true, changesWith: ['tracking'] }),
    trackingExpected: string('What it must point to.', {
      computed: true,
      changesWith: ['tracking'],
      wire: 'cname_expected',
    }),
    trackingVerified: boolean('Whether that record was found.', {
      computed: true,
      changesWith: ['tracking'],
      wire: 'cname_verified',
    }),
    trackingEnabled: boolean('Whether tracking is on; an idle tracker need not be verified.', {
      computed: true,
      changesWith: ['tracking'],
    }),
    trackingCertificate: string('The state of its certificate.', {
      computed: true,
      changesWith: ['tracking'],
      wire: 'ssl_status',
    }),
    registrar: string('Where the domain is registered.', { computed: true, changesWith: [] }),
    setupLink: string('A page that makes the DNS records.', {
      computed: true,
      changesWith: ['returnPath', 'tracking'],
    }),
  },
  passes: [
    ...['subdomain', 'domain', 'suffix', 'from_master', 'registrar', 'setup_link', 'trackers'],
    ...['dkim_selector', 'dkim_value', 'dkim_expected', 'dkim_status'],
    ...['rpath_selector', 'rpath_value', 'rpath_expected', 'rpath_status'],
  ],
  whenDeleted: 'mail from the domain is no longer signed; added again, it gets other DNS records',
  keepsMail: { field: 'dkimVerified', is: true },
  calls: {
    list: listPost('/domain/view', {
      rows: 'domains',
      decode(row) {
        if (row['from_master'] === true) return undefined
        const domain = isRecord(row['domain']) ? row['domain'] : {}
        const trackers = Array.isArray(row['trackers']) ? row['trackers'].filter(isRecord) : []
        const tracker = trackers.find((one) => one['enabled'] === true) ?? trackers[0] ?? {}
        const [host, base] = [String(tracker['fulldomain'] ?? ''), `.${String(domain['fulldomain'])}`]
        return {
          ...domain,
          returnpath_subdomain: domain['rpath_selector'],
          tracking_subdomain: host.endsWith(base) ? host.slice(0, -base.length) : tracker['subdomain'],
          tracking_domain: tracker['fulldomain'],
          cname_expected: tracker['cname_expected'],
          cname_verified: tracker['cname_verified'],
          tracking_enabled: tracker['enabled'],
          ssl_status: tracker['ssl_status'],
          subaccount_access: row['subaccount_access'],
        }
      },
    }),
    create: post('/domain/add'),
    update: {
      returnPath: post('/domain/returnpath', {
        by: 'domain',
        encode: ({ live, desired }) => ({ old_subdomain: live['returnPath'], new_subdomain: desired['returnPath'] }),
      }),
      tracking: post('/domain/tracking', {
        by: 'domain',
        encode: ({ live, desired }) => ({ old_subdomain: live['tracking'], new_subdomain: desired['tracking'] }),
      }),
      subaccountAccess: post('/domain/subaccount_access', {
        by: 'domain',
        whole: true,
        carries: true,
        encode: ({ body }) => (isRecord(body['subaccount_access']) ? body['subaccount_access'] : {}),
      }),
    },
    delete: post('/domain/remove', { by: 'domain' }),
  },
  example: {
    domain: 'example.com',
    returnPath: 'bounce',
    tracking: 'track',
    autoVerify: true,
    sslCertificate: true,
    subaccountAccess: { subaccounts: ['Acme'], future: false },
  },
  dangers(change) {
    if (change.action !== 'delete') return []
    const { dkimVerified, returnPathVerified } = change.live.values
    if (dkimVerified !== true && returnPathVerified !== true) return []
    return [
      {
        code: 'VERIFIED_DOMAIN',
        reason: `${change.address} is verified; without it mail from ${change.key} is no longer signed, and its DNS records change`,
      },
    ]
  },
})
