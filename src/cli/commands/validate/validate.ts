import { problemJson } from '../../../engine/plan/problem-document.ts'
import { FORMAT_VERSION, type ValidateDocument } from '../../../model/run/plan-document.ts'
import { EXIT } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { isText } from '../../options/output-format.ts'
import { reportProblems } from '../../session/problems.ts'
import { openSpec, readSpec } from '../../session/spec.ts'
import { paint } from '../../terminal/paint.ts'

/** Checks the spec offline: schema, references, files, lints; every problem at once. */
export async function validate(invocation: Invocation): Promise<number> {
  const { io, options } = invocation
  const reading = { formOnly: options.withSecrets !== true, lint: 'all' } as const
  if (options.format === 'json') {
    const loaded = await readSpec(invocation, reading)
    if (!loaded.ok) {
      reportProblems(invocation, loaded.problems)
      return EXIT.failed
    }
    const problems = loaded.warnings.map((problem) => problemJson(problem))
    invocation.tell({ problems })
    const body: ValidateDocument = { formatVersion: FORMAT_VERSION, valid: true, problems }
    io.stdout.write(`${JSON.stringify(body, null, 2)}\n`)
    return EXIT.ok
  }
  const located = await openSpec(invocation, reading)
  if ('code' in located) return located.code
  if (!isText(options)) return EXIT.ok
  const { objects, scopes } = located.spec
  const color = paint(io.stdout, io.env, options.color)
  const count = `${objects.length} ${objects.length === 1 ? 'object' : 'objects'} in ${scopes.length} ${scopes.length === 1 ? 'scope' : 'scopes'}`
  const open = located.open ?? 0
  const unseen =
    open === 0
      ? ''
      : ` ${open} ${open === 1 ? 'value is' : 'values are'} not looked up here: plan needs ${open === 1 ? 'it' : 'them'}.`
  io.stdout.write(`${color.green('Valid.')} ${count}.${unseen}\n`)
  return EXIT.ok
}
