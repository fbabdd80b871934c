import { globMatches } from '../../model/address.ts'
import { EXIT, Stop } from '../invocation/exit.ts'
import type { Invocation } from '../invocation/invocation.ts'
import { ciJobOf } from './job.ts'

/** Refuses to change anything from a branch that nobody had to review, before any call; an emulator is nobody's mail. */
export function refuseUnreviewed({ io, options }: Pick<Invocation, 'io' | 'options'>): void {
  if (options.emulator !== undefined) return
  const { branch: branches } = options
  const place = ciJobOf(io.env)
  if (place.service === undefined || place.reviewed === true) return
  const { branch, service } = place
  if (branches.length > 0) {
    if (branch !== undefined && branches.some((glob) => globMatches(glob, branch))) return
    throw refusal(`${service} runs on ${named(branch)}, and --branch allows ${branches.join(', ')}`)
  }
  if (place.reviewed === false) throw refusal(`${service}: ${place.why ?? `${named(branch)} is not protected`}`)
}

function named(branch: string | undefined): string {
  return branch === undefined ? 'no branch' : `the branch "${branch}"`
}

function refusal(message: string): Stop {
  return new Stop(`refused, nothing was written: ${message}`, {
    code: EXIT.refused,
    hint: 'apply from a protected branch, protect this one, or name it with --branch',
  })
}
