import type { JsonObject } from '../../../emulator/input/json.ts'
import { type Heard, known, once, rowsIn } from '../../../emulator/world/heard.ts'
import { providerFields } from './entities.ts'

/** The state of a service that answers as was heard. No secret is in it. */
export function stateOf(heard: readonly Heard[]): JsonObject {
  const lists = heard.filter(({ path }) => path === '/api/v2/mail/providers')
  const rows = lists.flatMap(({ answer }) =>
    known(rowsIn(answer, 'data').map(providerRow), providerFields, ['password']),
  )
  return { providers: once(rows, 'id') }
}

/** Names and types differ between versions of the Back Office. */
function providerRow(row: JsonObject): JsonObject {
  const on = row['isEnabled']
  const { encryption } = row
  return {
    ...row,
    id: row['id'] ?? row['providerId'] ?? null,
    port: Number(row['port']),
    isEnabled: on === true || on === 1 || on === '1',
    ...(typeof encryption === 'string' ? { encryption: encryption.toLowerCase().replace('tsl', 'tls') } : {}),
  }
}
