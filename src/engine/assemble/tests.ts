import type { Scope } from '../../model/address.ts'
import type { Account } from '../../model/desired/spec.ts'
import { EXPECTATIONS, SENDING_RULES, type SpecTest } from '../../model/desired/spec-test.ts'
import { defined, isRecord } from '../../model/json.ts'
import { step } from '../../model/position.ts'
import type { Problem } from '../../model/problem.ts'
import type { Document } from '../documents/document.ts'

/** The tests of a document: about the account or subaccount whose sections it has, else about the one that it names. */
export function testsOf(
  document: Document,
  homes: readonly Scope[],
  accounts: ReadonlyMap<string, Account>,
  problems: Problem[],
): SpecTest[] {
  const { tests, source } = document
  if (!Array.isArray(tests) || tests.length === 0) return []
  const list = step(source, 'tests')
  const [scope, second] = homes.length > 0 ? homes : named(document, accounts)
  if (scope === undefined || second !== undefined) {
    problems.push({
      code: 'TESTS_WITHOUT_ACCOUNT',
      message: 'it cannot be told which account these tests are about',
      hint: 'name it: "account: main", in a document of its own',
      source: list,
    })
    return []
  }
  return tests.flatMap((one: unknown, at) => {
    const expect = isRecord(one) ? EXPECTATIONS.find((word) => word === one['expect']) : undefined
    if (!isRecord(one) || expect === undefined) return []
    const rule = SENDING_RULES.find((word) => word === one['rule'])
    const words = (field: string) => [one[field] ?? []].flat().map(String)
    return {
      name: typeof one['name'] === 'string' ? one['name'] : `test ${at + 1}`,
      scope,
      as: words('as'),
      from: words('from'),
      headerFrom: words('headerFrom'),
      ip: words('ip'),
      to: words('to'),
      expect,
      source: step(list, at),
      ...defined({ rule }),
    }
  })
}

/** The account that a document without sections is about: the one that it names, or the only one. */
function named({ account, subaccount }: Document, accounts: ReadonlyMap<string, Account>): Scope[] {
  const able = [...accounts.keys()].filter((name) => account === undefined || name === account)
  return able.map((name) => ({ account: name, subaccount: subaccount ?? null }))
}
