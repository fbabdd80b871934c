import fc from 'fast-check'
import { expect, test } from 'vitest'
import { home, state } from '../cli/harness.ts'

const RUNS = Math.min(Number(process.env['MAILCONFIG_RUNS'] ?? 25), 1000)
const OURS = ['192.0.2.1', '192.0.2.2', '198.51.100.0/24', '203.0.113.7']
const THEIRS = '203.0.113.200'

type Lists = {
  smtp2go: { scopes: { '': { ipAllowList: { smtp: { enabled: boolean; entries: { ip_address: string }[] } } } } }
}

const outcome = fc.record({
  path: fc.constantFrom('/v3/ip_allow_list/add', '/v3/ip_allow_list', '/v3/ip_allow_list/remove'),
  nth: fc.integer({ min: 1, max: 4 }),
  how: fc.constantFrom('refused', 'lost before', 'lost after', 'server error'),
})

test(`whatever becomes of the calls of a change, the ledger has what is live, and the next apply ends it (${RUNS} runs)`, async () => {
  const count = { partial: 0, whole: 0 }
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(outcome, { minLength: 1, maxLength: 3, selector: ({ path, nth }) => `${path} ${nth}` }),
      fc.subarray(OURS, { minLength: 1 }),
      fc.subarray(OURS),
      async (faults, first, second) => {
        await using at = await home({
          seed: state({ ipAllowList: { smtp: { enabled: false, entries: [{ ip_address: THEIRS }] } } }),
        })
        const live = () => (at.emulator.state() as Lists).smtp2go.scopes[''].ipAllowList.smtp
        const addresses = () =>
          live()
            .entries.map(({ ip_address }) => ip_address)
            .sort()
        const spec = (entries: readonly string[], enabled: boolean) =>
          at.spec(
            `manage: { default: owned }\nipAllowlist:\n  smtp: { enabled: ${enabled}, entries: [${entries.map((address) => `{ address: "${address}" }`).join(', ')}] }\n`,
          )
        const ledger = () => {
          const { accounts } = JSON.parse(at.text('.mailconfig/ledger.json'))
          return [...(accounts.main.entries['ipAllowlist/smtp']?.members ?? [])].sort()
        }
        spec(first, false)
        at.emulator.faults(
          faults.map(({ path, nth, how }) => {
            const match = { path, nth }
            if (how === 'refused')
              return { match, fault: 'status' as const, status: 422, body: { data: { error: 'no', error_code: 'X' } } }
            if (how === 'server error')
              return { match, fault: 'status' as const, status: 400, body: { data: { error: 'no', error_code: 'X' } } }
            return {
              match,
              fault: how === 'lost before' ? ('reset-before-commit' as const) : ('reset-after-commit' as const),
            }
          }),
        )
        const ours = () => addresses().filter((address) => address !== THEIRS)
        const steps = [() => spec(first, true), () => spec(second, true)]
        for (const step of steps) {
          step()
          const { code } = await at.run('apply --auto-approve --runner-ip 203.0.113.200')
          if (code === 4) count.partial += 1
          else count.whole += 1
          expect([0, 3, 4]).toContain(code)
          if (code !== 3) expect(ledger()).toEqual(ours())
        }
        at.emulator.clearFaults()
        const last = await at.run('apply --auto-approve --runner-ip 203.0.113.200')
        if (last.code === 3) return // the list would be empty, which is a gate
        expect(last.code).toBe(0)
        expect(addresses()).toEqual([...second, THEIRS].sort())
        expect(ledger()).toEqual([...second].sort())
      },
    ),
    { numRuns: RUNS, endOnFailure: true },
  )
  process.stdout.write(`${JSON.stringify(count)}\n`)
  for (const times of Object.values(count)) expect(times).toBeGreaterThan(0)
}, 7_200_000)
