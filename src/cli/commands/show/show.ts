import { EXIT, Stop } from '../../invocation/exit.ts'
import type { Invocation } from '../../invocation/invocation.ts'
import { isText } from '../../options/output-format.ts'
import { offlineStaleness, openSaved } from '../../runs/plan-file.ts'
import { paint, printable } from '../../terminal/paint.ts'
import { planText } from '../../text/plan.ts'

/** Prints a saved plan, stale or not. Asks nobody. */
export async function show(invocation: Invocation): Promise<number> {
  const { io, options, args, tell } = invocation
  const [name] = args
  if (name === undefined) throw new Stop('which plan?')
  const { document, intact } = openSaved(name, invocation)
  const warn = (text: string) => io.stderr.write(`warning: ${printable(text)}\n`)
  if (!intact) warn('the plan was edited after it was saved; apply refuses it')
  for (const { message } of offlineStaleness(document, invocation)) warn(message)
  const { saved, ...plan } = document
  tell({ plan: () => plan, seconds: saved.seconds })
  if (options.format === 'json') {
    io.stdout.write(`${JSON.stringify(plan, null, 2)}\n`)
    return EXIT.ok
  }
  if (!isText(options)) return EXIT.ok
  const color = paint(io.stdout, io.env, options.color)
  const chosen = [
    ...saved.account.map((one) => `--account ${one}`),
    ...saved.only.map((one) => `--only ${one}`),
    ...saved.exclude.map((one) => `--exclude ${one}`),
  ]
  const about = [`saved ${saved.at} by mailconfig ${plan.mailconfig}`, `to ${saved.mode}`, ...chosen].join(', ')
  io.stdout.write(`${color.bold(`Plan ${printable(saved.id)}`)} ${color.dim(printable(about))}\n\n`)
  const urlOf = (account: string) => saved.bound.find((one) => one.account === account)?.url
  io.stdout.write(planText(plan, { color, urlOf, seconds: saved.seconds }))
  return EXIT.ok
}
