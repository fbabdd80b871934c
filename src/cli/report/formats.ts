import type { ReportFormat } from '../options/report-request.ts'
import type { RunRecord } from './content/record.ts'
import { htmlReport } from './html/html.ts'
import { annotationsReport } from './machine/annotations.ts'
import { jsonReport } from './machine/json.ts'
import { junitReport } from './machine/junit.ts'
import { sarifReport } from './machine/sarif.ts'
import { COMMENT_SIZE, markdownReport } from './markdown/markdown.ts'

/** What a report is made with beside what the run told. */
interface ReportOptions {
  /** The most characters of a Markdown report. */
  readonly size: number | undefined
}

/** How a report is made, and how a file that holds one begins: nothing else is written over. */
interface Form {
  readonly render: (told: RunRecord, options: ReportOptions) => string
  readonly begins: RegExp
}

/** Every form of a report. */
export const FORMS: Readonly<Record<ReportFormat, Form>> = {
  json: { render: jsonReport, begins: /^\{\s*"formatVersion"/ },
  markdown: {
    render: (told, { size }) => markdownReport(told, size ?? COMMENT_SIZE),
    begins: /^<!-- mailconfig:/,
  },
  html: { render: htmlReport, begins: /^<!doctype html>\s*<!-- mailconfig report -->/ },
  sarif: { render: sarifReport, begins: /^\{\s*"\$schema": "[^"]*sarif/ },
  junit: { render: junitReport, begins: /^<\?xml[^>]*>\s*<testsuites name="mailconfig"/ },
  github: { render: annotationsReport, begins: /^::/ },
}
