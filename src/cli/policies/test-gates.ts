import type { DraftGate } from '../../engine/gates/draft-gate.ts'
import { formatScope } from '../../model/address.ts'
import type { Spec } from '../../model/desired/spec.ts'
import type { SpecTest } from '../../model/desired/spec-test.ts'
import type { Change } from '../../model/run/change.ts'
import type { Live } from '../../model/run/live.ts'

/** The gates of tests that would fail once the changes are made. Nothing is loaded where a spec has no test. */
export async function testGates(
  { tests = [] }: Spec,
  now: Date,
): Promise<((changes: readonly Change[], live: Live) => readonly DraftGate[]) | undefined> {
  if (tests.length === 0) return undefined
  const [{ policiesAfter }, { runTests }] = await Promise.all([import('./policies.ts'), import('./spec-tests.ts')])
  return (changes, live) =>
    runTests(tests, policiesAfter(live, changes, 'trusting'), now).flatMap(({ test, failed }) =>
      failed === undefined ? [] : [gateOf(test, `${failed.combination}: ${failed.because}`)],
    )
}

function gateOf({ name, scope, source }: SpecTest, why: string): DraftGate {
  return {
    code: 'TEST_FAILED',
    reason: `the test "${name}" would fail: ${why}`,
    addresses: [],
    about: `${formatScope(scope)} ${JSON.stringify(source.path)}`,
    final: true,
  }
}
