import { kinds } from '../../../apis/index.ts'
import { generated } from '../../../engine/diff/generated.ts'
import { read } from '../../../engine/read/read.ts'
import { wantedBy } from '../../../engine/read/wanted.ts'
import { makeSecret } from '../../../engine/rotate/secret.ts'
import { openTwin, twinName, twinOf } from '../../../engine/rotate/twin.ts'
import { formatScope } from '../../../model/address.ts'
import type { DesiredObject } from '../../../model/desired/object.ts'
import { writePrivate } from '../../../model/files/private-file.ts'
import { isRecord } from '../../../model/json.ts'
import type { Values } from '../../../model/kind/field.ts'
import type { LiveObject } from '../../../model/kind/live-object.ts'
import type { Secret } from '../../../model/secret.ts'
import { shellWord } from '../../../model/text/shell.ts'
import { delivery } from '../../delivery/destination.ts'
import { withStagedSecret } from '../../delivery/staged-delivery.ts'
import { type StagedSecret, stagedSecretFor } from '../../delivery/staging.ts'
import { EXIT, Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { applyReached } from '../../runs/apply-run.ts'
import { neededPlace, refuseLedger, withLedgerProblems } from '../../session/ledger.ts'
import { printProblems } from '../../session/problems.ts'
import { openSession, type Session } from '../../session/session.ts'
import type { LocatedSpec } from '../../session/spec.ts'
import { printable } from '../../terminal/paint.ts'
import { composed } from './part.ts'

/** Makes a twin with the same settings and a new secret; the first one goes on until somebody confirms that the twin is in use. */
export async function overlap(object: DesiredObject, located: LocatedSpec, invocation: Invocation): Promise<number> {
  if (object.kind.twin === undefined)
    throw new Stop(`${object.address} cannot have a twin`, { hint: 'rotate it without --overlap' })
  neededPlace(invocation)
  return await withLedgerProblems(invocation, async () => {
    const session = await openSession(composed(located, [object]), invocation, { command: 'rotate' })
    return await openRotation(object, located, session, invocation).finally(session.close)
  })
}

async function openRotation(
  object: DesiredObject,
  located: LocatedSpec,
  session: Session,
  invocation: Invocation,
): Promise<number> {
  const { io, options } = invocation
  const { kind, scope, key, address } = object
  const { spec } = composed(located, [object])
  const live = await read(wantedBy(spec, kinds), { kinds, send: session.connection.send, signal: io.signal })
  const memory = session.ledger?.records.remember(live).memory
  const obstacles = session.ledger?.records.obstacles() ?? []
  if (memory === undefined || obstacles.length > 0) return refuseLedger(obstacles, invocation)
  const collection = live.get(formatScope(scope))?.collections.get(kind.name)
  if (collection?.known !== true)
    throw new Stop(`${kind.name} could not be read, so nothing was made`, { hint: 'mailconfig plan says why' })
  const first = collection.objects.find((one) => one.key === key && !one.dormant)
  if (first === undefined)
    throw new Stop(`${address} is not in the account: there is nothing to rotate`, {
      hint: '"mailconfig apply" creates it',
    })
  const open = openTwin(memory, object)
  const taken = new Set(collection.objects.map((one) => one.key))
  const name = open?.key ?? options.twin ?? twinName(object, io.now().toISOString().slice(0, 10), taken)
  const staged = kind.oneTimeSecret === undefined ? handoverFor(object, name, invocation) : undefined
  if (open !== undefined) return finishOpen(object, name, staged, invocation)
  if (taken.has(name)) throw new Stop(`${kind.name}/${name} already exists`, { hint: 'give another name with --twin' })
  const secret = staged === undefined ? undefined : (staged.pending() ?? secretFor(object, options.length))
  if (staged === undefined) keepPrevious(object, first, invocation, true)
  const entry = memory.entry(scope, kind.name, key)
  const known: DesiredObject = {
    ...object,
    values: { ...unshown(object, first, entry?.fields ?? {}), ...object.values },
  }
  warnUnknown(known, first, invocation)
  return await applyReached(composed(located, [twinOf(known, first, name, secret)]), session, invocation, {
    command: 'rotate',
    question: 'Make this twin?',
    report: { twin: name },
    preface: `${printable(`${address} gets a twin with the same settings and a secret of its own; both work until you confirm`)}.\n\n`,
    around: async (change, make) => {
      if (staged !== undefined && secret !== undefined) return await withStagedSecret(change, make, { staged, secret })
      keepPrevious(object, first, invocation, false)
      return await make()
    },
    afterword: nextSteps(object, name, staged, located),
  })
}

/** Settings that the API does not show, as they were last applied. */
function unshown({ kind }: DesiredObject, { values }: LiveObject, applied: Values): Values {
  return Object.fromEntries(
    Object.entries(applied).filter(
      ([name]) => kind.fields[name]?.unreadable !== undefined && values[name] === undefined,
    ),
  )
}

/** A twin has what is known of the first one; what is unknown is reported. */
function warnUnknown({ kind, values, address, source }: DesiredObject, live: LiveObject, invocation: Invocation): void {
  const names = Object.entries(kind.fields).flatMap(([name, field]) =>
    field.unreadable !== undefined && live.values[name] === undefined && values[name] === undefined ? [name] : [],
  )
  if (names.length > 0)
    printProblems(invocation, [
      {
        code: 'TWIN_UNKNOWN',
        severity: 'warning',
        message: `the API does not show ${names.join(', ')} of ${address}, so its twin gets the default`,
        hint: 'set it in the entry if it is different',
        source,
      },
    ])
}

function handoverFor(object: DesiredObject, name: string, { io, options }: Invocation): StagedSecret {
  const staged = stagedSecretFor(io, object, options.saveTo, `.${name}`)
  if ('why' in staged) throw new Stop(staged.why, { hint: 'write saveTo: { file: … } in the entry, or use --save-to' })
  const refused = staged.refuses()
  if (refused !== undefined) throw new Stop(`nothing was created, because ${refused}`)
  return staged
}

function secretFor(object: DesiredObject, length: number | undefined): Secret {
  const path = Object.entries(object.kind.fields).find(([, field]) => field.generate !== undefined)?.[0] ?? ''
  const possible = generated(object, path)
  if ('why' in possible) throw new Stop(`no secret can be generated for ${object.address}: ${possible.why}`)
  return makeSecret(length ?? possible.length)
}

/** A run that was cut off may have made the twin and not brought its secret to its place. */
function finishOpen(object: DesiredObject, name: string, staged: StagedSecret | undefined, { io }: Invocation): number {
  const waiting = staged?.pending()
  if (staged === undefined || waiting === undefined)
    throw new Stop(`the rotation of ${object.address} is open already: its twin is "${name}"`, {
      hint: 'end it with --confirm or --abort',
    })
  const saved = staged.finish(waiting)
  io.stdout.write(`${printable(`The twin "${name}" was made earlier; its secret is now ${saved}`)}.\n`)
  return EXIT.ok
}

/** The API changes and removes the old one only if it is given the whole key: so that is kept until it is gone. */
function keepPrevious(object: DesiredObject, { id }: LiveObject, { io }: Invocation, isTrial: boolean): void {
  const target = object.values[object.kind.oneTimeSecret?.to ?? '']
  if (!isRecord(target) || typeof target['file'] !== 'string') return
  const places = delivery(io)
  const saved = places.recall(target, object.source.file)
  const refused = places.refuses(target, object.source.file)
  if (refused !== undefined) throw new Stop(`nothing was created, because ${refused}`)
  if (saved === undefined || !saved.reveal().startsWith(id))
    throw new Stop(
      `"${target['file']}" does not have the key of ${object.address}, so the old one could not be removed later`,
      {
        hint: 'put the whole key there first',
      },
    )
  if (!isTrial) writePrivate(`${places.pathOf(target, object.source.file)}.previous`, `${saved.reveal()}\n`)
}

function nextSteps(
  object: DesiredObject,
  name: string,
  staged: StagedSecret | undefined,
  { spec }: LocatedSpec,
): string {
  const { kind, address, key } = object
  const confirm = `mailconfig rotate ${shellWord(address)} --confirm`
  if (staged === undefined)
    return `\n${printable(`Next: let the application read the new key. When it does: ${confirm}`)}\nThe twin then takes the name "${printable(key)}", so the spec stays as it is.\n`
  const users = spec.references
    .filter((one) => one.kind === kind.name && one.key === key)
    .map(({ from }) => from.address)
  const also =
    users.length === 0 ? '' : `\n  Add "${name}" where ${[...new Set(users)].join(', ')} names "${key}", and apply.`
  const lines = [
    `1. Give the application the ${kind.key} "${name}" and the secret in ${staged.shown}.${also}`,
    `2. In the spec, write "${kind.key}: ${name}" instead of "${key}", with a reference to the new secret: the plan stays empty.`,
    `3. ${confirm}`,
  ]
  return `\nNext:\n${lines.map((line) => `  ${line}\n`).join('')}`
}
