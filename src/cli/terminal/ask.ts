import { createInterface } from 'node:readline/promises'
import { Stop } from '../invocation/exit.ts'
import type { Invocation } from '../invocation/invocation.ts'

/** Asks on the terminal; only "yes" is yes. `option`: what goes without a question. */
export async function ask(
  { io, options }: Invocation,
  question: string,
  option = '--auto-approve',
): Promise<'yes' | 'no' | 'interrupted'> {
  if (!options.input || io.stdin.isTTY !== true)
    throw new Stop('there is no terminal to ask on, so nothing was written', {
      hint: `use ${option} to continue without confirmation`,
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
