import { formatScope } from '../../model/address.ts'
import type { SpecTest } from '../../model/desired/spec-test.ts'
import { runTest, type TestResult } from '../../policy/spec-tests.ts'
import { emptyPolicy } from '../../policy/state/policy.ts'
import type { Policies } from './policies.ts'

/** What comes of the tests of a spec, in its order. */
export function runTests(tests: readonly SpecTest[], policies: Policies, now: Date): TestResult[] {
  return tests.map((test) => {
    const scope = formatScope(test.scope)
    return runTest(test, policies.get(scope) ?? emptyPolicy(scope), now.getTime())
  })
}
