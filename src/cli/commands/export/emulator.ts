import { services } from '../../../apis/services.ts'
import type { Heard } from '../../../emulator/world/heard.ts'
import type { Account, Spec } from '../../../model/desired/spec.ts'
import type { Send } from '../../../model/wire.ts'
import { writeResult } from '../../files/write.ts'
import { EXIT, Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { exportAccounts } from '../../runs/export-run.ts'
import { printable } from '../../terminal/paint.ts'

/** Writes what the accounts answer as the state of an emulator, to plan against without credentials. No secret is in it. */
export async function exportEmulator(
  accounts: readonly Account[],
  invocation: Invocation,
  spec?: Spec,
): Promise<number> {
  const { io, options } = invocation
  const { out } = options
  if (out === undefined)
    throw new Stop('"--format emulator" needs a file', { hint: '-o account.json, for "plan --emulator=account.json"' })
  if (options.only.length + options.exclude.length > 0)
    throw new Stop('"--format emulator" cannot be combined with "--only" or "--exclude"', {
      hint: 'a recording has whole collections: select objects when you plan',
    })
  const told = new Map<string, Heard[]>(accounts.map(({ name }) => [name, []]))
  const listen =
    (send: Send): Send =>
    async (account, request, signal) => {
      const answer = await send(account, request, signal)
      const { path, body = {} } = request
      told.get(account)?.push(JSON.parse(JSON.stringify({ path, body, answer })))
      return answer
    }
  const { notes } = await exportAccounts(
    accounts,
    { ...invocation, options: { ...options, subaccounts: true } },
    spec,
    listen,
  )
  for (const note of notes.filter((one) => one.includes(': left out,'))) io.stderr.write(`note: ${printable(note)}\n`)
  for (const { name, of } of filesOf(accounts, out)) {
    const heard = of.flatMap((account) => told.get(account.name) ?? [])
    const state = Object.fromEntries(services.map((service) => [service.name, service.stateOf(heard)]))
    writeResult(io, name, `${JSON.stringify(state, null, 2)}\n`, options.force === true)
    io.stderr.write(`Wrote ${name}.\n`)
  }
  return EXIT.ok
}

/** As `--emulator` reads them: one file for the first account of each API, and one beside it for every other account. */
function filesOf(accounts: readonly Account[], out: string): { name: string; of: readonly Account[] }[] {
  const first = accounts.filter(({ name, api }) => accounts.find((one) => one.api === api)?.name === name)
  const others = accounts.filter((account) => !first.includes(account))
  return [
    { name: out, of: first },
    ...others.map((account) => ({ name: out.replace(/(\.\w+)?$/, (end) => `.${account.name}${end}`), of: [account] })),
  ]
}
