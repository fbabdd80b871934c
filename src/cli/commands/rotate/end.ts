import { existsSync, renameSync, rmSync } from 'node:fs'
import { kinds } from '../../../apis/index.ts'
import { read } from '../../../engine/read/read.ts'
import { wantedBy } from '../../../engine/read/wanted.ts'
import { formatAddress, formatScope, qualify } from '../../../model/address.ts'
import type { DesiredObject } from '../../../model/desired/object.ts'
import { isRecord } from '../../../model/json.ts'
import type { Values } from '../../../model/kind/field.ts'
import { canRename } from '../../../model/kind/kind.ts'
import type { LiveObject } from '../../../model/kind/live-object.ts'
import { shellWord } from '../../../model/text/shell.ts'
import { delivery } from '../../delivery/destination.ts'
import { EXIT, Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { applyReached } from '../../runs/apply-run.ts'
import { neededPlace, refuseLedger, withLedgerProblems } from '../../session/ledger.ts'
import { openSession, type Session } from '../../session/session.ts'
import type { LocatedSpec } from '../../session/spec.ts'
import { printable } from '../../terminal/paint.ts'
import { composed } from './part.ts'
import { useText } from './use.ts'

/** A rotation that is open: an entry of the spec that is one of the two, and both as they are live. */
interface Open {
  readonly entry: DesiredObject
  readonly oldKey: string
  readonly twinKey: string
  readonly old: LiveObject | undefined
  readonly twin: LiveObject | undefined
  readonly isDeclared: (key: string) => boolean
}

/** Ends a rotation: the twin is in use and the old one goes, or the twin goes and all is as before. */
export async function endRotation(address: string, located: LocatedSpec, invocation: Invocation): Promise<number> {
  neededPlace(invocation)
  const [, kind] = /^(?:[^:/]+(?:\/[^:]*)?:)?([A-Za-z]+)\//.exec(address) ?? []
  const { account } = invocation.options
  const peers = located.spec.objects.filter(
    ({ kind: its, scope }) =>
      its.name === kind && its.twin !== undefined && (account.length === 0 || account.includes(scope.account)),
  )
  if (peers.length === 0) throw notOpen(address)
  return await withLedgerProblems(invocation, async () => {
    const session = await openSession(composed(located, peers), invocation, { command: 'rotate' })
    return await end(address, { located, peers, session }, invocation).finally(session.close)
  })
}

function notOpen(address: string): Stop {
  return new Stop(`no rotation of "${address}" is open`, { hint: '"mailconfig rotate --list" lists those that are' })
}

interface About {
  readonly located: LocatedSpec
  readonly peers: readonly DesiredObject[]
  readonly session: Session
}

async function end(address: string, about: About, invocation: Invocation): Promise<number> {
  const { peers, located, session } = about
  const { spec } = composed(located, peers)
  const live = await read(wantedBy(spec, kinds), {
    kinds,
    send: session.connection.send,
    signal: invocation.io.signal,
  })
  const memory = session.ledger?.records.remember(live).memory
  const obstacles = session.ledger?.records.obstacles() ?? []
  if (memory === undefined || obstacles.length > 0) return refuseLedger(obstacles, invocation)
  for (const entry of peers) {
    const { kind, scope } = entry
    const collection = live.get(formatScope(scope))?.collections.get(kind.name)
    if (collection?.known !== true)
      throw new Stop(`${kind.name} could not be read, so nothing was changed`, { hint: 'mailconfig plan says why' })
    const names = (key: string) => [formatAddress(kind.name, key), qualify(scope, formatAddress(kind.name, key))]
    for (const { key: twinKey, twinOf: oldKey } of memory.entries(scope, kind.name)) {
      if (oldKey === undefined || ![...names(oldKey), ...names(twinKey)].includes(address)) continue
      const of = (key: string) => collection.objects.find((one) => one.key === key && !one.dormant)
      const here = peers.filter((one) => formatScope(one.scope) === formatScope(scope))
      const isDeclared = (key: string) => here.some((one) => one.key === key && one.state === 'present')
      const base = here.find((one) => one.key === twinKey) ?? here.find((one) => one.key === oldKey) ?? entry
      const open = { entry: base, oldKey, twinKey, old: of(oldKey), twin: of(twinKey), isDeclared }
      return invocation.options.abort === true
        ? await abort(open, about, invocation)
        : await confirm(open, about, invocation)
    }
  }
  throw notOpen(address)
}

/** A desired object of which only this is said. */
function part({ entry }: Open, key: string, values: Values, more: Partial<DesiredObject> = {}): DesiredObject {
  const { kind, scope, source } = entry
  const own = kind.oneTimeSecret === undefined ? {} : { [kind.oneTimeSecret.to]: entry.values[kind.oneTimeSecret.to] }
  const address = formatAddress(kind.name, key)
  const whole = { ...own, ...values, [kind.key]: key }
  return { kind, scope, source, key, address, values: whole, state: 'present', protect: false, resend: [], ...more }
}

async function confirm(open: Open, { located, session }: About, invocation: Invocation): Promise<number> {
  const { entry, oldKey, twinKey, old, twin, isDeclared } = open
  const { kind } = entry
  const { options, io } = invocation
  const renames = canRename(kind)
  if (twin === undefined)
    throw new Stop(`the twin "${twinKey}" is not in the account, so "${oldKey}" stays`, {
      hint: 'end this with --abort',
    })
  if (!renames) refuseEarly(open, located)
  refuseUnsaved(open, twin, invocation)
  const use = await useText(entry, old, twin, session, invocation)
  const isDelete = renames ? options.retire !== 'block' : options.retire === 'delete'
  const { field, is } = kind.twin?.retire ?? { field: '', is: undefined }
  const retired = isDelete ? part(open, oldKey, {}, { state: 'absent' }) : part(open, oldKey, { [field]: is })
  const code = await applyReached(composed(located, old === undefined ? [] : [retired]), session, invocation, {
    command: 'rotate',
    question: isDelete ? `Delete "${oldKey}"?` : `Shut "${oldKey}" off?`,
    preface: `${printable(`The twin "${twinKey}" is in use, so "${oldKey}" is ${isDelete ? 'deleted' : 'shut off'}`)}.\n${use === '' ? '' : `${printable(use)}\n`}\n`,
    ...(isDelete
      ? {}
      : {
          afterword: `\n${printable(`When nobody misses it: mailconfig rotate ${shellWord(`${entry.kind.name}/${oldKey}`)} --confirm --retire delete`)}\n`,
        }),
  })
  if (code !== EXIT.ok || !renames || !isDelete) return code
  if (isDeclared(twinKey)) return code
  const taking = part(open, oldKey, {}, { moved: twinKey })
  const yes = { ...invocation, options: { ...options, autoApprove: true } }
  const renamed = await applyReached(composed(located, [taking]), session, yes, {
    command: 'rotate',
    question: '',
    preface: `\n${printable(`The twin takes the name "${oldKey}"`)}.\n\n`,
  })
  const previous = previousPath(open, invocation)
  if (renamed === EXIT.ok && previous !== undefined) rmSync(`${previous}.previous`, { force: true })
  if (renamed !== EXIT.ok) io.stderr.write('The next apply gives it that name, too.\n')
  return renamed
}

/** What the spec still names would be made again, or not be managed any more. */
function refuseEarly({ entry, oldKey, twinKey, isDeclared }: Open, { spec }: LocatedSpec): void {
  const { kind } = entry
  const hint = `write "${kind.key}: ${twinKey}" instead of "${oldKey}", and look at the plan: it is empty`
  if (isDeclared(oldKey))
    throw new Stop(`the spec still declares ${kind.name}/${oldKey}: the next apply would bring it back`, { hint })
  if (!isDeclared(twinKey)) throw new Stop(`the spec does not declare ${kind.name}/${twinKey}`, { hint })
  const users = spec.references.filter((one) => one.kind === kind.name && one.key === oldKey)
  if (users.length === 0) return
  const names = [...new Set(users.map(({ from }) => from.address))].join(', ')
  throw new Stop(`${names} still names "${oldKey}"`, { hint: `write "${twinKey}" there, and apply` })
}

async function abort(open: Open, { located, session }: About, invocation: Invocation): Promise<number> {
  const { entry, oldKey, twinKey, old, twin, isDeclared } = open
  const { kind } = entry
  if (isDeclared(twinKey))
    throw new Stop(`the spec declares the twin ${kind.name}/${twinKey}`, {
      hint: `write "${oldKey}" there again first`,
    })
  if (old === undefined)
    throw new Stop(`${kind.name}/${oldKey} is gone, so only its twin is left`, { hint: 'end this with --confirm' })
  refuseWithoutPrevious(open, invocation)
  const { field, is } = kind.twin?.retire ?? { field: '', is: undefined }
  const wakes = old.values[field] === is && twin !== undefined && twin.values[field] !== is
  const objects = [
    ...(wakes ? [part(open, oldKey, { [field]: twin.values[field] })] : []),
    ...(twin === undefined ? [] : [part(open, twinKey, {}, { state: 'absent' })]),
  ]
  const code = await applyReached(composed(located, objects), session, invocation, {
    command: 'rotate',
    question: `Delete the twin "${twinKey}"?`,
    preface: `${printable(`"${oldKey}" stays, and its twin "${twinKey}" goes`)}.\n\n`,
  })
  const path = previousPath(open, invocation)
  if (code === EXIT.ok && path !== undefined && existsSync(`${path}.previous`)) renameSync(`${path}.previous`, path)
  return code
}

/** The old key goes back to its place: without it nobody could use or change what stays. */
function refuseWithoutPrevious(open: Open, invocation: Invocation): void {
  const path = previousPath(open, invocation)
  if (open.entry.kind.oneTimeSecret === undefined || path === undefined || existsSync(`${path}.previous`)) return
  const recalled = savedSecret(open, invocation)
  if (recalled !== undefined && open.old !== undefined && recalled.reveal().startsWith(open.old.id)) return
  throw new Stop(`the key of "${open.oldKey}" is not in "${path}.previous", so it would be lost`, {
    hint: 'run this where the rotation was started, or put the old key there first',
  })
}

/** Nothing is retired before the secret that takes over is known to be saved: its id is how it begins. */
function refuseUnsaved(open: Open, twin: LiveObject, invocation: Invocation): void {
  const { kind } = open.entry
  if (kind.oneTimeSecret?.idBegins !== true) return
  const path = previousPath(open, invocation)
  if (path === undefined) return
  const saved = savedSecret(open, invocation)
  if (saved?.reveal().startsWith(twin.id) === true) return
  throw new Stop(`"${path}" does not have the key of the twin "${open.twinKey}", so "${open.oldKey}" stays`, {
    hint: 'put the key of the twin there; if it is lost, end this with --abort and rotate again',
  })
}

function savedSecret({ entry }: Open, { io }: Invocation) {
  const target = entry.values[entry.kind.oneTimeSecret?.to ?? '']
  return isRecord(target) ? delivery(io).recall(target, entry.source.file) : undefined
}

/** The file that has the key of the twin, and beside it that of the old one. */
function previousPath({ entry }: Open, { io }: Invocation): string | undefined {
  const target = entry.values[entry.kind.oneTimeSecret?.to ?? '']
  return isRecord(target) ? delivery(io).pathOf(target, entry.source.file) : undefined
}
