import { stale, staleness } from '../../../engine/plan-file/staleness.ts'
import type { Problem } from '../../../model/problem.ts'
import { fileWord } from '../../../model/text/shell.ts'
import { EXIT, Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { applySpec } from '../../runs/apply-run.ts'
import { bindings, madeAgain, missingVariables, offlineStaleness, openSaved } from '../../runs/plan-file.ts'
import { planDocumentOf } from '../../runs/plan-run.ts'
import { tombstones } from '../../runs/tombstones.ts'
import { reportProblems } from '../../session/problems.ts'
import { openSpec } from '../../session/spec.ts'
import { printable } from '../../terminal/paint.ts'

/** Applies a saved plan: reads again, plans again, and continues only if nothing has changed. There is no question: the plan was reviewed. */
export async function applySaved(name: string, invocation: Invocation): Promise<number> {
  refuseOwnSelection(invocation)
  const { document, intact } = openSaved(name, invocation)
  const { saved } = document
  const inner = remembered(saved, invocation)
  const refused = () => {
    const again = saved.mode === 'apply' ? 'plan' : saved.mode
    if (inner.options.format !== 'json')
      inner.io.stderr.write(
        `Nothing was written. For a new plan: mailconfig ${again} --out ${printable(fileWord(name))}\n`,
      )
    return EXIT.refused
  }
  const refuse = (problems: readonly Problem[]) => {
    reportProblems(inner, problems)
    return refused()
  }
  if (!intact) return refuse([stale('PLAN_EDITED', 'the plan was edited after it was saved')])
  const early = [...offlineStaleness(document, inner), ...(await missingVariables(document, inner))]
  if (early.length > 0) return refuse(early)
  const located = await openSpec(inner)
  if ('code' in located) return located.code
  if (located.spec.hash !== document.specHash)
    return refuse([stale('STALE_SPEC', 'the spec is not the one that the plan was made from')])
  const { problems, marks } = await bindings(document, located.spec, inner)
  if (problems.length > 0) return refuse(problems)
  const spec = saved.mode === 'destroy' ? tombstones(located.spec) : located.spec
  return await applySpec({ ...located, spec }, inner, {
    command: saved.mode,
    question: '',
    saved: {
      plan: saved.id,
      wasApplied: ({ id, startedAt, by }) =>
        refuse([
          stale('PLAN_APPLIED', `the plan was applied by ${by} at ${startedAt} (run ${id}), and is for one apply`),
        ]),
      impossible: refused, // the problems were told: the plan that was possible then is not possible now
      refuses: (prepared) => {
        const again = staleness(document, madeAgain(prepared.plan, planDocumentOf(prepared, inner), marks))
        return again.length === 0 ? undefined : refuse(again)
      },
    },
  })
}

/** A plan says itself what it is about. */
function refuseOwnSelection({ options }: Invocation): void {
  const { file, account, only, exclude } = options
  const given = Object.entries({ file, account, only, exclude }).find(([, values]) => values.length > 0)
  if (given === undefined) return
  throw new Stop(`--${given[0]} cannot be combined with a saved plan, which keeps its own options`, {
    hint: 'create another plan with it',
  })
}

/** The command line with what the plan remembers. */
function remembered(
  { files, account, only, exclude, varFiles, accept, traffic, dns }: ReturnType<typeof openSaved>['document']['saved'],
  invocation: Invocation,
): Invocation {
  const { options } = invocation
  return {
    ...invocation,
    options: {
      ...options,
      file: files,
      account,
      only,
      exclude,
      varFile: options.varFile.length > 0 ? options.varFile : varFiles,
      ...(traffic === true ? { traffic } : {}),
      ...(dns?.everything === true ? { dns: true } : {}),
      resolver: options.resolver.length > 0 ? options.resolver : (dns?.resolvers ?? []),
      accept: [...accept, ...(options.accept ?? [])],
      autoApprove: true,
      all: false,
    },
  }
}
