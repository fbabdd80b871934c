/** The forms in which a run can be reported beside its text, and as JSON. */
export const REPORT_FORMATS = ['json', 'markdown', 'html', 'sarif', 'junit', 'github'] as const

/** The name of a form. */
export type ReportFormat = (typeof REPORT_FORMATS)[number]

/** A report that is asked for, and the file that it goes to. */
export interface AskedReport {
  readonly format: ReportFormat
  readonly file: string
}

/** Reads `markdown=plan.md`; undefined if it is none. */
export function readAsked(text: string): AskedReport | undefined {
  const at = text.indexOf('=')
  const format = REPORT_FORMATS.find((one) => one === text.slice(0, at))
  const file = text.slice(at + 1)
  return format === undefined || file === '' ? undefined : { format, file }
}

/** True for the address of a page. */
export function isPage(url: string): boolean {
  return /^https?:\/\/[^\s<>"'`]{1,500}$/.test(url)
}
