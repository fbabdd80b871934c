import { qualify } from '../../model/address.ts'
import { defined } from '../../model/json.ts'
import { isLoopbackUrl } from '../../model/value/loopback.ts'
import { commitOf } from '../ci/commit.ts'
import { ciJobOf } from '../ci/job.ts'
import { EXIT, Stop } from '../invocation/exit.ts'
import { fetchFor } from '../invocation/fetch-for.ts'
import type { Invocation } from '../invocation/invocation.ts'
import type { Drifted, Telling } from '../invocation/telling.ts'
import type { NotifyOn } from '../options/notify-events.ts'
import { messageOf, type Notification, type RunOutcome } from './notify-text.ts'

/** How a run ended. */
interface Ended {
  readonly code: number
  readonly told: Telling
  readonly drift: Drifted | undefined
  readonly error: unknown
}

/** Commands that are about no account, or only look at one for somebody who is there. */
const QUIET = [
  ...['validate', 'show', 'explain', 'schema', 'fmt', 'init', 'export', 'history', 'emulator', 'install', 'completion'],
]
const USUAL: readonly NotifyOn[] = ['changes', 'failure', 'drift']
/** How long one try may take, and how long until the second. */
const TRY_MS = 5000
const PAUSE_MS = 500

/** Tells webhooks how a run ended; answers warnings and never fails. A URL that is not safe stops the run before it begins. */
export function notifier(
  command: string,
  invocation: Pick<Invocation, 'io' | 'options'>,
): (ended: Ended) => Promise<readonly string[]> {
  const urls = urlsOf(invocation)
  const { io, options } = invocation
  return async (ended) => {
    if (urls.length === 0 || QUIET.includes(command)) return []
    const outcome = outcomeOf(command, ended)
    const wanted = options.notifyOn.length === 0 ? USUAL : options.notifyOn
    if (!wanted.includes('always') && !outcome.events.some((event) => wanted.includes(event))) return []
    const { actor, url, commit = commitOf(io.cwd) } = ciJobOf(io.env)
    const { file, account, reportTarget } = options
    const target = reportTarget ?? [...(file.length === 0 ? ['mailconfig.yaml'] : file), ...account].join(', ')
    const message = messageOf({ ...outcome, command, target, actor, url, commit })
    const sent = await Promise.all(urls.map((one) => send(one, message, io)))
    return sent.flatMap((why, at) => {
      const which = urls.length === 1 ? 'the notification' : `notification ${at + 1} of ${urls.length}`
      return why === undefined ? [] : [`${which} could not be sent (${why})`]
    })
  }
}

/** The webhooks of a command line; nothing that is said about one repeats it, for its path is a secret. */
function urlsOf({ io, options }: Pick<Invocation, 'io' | 'options'>): readonly URL[] {
  const fromEnv = (io.env['MAILCONFIG_NOTIFY_URL'] ?? '').split(/\s+/).filter((text) => text !== '')
  const given = options.notify.length > 0 ? options.notify : fromEnv
  const where = options.notify.length > 0 ? '--notify' : 'MAILCONFIG_NOTIFY_URL'
  return given.map((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined
    const local = isLoopbackUrl(text)
    if (url !== undefined && (url.protocol === 'https:' || local)) return url
    throw new Stop(`the value of ${where} is not an https URL`, {
      hint: 'it is not shown because webhook URLs are secret; http is allowed only on loopback',
    })
  })
}

/** What there is to tell, and which events it is. */
function outcomeOf(command: string, { code, told, drift, error }: Ended): RunOutcome {
  const results = (told.results ?? []).map(({ address, account, subaccount, action, outcome, error: why }) => ({
    name: qualify({ account, subaccount }, address),
    action,
    outcome,
    ...(why === undefined ? {} : { why: why.message }),
  }))
  const drifted = command === 'plan' || command === 'drift' ? (drift?.drift ?? []) : []
  const isFine = code === EXIT.ok || code === EXIT.changes
  const codes = (told.problems ?? []).filter(({ severity }) => severity === 'error').map((problem) => problem.code)
  const events: NotifyOn[] = [
    ...(results.some(({ outcome }) => outcome !== 'skipped') ? (['changes'] as const) : []),
    ...(isFine ? [] : (['failure'] as const)),
    ...(drifted.length > 0 ? (['drift'] as const) : []),
  ]
  const reason = error instanceof Stop ? error.message : isFine || codes.length === 0 ? undefined : codes.join(', ')
  return {
    events,
    code,
    results,
    drifted: drifted.map(({ account, subaccount, address }) => qualify({ account, subaccount }, address)),
    ...defined({ reason }),
  }
}

/** Sends a message, at most twice; answers why it was not taken. */
async function send(
  url: URL,
  message: Notification,
  { sleep, signal, env }: Invocation['io'],
): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    const why = await once(url, message, env)
    if (why === undefined || attempt === 2 || (typeof why === 'number' && why < 500 && why !== 429))
      return typeof why === 'number' ? `status ${why}` : why
    await sleep(PAUSE_MS, signal)
  }
}

/** Undefined, or a status, or what the network said; never the address. */
async function once(
  url: URL,
  message: Notification,
  env: Invocation['io']['env'],
): Promise<undefined | number | string> {
  try {
    const answer = await ((await fetchFor(url.href, env)) ?? fetch)(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
      redirect: 'manual', // where it leads nobody has agreed to
      signal: AbortSignal.timeout(TRY_MS),
    })
    await answer.body?.cancel()
    return answer.status >= 200 && answer.status < 300 ? undefined : answer.status
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    return typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code) ? code : 'no answer'
  }
}
