import { REPORT_FORMATS, type ReportFormat } from './report-request.ts'
import type { Options } from './vocabulary.ts'

/** The form in which standard output gets a report after the run; undefined where the command writes it itself. */
export function printedFormat({ format }: Pick<Options, 'format'>): ReportFormat | undefined {
  return REPORT_FORMATS.find((one) => one !== 'json' && one === format)
}

/** True where the command writes its text to standard output. */
export function isText({ format }: Pick<Options, 'format'>): boolean {
  return format === undefined || format === 'text'
}
