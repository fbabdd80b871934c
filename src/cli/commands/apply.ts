import { createInterface } from 'node:readline/promises'
import { isOpen } from '../../engine/prove.ts'
import { carryOut } from '../../engine/reconcile.ts'
import { reportJson } from '../../engine/render.ts'
import { kinds } from '../../kinds/index.ts'
import type { Result } from '../../model/change.ts'
import { refuseUnreviewed } from '../ci.ts'
import { delivery } from '../delivery.ts'
import { EXIT, type Io, Stop } from '../io.ts'
import { logOf } from '../log.ts'
import type { Invocation } from '../main.ts'
import { progress } from '../progress.ts'
import { preparePlan, printPlan, type ReadyPlan } from '../ready.ts'
import { openSpec, type ReadySpec } from '../spec.ts'
import { paint } from '../text/paint.ts'
import { reportVerdict, resultText } from '../text/report.ts'

/** Plans, asks, applies, reads back, reports. */
export async function apply(invocation: Invocation): Promise<number> {
  refuseUnreviewed(invocation)
  const [saved] = invocation.args
  if (saved !== undefined) return await (await import('./apply-saved.ts')).applySaved(saved, invocation)
  const ready = await openSpec(invocation)
  if ('code' in ready) return ready.code
  return await applySpec(ready, invocation, 'Apply these changes?')
}

/** The saved plan that is being applied: which, and the exit codes where it cannot be made again, or comes out another one. */
export interface SavedCheck {
  readonly plan: string
  readonly impossible: () => number
  readonly refuses: (prepared: ReadyPlan) => number | undefined
}

/** The second half of `apply` and `destroy`: from a sound spec to a report. */
export async function applySpec(
  ready: ReadySpec,
  invocation: Invocation,
  question: string,
  saved?: SavedCheck,
): Promise<number> {
  const { io, options } = invocation
  if (options.format === 'json' && options.autoApprove !== true)
    throw new Stop('a plan that is not shown cannot be agreed to', {
      hint: 'use --auto-approve with --format json, after a look at "plan"',
    })
  const prepared = await preparePlan(ready, invocation)
  if ('code' in prepared)
    return saved !== undefined && prepared.impossible === true ? saved.impossible() : prepared.code
  try {
    const { plan } = prepared
    const stale = saved?.refuses(prepared)
    if (stale !== undefined) return stale
    const quiet = options.format === 'json'
    if (!quiet) printPlan(prepared, invocation)
    if (plan.waves.length === 0) {
      const code = finish([], invocation)
      return plan.warnings.some((warning) => warning.code === 'NOTHING_MATCHED') ? EXIT.failed : code
    }
    const closed = plan.gates.filter((gate) => !gate.accepted)
    if (closed.length > 0) {
      const tokens = closed.flatMap((gate) => (gate.token === undefined ? [] : [`--accept ${gate.token}`]))
      const how =
        tokens.length === closed.length
          ? `if that is meant: ${tokens.join(' ')}`
          : 'change the spec: not every gate can be accepted'
      if (quiet)
        writeJson(io, {
          ...reportJson([]),
          refused: closed.map(({ number, code, reason, token }) => ({ number, code, reason, accept: token ?? null })),
        })
      throw new Stop(
        `refused, nothing was written: ${closed.map((gate) => `${gate.number} ${gate.code}`).join(', ')}`,
        {
          code: EXIT.refused,
          hint: how,
        },
      )
    }
    const answer = options.autoApprove === true ? 'yes' : await ask(invocation, question)
    if (answer !== 'yes') {
      io.stderr.write('Nothing was written.\n')
      return answer === 'interrupted' ? EXIT.interrupted : EXIT.failed
    }
    return finish(await carry(prepared, invocation), invocation)
  } finally {
    await prepared.connection.close()
  }
}

async function ask({ io, options }: Invocation, question: string): Promise<'yes' | 'no' | 'interrupted'> {
  if (!options.input || io.stdin.isTTY !== true)
    throw new Stop('there is nobody to ask, so nothing was written', {
      hint: 'use --auto-approve to apply without a question',
    })
  const terminal = createInterface({ input: io.stdin, output: io.prompt })
  const left = new AbortController()
  terminal.on('SIGINT', () => left.abort('interrupted')) // a terminal that edits lines gets Ctrl-C as a key
  terminal.on('close', () => left.abort('no')) // Ctrl-D
  try {
    const signal = AbortSignal.any([io.signal, left.signal])
    const answer = await terminal.question(`\n${question} Only "yes" is taken as yes: `, { signal })
    return answer.trim() === 'yes' ? 'yes' : 'no'
  } catch {
    io.stderr.write('\n')
    return left.signal.reason === 'no' ? 'no' : 'interrupted'
  } finally {
    terminal.close()
  }
}

async function carry({ plan, connection }: ReadyPlan, invocation: Invocation): Promise<readonly Result[]> {
  const { io, options } = invocation
  const line = progress(io)
  const log = logOf(invocation)
  const color = paint(io.stderr, io.env, options.color)
  log.phase('apply', { changes: plan.waves.flat().length, calls: plan.calls })
  const results = await carryOut(plan, {
    kinds,
    send: connection.send,
    signal: io.signal,
    delivery: delivery(io),
    parallelism: options.parallelism,
    sleep: io.sleep,
    onResult: (result, done, total) => {
      line.clear()
      io.stderr.write(resultText(result, color))
      line.show(`applying ${done}/${total}`)
    },
    onProgress: (done, total) => line.show(`reading back ${done}/${total}`),
  })
  line.clear()
  const { summary } = reportJson(results)
  log.phase('applied', summary)
  return results
}

function finish(results: readonly Result[], { io, options }: Invocation): number {
  const color = paint(io.stdout, io.env, options.color)
  if (options.format === 'json') writeJson(io, reportJson(results))
  else if (results.length > 0) {
    const late = results.filter(isOpen)
    io.stdout.write(
      late.map((result) => resultText(result, color)).join('') + reportVerdict(results, color, io.signal.aborted),
    )
  }
  if (io.signal.aborted) return EXIT.interrupted
  return results.every((result) => result.outcome === 'done') ? EXIT.ok : EXIT.partial
}

function writeJson(io: Io, value: unknown): void {
  io.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}
