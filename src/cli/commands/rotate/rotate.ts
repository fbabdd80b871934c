import { generated, secretNames } from '../../../engine/diff/generated.ts'
import { addressMatches } from '../../../engine/plan/match-address.ts'
import { resending } from '../../../engine/rotate/resend.ts'
import { LENGTHS, makeSecret } from '../../../engine/rotate/secret.ts'
import { qualify } from '../../../model/address.ts'
import type { DesiredObject } from '../../../model/desired/object.ts'
import { isRecord } from '../../../model/json.ts'
import { fieldAt } from '../../../model/kind/walk.ts'
import { Secret } from '../../../model/secret.ts'
import { closest } from '../../../model/text/closest.ts'
import { valueAt } from '../../../model/value/path.ts'
import { sentSecrets } from '../../../model/value/secrets.ts'
import { refuseUnreviewed } from '../../ci/review.ts'
import { withStagedSecret } from '../../delivery/staged-delivery.ts'
import { type StagedSecret, stagedSecretFor } from '../../delivery/staging.ts'
import { EXIT, Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { applySpec, refuseUnseen } from '../../runs/apply-run.ts'
import type { PlanRun } from '../../runs/plan-run.ts'
import { printProblems } from '../../session/problems.ts'
import { type LocatedSpec, openSpec, readSpec } from '../../session/spec.ts'
import { printable } from '../../terminal/paint.ts'
import { alone, composed } from './part.ts'

/** Sends a secret of the spec again, or makes a new one and hands it over; each after an ordinary plan. */
export async function rotate(invocation: Invocation): Promise<number> {
  const { args, options } = invocation
  refuseOdd(invocation)
  if (options.list === true) return await (await import('./list.ts')).listRotations(invocation)
  refuseUnreviewed(invocation)
  refuseUnseen(invocation)
  const located = await openSpec(invocation)
  if ('code' in located) return located.code
  if (options.confirm === true || options.abort === true)
    return await (await import('./end.ts')).endRotation(args[0] ?? '', located, alone(invocation))
  const chosen = chosenBy(args[0] ?? '', located, invocation)
  const needsTwin = chosen.some(({ kind }) => kind.oneTimeSecret !== undefined) // its secret is made with it, and never again
  if (options.overlap === true || needsTwin) {
    const [first, other] = chosen
    if (first === undefined || other !== undefined) throw oneAtATime()
    return await (await import('./overlap.ts')).overlap(first, located, alone(invocation))
  }
  if (options.generate !== true) return await sendAgain(chosen, located, invocation)
  const [only, second] = chosen
  if (only === undefined || second !== undefined) throw oneAtATime()
  return await renew(only, located, invocation)
}

function oneAtATime(): Stop {
  return new Stop('a new secret is generated for one object at a time', { hint: 'name one address' })
}

/** Options that do not go together are a slip, and rotating is no place for one. */
function refuseOdd({ args, options }: Invocation): void {
  const { generate, length, saveTo, overlap, confirm, abort, list, retire, twin } = options
  const ways = Object.entries({ overlap, confirm, abort, list }).flatMap(([name, given]) =>
    given === true ? [name] : [],
  )
  if (ways.length > 1) throw new Stop(`--${ways.join(' and --')} cannot be combined`)
  if (retire !== undefined && confirm !== true) throw new Stop('--retire requires --confirm')
  if (twin !== undefined && overlap !== true) throw new Stop('--twin requires --overlap')
  if (list === true) return
  if (args.length === 0)
    throw new Stop('which object?', { hint: 'name it as the plan does: mailconfig rotate smtpUsers/billing-app' })
  const makes = generate === true || overlap === true
  if (!makes && (length !== undefined || saveTo !== undefined))
    throw new Stop(`${length === undefined ? '--save-to' : '--length'} requires --generate`)
  if (length !== undefined && (length < LENGTHS.least || length > LENGTHS.most))
    throw new Stop(`--length is a number from ${LENGTHS.least} to ${LENGTHS.most}`)
}

/** The objects of the spec that an address names. */
function chosenBy(address: string, { spec }: LocatedSpec, { options }: Invocation): readonly DesiredObject[] {
  const here = spec.objects.filter(
    ({ scope, state }) =>
      state === 'present' && (options.account.length === 0 || options.account.includes(scope.account)),
  )
  const named = here.filter((one) => addressMatches(address, one))
  if (named.length > 0) return named
  const able = here.filter(({ kind }) => secretNames(kind.fields).length > 0 || kind.oneTimeSecret !== undefined)
  const near = closest(
    address,
    able.flatMap((one) => [one.address, qualify(one.scope, one.address)]),
  )
  const all = able.map((one) => one.address)
  throw new Stop(`the spec declares no object "${address}"`, {
    hint:
      near !== undefined
        ? `did you mean "${near}"?`
        : `with a secret: ${all.slice(0, 8).join(', ')}${all.length > 8 ? ' …' : ''}`,
  })
}

/** The secrets of an object that a run is about. */
function pathsOf(object: DesiredObject, known: readonly string[], field: string | undefined): readonly string[] {
  if (field === undefined) return known
  if (known.includes(field)) return [field]
  throw new Stop(`${object.address} has no secret "${field}"`, {
    hint: known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`,
  })
}

/** Sends what the spec says, whatever was sent before. */
async function sendAgain(
  chosen: readonly DesiredObject[],
  located: LocatedSpec,
  invocation: Invocation,
): Promise<number> {
  const { options } = invocation
  const objects = chosen.flatMap((object) => {
    const paths = pathsOf(object, [...sentSecrets(object.kind.fields, object.values).keys()], options.field)
    return paths.length === 0 ? [] : [resending(object, paths)]
  })
  if (objects.length === 0) throw nothingToSend(chosen)
  return await applySpec(composed(located, objects), alone(invocation), {
    command: 'rotate',
    question: objects.length === 1 ? 'Send this secret again?' : 'Send these secrets again?',
    check: refuseNew,
  })
}

function nothingToSend(chosen: readonly DesiredObject[]): Stop {
  const [first] = chosen
  const can = first === undefined ? [] : secretNames(first.kind.fields)
  const message = `the spec has no secret for ${chosen.map(({ address }) => address).join(', ')}`
  return new Stop(message, {
    hint: can.length === 0 ? 'objects of this kind have none' : `write one (${can.join(', ')}), or use --generate`,
  })
}

/** Makes a new secret. It waits beside its place until the API has taken it: until then the old one stays where it is. */
async function renew(object: DesiredObject, located: LocatedSpec, invocation: Invocation): Promise<number> {
  const { io, options } = invocation
  const path = pathToRenew(object, options.field)
  const possible = generated(object, path)
  if ('why' in possible) throw new Stop(`no secret can be generated for ${object.address}: ${possible.why}`)
  const staged = stagedSecretFor(io, object, options.saveTo)
  if ('why' in staged) throw new Stop(staged.why, { hint: 'write saveTo: { file: … } in the entry, or use --save-to' })
  const refused = staged.refuses()
  if (refused !== undefined) throw new Stop(`nothing was created, because ${refused}`)
  const waiting = staged.pending()
  const secret = waiting ?? makeSecret(options.length ?? possible.length)
  const code = await applySpec(composed(located, [resending(object, [path], secret)]), alone(invocation), {
    command: 'rotate',
    question: 'Send this secret?',
    check: refuseNew,
    preface: preface(object, path, { staged, secret, waiting: waiting !== undefined }),
    around: (change, make) => withStagedSecret(change, make, { staged, secret }),
  })
  if (code === EXIT.ok) await warnOld(object, path, secret, invocation)
  return code
}

function pathToRenew(object: DesiredObject, field: string | undefined): string {
  const { kind, values } = object
  const all = secretNames(kind.fields).filter((path) => {
    const at = path.lastIndexOf('.')
    return at < 0 || isRecord(valueAt(values, path.slice(0, at)))
  })
  const made = all.filter((path) => fieldAt(kind.fields, path)?.generate !== undefined)
  const known = made.length > 0 && field === undefined ? made : all
  const [path, second] = pathsOf(object, known, field)
  if (path === undefined) throw new Stop(`${object.address} has no secret that can be generated`)
  if (second !== undefined)
    throw new Stop(`${object.address} has several secrets`, { hint: `choose one with --field: ${known.join(', ')}` })
  return path
}

function preface(
  object: DesiredObject,
  path: string,
  { staged, secret, waiting }: { readonly staged: StagedSecret; readonly secret: Secret; readonly waiting: boolean },
): string {
  const what = waiting
    ? `The ${path} that waits in ${staged.waits} since an earlier run is sent`
    : `A new ${path} of ${secret.reveal().length} characters is made for ${object.address}`
  return `${printable(`${what}; when the API has taken it, it goes to ${staged.shown}`)}.\n\n`
}

/** A secret is sent again to what is there; what is not there is for apply. */
function refuseNew({ plan }: PlanRun): void {
  const fresh = plan.changes.filter(({ action }) => action === 'create')
  if (fresh.length === 0) return
  throw new Stop(
    `${fresh.map(({ address }) => address).join(', ')} is not in the account: there is nothing to rotate`,
    {
      hint: '"mailconfig apply" creates it',
    },
  )
}

/** The spec may still give the old secret: the next apply would send that one. */
async function warnOld(object: DesiredObject, path: string, secret: Secret, invocation: Invocation): Promise<void> {
  const loaded = await readSpec(invocation)
  const name = qualify(object.scope, object.address)
  const now = loaded.ok ? loaded.spec.objects.find((one) => qualify(one.scope, one.address) === name) : undefined
  const given = now === undefined ? undefined : valueAt(now.values, path)
  if (!(given instanceof Secret) || given.reveal() === secret.reveal()) return
  const locate = loaded.ok ? await loaded.locate() : undefined
  const source = { ...object.source, path: [...object.source.path, ...path.split('.')] }
  printProblems(invocation, [
    {
      code: 'SPEC_SECRET_OLD',
      severity: 'warning',
      message: `the spec still gives another ${path} for ${object.address}: the next apply would send that one`,
      hint: 'make the reference resolve to the new one before you apply',
      ...(locate === undefined ? {} : { at: locate(source) }),
    },
  ])
}
