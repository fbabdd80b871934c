import { kinds } from '../../../apis/index.ts'
import { compose } from '../../../engine/assemble/compose.ts'
import { read } from '../../../engine/read/read.ts'
import { wantedBy } from '../../../engine/read/wanted.ts'
import type { Undo } from '../../../ledger/runs/undo.ts'
import { type WholeRun, wholeRuns } from '../../../ledger/runs/whole-runs.ts'
import { qualify } from '../../../model/address.ts'
import type { DesiredObject } from '../../../model/desired/object.ts'
import { refuseUnreviewed } from '../../ci/review.ts'
import { EXIT, Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { applyReached, refuseUnseen } from '../../runs/apply-run.ts'
import { neededPlace, refuseLedger, type SessionLedger, withLedgerProblems } from '../../session/ledger.ts'
import { openSession, type Session } from '../../session/session.ts'
import { type LocatedSpec, openSpec } from '../../session/spec.ts'
import { paint, printable } from '../../terminal/paint.ts'

/** Plans the way back to the state after a run, like any other plan: shown, gated, asked for, applied, written down. */
export async function rollback(invocation: Invocation): Promise<number> {
  refuseUnreviewed(invocation)
  refuseUnseen(invocation)
  neededPlace(invocation)
  const located = await openSpec(invocation)
  if ('code' in located) return located.code
  return await withLedgerProblems(invocation, async () => {
    const session = await openSession(located, invocation, { command: 'rollback' })
    return await goBack(located, session, invocation).finally(session.close)
  })
}

async function goBack(located: LocatedSpec, session: Session, invocation: Invocation): Promise<number> {
  const { io, options } = invocation
  const { ledger } = session
  const obstacles = ledger?.records.obstacles() ?? []
  if (ledger === undefined || obstacles.length > 0) return refuseLedger(obstacles, invocation)
  const runs = wholeRuns(ledger.records.history())
  const [run = '', ...more] = options.to
  if (more.length > 0) throw new Stop('"--to" takes one run here')
  const target = runs.find(({ id }) => id === run)
  if (target === undefined)
    throw new Stop(`${ledger.records.where} has no run "${run}"`, {
      hint: '"mailconfig history" lists them',
    })
  const later = runs.slice(0, runs.indexOf(target))
  if (later.some(isUnsettled)) await settle(located, session, ledger, invocation)
  const undo = ledger.records.undo(target.id, located.spec.objects) ?? { objects: [], impossible: [] }
  const objects = undo.objects.map((object) => asProtected(object, located.spec.objects))
  const locate = await located.locate()
  const back: LocatedSpec = {
    spec: compose(located.spec.accounts, objects, located.spec.hash),
    warnings: [],
    isPart: true,
    locate: async () => (source) =>
      source.document === 0 && source.path.length === 0 ? top(source.file) : locate(source),
  }
  const afterword = afterwordOf(target, later)
  if (objects.length === 0) {
    const said = preface(target, later, undo, invocation)
    if (options.format !== 'json') io.stdout.write(`${said}There is nothing to undo.\n`)
    else
      io.stdout.write(
        `${JSON.stringify({ formatVersion: '1.0', results: [], summary: NONE, impossible: undo.impossible }, null, 2)}\n`,
      )
    return EXIT.ok
  }
  return await applyReached(back, session, invocation, {
    command: 'rollback',
    question: 'Go back to that?',
    report: { impossible: undo.impossible },
    preface: preface(target, later, undo, invocation),
    afterword,
  })
}

const NONE = { done: 0, failed: 0, skipped: 0, unknown: 0 }

function top(file: string) {
  return { file, line: 1, column: 1 }
}

function isUnsettled({ state, changes }: WholeRun): boolean {
  return state === 'running' || changes.some(({ outcome }) => outcome === 'pending' || outcome === 'unknown')
}

/** Looks what became of runs that did not end, so that the way back is about what they really did. */
async function settle(
  located: LocatedSpec,
  { connection }: Session,
  { records }: SessionLedger,
  { io }: Invocation,
): Promise<void> {
  records.remember(await read(wantedBy(located.spec, kinds), { kinds, send: connection.send, signal: io.signal }))
}

/** What the spec protects is protected from a rollback, too. */
function asProtected(object: DesiredObject, declared: readonly DesiredObject[]): DesiredObject {
  const name = qualify(object.scope, object.address)
  const twin = declared.find((one) => qualify(one.scope, one.address) === name)
  return twin?.protect === true ? { ...object, protect: true } : object
}

/** Where it goes, and first of all what does not come back. */
function preface(
  target: WholeRun,
  later: readonly WholeRun[],
  { impossible }: Undo,
  { io, options }: Invocation,
): string {
  const color = paint(io.stdout, io.env, options.color)
  const taken = `${later.length} ${later.length === 1 ? 'run is' : 'runs are'} taken back`
  const commit = target.commit === undefined ? '' : `, commit ${target.commit.slice(0, 7)}`
  const to = color.bold(`Back to run ${target.id}`) + color.dim(` (${target.command}, ${target.startedAt}${commit})`)
  const head = `${to}: ${later.length === 0 ? 'no run came after it' : taken}.\n`
  if (impossible.length === 0) return `${head}\n`
  const lines = impossible.map((sentence) => `  - ${printable(sentence)}\n`).join('')
  return `${head}\n${color.red('What cannot be taken back:')}\n${lines}\n`
}

/** The files of the spec know nothing of it. */
function afterwordOf({ commit }: WholeRun, later: readonly WholeRun[]): string {
  const commits = [
    ...new Set(later.flatMap((run) => (run.commit === undefined || run.commit === commit ? [] : [run.commit]))),
  ]
  const names = commits.map((one) => one.slice(0, 7)).join(', ')
  const what =
    commits.length === 0
      ? 'bring the files back to what they were then'
      : `revert ${commits.length === 1 ? 'the commit' : 'the commits'} ${names}`
  const back = commit === undefined ? '' : ` (the files were right at ${commit.slice(0, 7)})`
  return `\nThe files of the spec still say otherwise, and the next apply would do it again: ${what}${back}.\n`
}
