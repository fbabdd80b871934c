import type { Option } from 'commander'
import { Stop } from '../invocation/exit.ts'

/**
 * Ends a run where an option has an empty value: a shell puts that in the place of a variable that is not set, and an option
 * that counts as not given would then mean the opposite of what was asked. `--emulator` alone means one in memory.
 */
export function refuseBlank(options: readonly Option[], values: Readonly<Record<string, unknown>>): void {
  for (const option of options) {
    const value = values[option.attributeName()]
    const isBlank = Array.isArray(value) ? value.some(blank) : blank(value)
    if (isBlank && option.long !== '--emulator')
      throw new Stop(`${option.long} has an empty value`, { hint: 'is a variable of the shell unset?' })
  }
}

function blank(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === ''
}
