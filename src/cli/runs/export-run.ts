import { kinds } from '../../apis/index.ts'
import { terraformText } from '../../derive/terraform/hcl.ts'
import type { ExportDetail } from '../../engine/export/entry.ts'
import { exportSpec } from '../../engine/export/export.ts'
import { read } from '../../engine/read/read.ts'
import { everything } from '../../engine/read/wanted.ts'
import { formatScope, type Scope } from '../../model/address.ts'
import type { Account, Spec } from '../../model/desired/spec.ts'
import { makesScopes, type ResourceKind } from '../../model/kind/kind.ts'
import type { Live } from '../../model/run/live.ts'
import type { Send } from '../../model/wire.ts'
import { Stop } from '../invocation/exit.ts'
import type { Invocation } from '../invocation/invocation.ts'
import { connectTo } from '../session/connection.ts'
import { progress } from '../terminal/progress.ts'
import { chosenLive, kindsToRead } from './chosen.ts'

/** Reads everything of the accounts, and writes it down; stops if anything could not be read to its end. */
export async function exportAccounts(
  accounts: readonly Account[],
  invocation: Invocation,
  spec?: Spec,
  listen: (send: Send) => Send = (send) => send,
  detail: ExportDetail = 'usual',
) {
  const { io, options } = invocation
  const connection = await connectTo(accounts, invocation, spec)
  const line = progress(io)
  try {
    const main: Scope[] = accounts.map(({ name }) => ({ account: name, subaccount: null }))
    const parents = options.subaccounts === true ? kinds.filter(makesScopes) : []
    const wanted = [...new Set([...kindsToRead(options, kinds), ...parents])]
    const onProgress = (done: number, total: number) => line.show(`reading ${done}/${total}`)
    const run = { kinds, send: listen(connection.send), signal: io.signal, onProgress }
    let live = await read(wantedOf(main, accounts, wanted), run)
    let scopes = main
    if (options.subaccounts === true) {
      const inside = main.flatMap((scope) => subaccountsOf(scope, live))
      live = new Map([...live, ...(await insideOf(inside, accounts, wanted, run))])
      scopes = [...main, ...inside]
    }
    line.clear()
    const unread = notesOfUnread(live)
    const beyond = options.subaccounts === true ? [] : notesOfSubaccounts(main, live)
    live = chosenLive(live, scopes, options)
    scopes = scopes.filter((scope) => scope.subaccount === null || hasObjects(scope, live))
    const located = accounts.map((account) => ({
      ...account,
      url: options.emulator === undefined ? account.url : connection.urlOf(account),
    }))
    const write = options.format === 'terraform' ? terraformText : exportSpec
    const { text, notes } = write(located, scopes, live, kinds, options.allFields === true ? 'all' : detail)
    return { text, notes: [...unread, ...beyond, ...notes], scopes, live, accounts: located }
  } finally {
    line.clear()
    await connection.close()
  }
}

function wantedOf(scopes: readonly Scope[], accounts: readonly Account[], wanted: readonly ResourceKind[]) {
  return scopes.flatMap((scope) => {
    const api = accounts.find(({ name }) => name === scope.account)?.api
    return everything(
      [scope],
      wanted.filter((kind) => kind.api.name === api),
    )
  })
}

async function insideOf(
  scopes: readonly Scope[],
  accounts: readonly Account[],
  wanted: readonly ResourceKind[],
  run: Parameters<typeof read>[1],
): Promise<Live> {
  const parents = kinds.filter(makesScopes)
  const above = [...new Set(scopes.map(({ account }) => account))].map((account) => ({ account, subaccount: null }))
  const read_ = await read([...wantedOf(above, accounts, parents), ...wantedOf(scopes, accounts, wanted)], run)
  return new Map([...read_].filter(([name]) => name.includes('/')))
}

function subaccountsOf(scope: Scope, live: Live): Scope[] {
  const { collections } = live.get(formatScope(scope)) ?? {}
  return kinds.filter(makesScopes).flatMap(({ name }) => {
    const collection = collections?.get(name)
    const open = collection?.known === true ? collection.objects.filter((one) => !one.dormant) : []
    return open.map((one) => ({ account: scope.account, subaccount: one.key }))
  })
}

function hasObjects(scope: Scope, live: Live): boolean {
  const collections = [...(live.get(formatScope(scope))?.collections.values() ?? [])]
  return collections.some((one) => one.known && one.objects.some(({ dormant }) => !dormant))
}

/** Subaccounts whose contents nobody asked for: said, so that nobody takes the file for the whole. */
function notesOfSubaccounts(scopes: readonly Scope[], live: Live): string[] {
  return scopes.flatMap((scope) => {
    const count = subaccountsOf(scope, live).length
    const what = count === 1 ? '1 subaccount' : `${count} subaccounts`
    return count === 0 ? [] : [`${formatScope(scope)}: the contents of ${what} are left out; --subaccounts adds them`]
  })
}

/** What the key may not read is left out and said; anything else that could not be read ends the export. */
function notesOfUnread(live: Live): string[] {
  return [...live].flatMap(([scope, { collections }]) =>
    [...collections].flatMap(([kind, collection]) => {
      if (collection.known) return []
      const { message, hint, path, account, kind: cause } = collection.error
      if (cause === 'permission') return [`${scope}:${kind}: left out, for the key may not call ${path}`]
      if (cause === 'auth')
        throw new Stop(`the credential of the account "${account}" is refused: ${message}`, {
          hint: hint ?? 'is it complete, and is the region or the URL that of the account?',
        })
      throw new Stop(`${scope}:${kind} could not be read: ${path}: ${message}`, hint === undefined ? {} : { hint })
    }),
  )
}
