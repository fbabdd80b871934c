import { EXIT } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { paint } from '../../terminal/paint.ts'
import { openTraffic, type TrafficAccount } from '../../traffic/accounts.ts'
import { expectedUse } from './forecast.ts'
import { type Usage, usageDocument, usageMetrics, usageText } from './usage-text.ts'

/** Says how much of each plan is used; exit 2 where it is more than `--max`. */
export async function usage(invocation: Invocation): Promise<number> {
  const { io, options } = invocation
  const run = await openTraffic(invocation)
  if ('code' in run) return run.code
  try {
    const found = (await Promise.all(run.accounts.map((one) => usesOf(one, invocation)))).flat()
    invocation.tell({ isPrinted: true })
    switch (options.format) {
      case 'json':
        io.stdout.write(`${JSON.stringify(usageDocument(found), null, 2)}\n`)
        break
      case 'openmetrics':
        io.stdout.write(usageMetrics(found))
        break
      default:
        io.stdout.write(usageText(found, options.max, paint(io.stdout, io.env, options.color)))
    }
    const { max = Number.POSITIVE_INFINITY } = options
    return found.every(({ used, limit }) => used <= limit * max) ? EXIT.ok : EXIT.changes
  } finally {
    await run.connection.close()
  }
}

async function usesOf({ name, traffic, call }: TrafficAccount, { io, options }: Invocation): Promise<Usage[]> {
  const [own, inner] = await Promise.all([
    traffic.plan(call),
    options.by === undefined ? [] : traffic.subaccounts(call),
  ])
  const expected = expectedUse(own, io.now())
  return [
    { account: name, ...own, ...(expected === undefined ? {} : { expected }) },
    ...inner.map(({ name: subaccount, ...use }) => ({ account: name, subaccount, ...use })),
  ]
}
