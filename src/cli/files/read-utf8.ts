import { readFileSync } from 'node:fs'
import { readText } from '../../model/files/text-file.ts'
import { Stop } from '../invocation/exit.ts'

/** A text that can be written back to the byte, and the mark that stands before it; a file that is not UTF-8 would not survive. */
export function exactText(path: string, name: string): { readonly text: string; readonly mark: string } {
  const read = readText(path)
  if (!read.ok) throw new Stop(`"${name}": ${read.message}`, read.hint === undefined ? {} : { hint: read.hint })
  const bytes = readFileSync(path)
  const whole = bytes.toString('utf8')
  if (!Buffer.from(whole, 'utf8').equals(bytes)) throw new Stop(`"${name}" is not written in UTF-8`)
  const mark = whole.startsWith('\uFEFF') ? '\uFEFF' : ''
  return { text: whole.slice(mark.length), mark }
}
