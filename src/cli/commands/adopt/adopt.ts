import type { Comparison } from '../../../engine/drift/compare.ts'
import { addressMatches } from '../../../engine/plan/match-address.ts'
import { globMatches, qualify } from '../../../model/address.ts'
import type { AdoptDocument } from '../../../model/ledger/documents.ts'
import { isError } from '../../../model/problem.ts'
import type { Change } from '../../../model/run/change.ts'
import { FORMAT_VERSION } from '../../../model/run/plan-document.ts'
import { closest } from '../../../model/text/closest.ts'
import { refuseUnreviewed } from '../../ci/review.ts'
import { EXIT, Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { runComparison } from '../../runs/compare-run.ts'
import { neededPlace, type SessionLedger, withLedgerProblems } from '../../session/ledger.ts'
import { printWarnings } from '../../session/problems.ts'
import { openSession } from '../../session/session.ts'
import { type LocatedSpec, openSpec } from '../../session/spec.ts'
import { type Paint, paint, printable } from '../../terminal/paint.ts'

/** What became of one declared object, or of one word of the command line that names none. */
interface Adoption {
  readonly address: string
  readonly outcome: 'adopted' | 'known' | 'not'
  /** Why not; or what the next apply will change. */
  readonly why?: string
}

/** Takes objects that are declared and live into the ledger. Sends nothing that changes anything. */
export async function adopt(invocation: Invocation): Promise<number> {
  refuseUnreviewed(invocation)
  const { args, options } = invocation
  if (args.length === 0 && options.all !== true)
    throw new Stop('which objects?', { hint: 'name them as the plan does (smtpUsers/billing-app), or use --all' })
  if (args.length > 0 && options.all === true) throw new Stop('either --all, or addresses')
  neededPlace(invocation)
  const located = await openSpec(invocation)
  return 'code' in located ? located.code : await withLedgerProblems(invocation, () => adoptFrom(located, invocation))
}

async function adoptFrom(located: LocatedSpec, invocation: Invocation): Promise<number> {
  const { options } = invocation
  const hold = { command: 'adopt', ...(options.replace === true ? { replace: true } : {}) } as const
  const session = await openSession(located, invocation, hold)
  try {
    const compared = await runComparison(located, session, invocation)
    if ('code' in compared) return compared.code
    printWarnings(
      invocation,
      compared.found.problems.filter((problem) => !isError(problem)),
    )
    if (session.ledger === undefined) return EXIT.failed
    return report(await take(compared.found, session.ledger, invocation), invocation)
  } finally {
    await session.close()
  }
}

async function take(found: Comparison, ledger: SessionLedger, { args }: Invocation): Promise<readonly Adoption[]> {
  const declared = found.changes.filter((change) => change.desired !== undefined)
  const isNamed = (change: Change, glob: string) => addressMatches(glob, change)
  const chosen = args.length === 0 ? declared : declared.filter((one) => args.some((glob) => isNamed(one, glob)))
  const there = chosen.filter((change) => whyNot(change) === undefined)
  const about = ledger.about({ command: 'adopt' }, found.spec.hash)
  const { added } = await ledger.records.adopt({ changes: there, objects: found.spec.objects }, about)
  const fresh = new Set(added)
  const unmanaged = found.unmanaged.map(({ scope, address }) => ({ name: qualify(scope, address), address }))
  const unmet = args
    .filter((glob) => !declared.some((change) => isNamed(change, glob)))
    .map((address): Adoption => {
      const isLive = unmanaged.some((one) => globMatches(address, one.address) || globMatches(address, one.name))
      const near = closest(
        address,
        declared.map((one) => one.address),
      )
      const hint = near === undefined ? '' : `; did you mean "${near}"?`
      const why = isLive
        ? 'it is in the account and not in the spec: "mailconfig export --into" writes it there'
        : `the spec declares no such object${hint}`
      return { address, outcome: 'not', why }
    })
  return [...chosen.map((change) => adoption(change, fresh)), ...unmet]
}

function adoption(change: Change, fresh: ReadonlySet<string>): Adoption {
  const address = qualify(change.scope, change.address)
  const why = whyNot(change)
  if (why !== undefined) return { address, outcome: 'not', why }
  const outcome = fresh.has(address) ? 'adopted' : 'known'
  if (change.action !== 'update') return { address, outcome }
  const differing = change.fields.map(({ path }) => path).join(', ')
  return { address, outcome, why: `differs in ${differing}: the next apply changes that` }
}

/** Only what is declared and live can be taken in. */
function whyNot(change: Change): string | undefined {
  if (change.desired?.state === 'absent') return 'the spec says "state: absent"'
  if (change.action === 'create') return 'it is not in the account: apply creates it'
  if ('live' in change && change.live?.dormant === true) return 'it is closed'
  return undefined
}

function report(adoptions: readonly Adoption[], invocation: Invocation): number {
  const { io, options } = invocation
  const count = (outcome: Adoption['outcome']) => adoptions.filter((one) => one.outcome === outcome).length
  const summary = { adopted: count('adopted'), known: count('known'), not: count('not') }
  const body: AdoptDocument = { formatVersion: FORMAT_VERSION, objects: adoptions, summary }
  if (options.format === 'json') io.stdout.write(`${JSON.stringify(body, null, 2)}\n`)
  else io.stdout.write(adoptText(adoptions, summary, paint(io.stdout, io.env, options.color)))
  if (summary.adopted + summary.known === 0) return EXIT.failed
  return summary.not > 0 && options.all !== true ? EXIT.partial : EXIT.ok
}

const WORDS = { adopted: 'adopted', known: 'known', not: 'not' } as const

function adoptText(
  adoptions: readonly Adoption[],
  { adopted, known, not }: { readonly adopted: number; readonly known: number; readonly not: number },
  color: Paint,
): string {
  const lines = adoptions.map(({ address, outcome, why }) => {
    const word = WORDS[outcome].padEnd(8)
    const painted = outcome === 'adopted' ? color.green(word) : outcome === 'not' ? color.yellow(word) : color.dim(word)
    return `${painted} ${printable(address)}${why === undefined ? '' : color.dim(`  ${printable(why)}`)}\n`
  })
  const verdict =
    adopted + known === 0
      ? color.red('Nothing matched.')
      : adopted === 0
        ? color.green('Nothing new.')
        : color.green('Adopted.')
  return `${lines.join('')}${verdict} ${adopted} adopted, ${known} known already, ${not} not. No API was called to change anything.\n`
}
