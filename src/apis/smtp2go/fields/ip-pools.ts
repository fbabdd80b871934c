import { listPost } from '../../../model/kind/call.ts'
import { integer, set, string } from '../../../model/kind/field.ts'
import type { ResourceKind } from '../../../model/kind/kind.ts'
import { smtp2goApi } from '../api.ts'

/** The pools of dedicated IP addresses: read to know one by its name. They are made by the service, so no spec declares them. */
export const ipPools: ResourceKind = {
  name: 'ipPools',
  api: smtp2goApi,
  title: 'IP pool',
  resource: 'ip_pool',
  doc: 'Dedicated IP addresses that mail is sent from.',
  key: 'name',
  id: 'number',
  scope: 'account',
  fields: {
    name: string('What it is called.', { computed: true }),
    number: integer('What the API knows it by.', { computed: true, wire: 'id' }),
    addresses: set(string('An IP address.'), 'Its addresses.', { computed: true, wire: 'ip_addresses' }),
  },
  calls: { list: listPost('/dedicated_ips/view') },
  example: {},
}
