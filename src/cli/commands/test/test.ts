import { EXIT, Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { runTests } from '../../policies/spec-tests.ts'
import { openPolicies } from '../../runs/policy-run.ts'
import { paint } from '../../terminal/paint.ts'
import { testJson, testJunit, testTap, testText } from './test-text.ts'

/** Runs the tests of a spec; exit 1 if one does not hold. Sends nothing that changes anything. */
export async function test(invocation: Invocation): Promise<number> {
  const { io, options } = invocation
  const found = await openPolicies(invocation)
  if ('code' in found) return found.code
  const { tests = [] } = found.located.spec
  if (tests.length === 0)
    throw new Stop('the spec has no tests', { hint: 'add a section "tests:"; docs/spec.md has an example' })
  const results = runTests(tests, found.policies, io.now())
  const told = { results, locate: found.locate, isOffline: found.isOffline }
  invocation.tell({ isPrinted: true })
  switch (options.format) {
    case 'json':
      io.stdout.write(`${JSON.stringify(testJson(told), null, 2)}\n`)
      break
    case 'tap':
      io.stdout.write(testTap(told))
      break
    case 'junit':
      io.stdout.write(testJunit(told))
      break
    default:
      io.stdout.write(testText(told, paint(io.stdout, io.env, options.color)))
  }
  return results.every(({ failed }) => failed === undefined) ? EXIT.ok : EXIT.failed
}
