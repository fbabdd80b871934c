import { isAbsolute } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Position } from '../../../model/position.ts'
import { VERSION } from '../../invocation/version.ts'
import { RULES } from '../content/assets.ts'
import { visible } from '../content/escape.ts'
import { findingsOf, type ReportFinding, sentences } from '../content/findings.ts'
import type { RunRecord } from '../content/record.ts'

const HOME = 'https://github.com/mailconfig/mailconfig'

/** What a run found as SARIF 2.1.0, for code scanning. */
export function sarifReport(told: RunRecord): string {
  return `${JSON.stringify(sarifLog(told), null, 2)}\n`
}

/** The same before it is text. */
export function sarifLog(told: RunRecord) {
  const stopped: ReportFinding[] =
    told.error === undefined || hasFailure(told) ? [] : [{ code: 'stopped', level: 'error', ...told.error }]
  const findings = [...findingsOf(told), ...stopped]
  const codes = [...new Set(findings.map(({ code }) => code))].sort()
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0' as const,
    runs: [
      {
        tool: { driver: { name: 'mailconfig', version: VERSION, informationUri: HOME, rules: codes.map(ruleOf) } },
        automationDetails: { id: `mailconfig/${told.command}/${visible(told.target)}/` },
        columnKind: 'utf16CodeUnits' as const,
        invocations: [{ executionSuccessful: !findings.some(({ level }) => level === 'error') }],
        results: findings.map((finding) => resultOf(finding, codes, told)),
      },
    ],
  }
}

function hasFailure(told: RunRecord): boolean {
  return findingsOf(told).some(({ level }) => level === 'error')
}

function ruleOf(id: string) {
  const rule = RULES[id]
  const helpUri = `${HOME}/blob/main/docs/problems.md`
  if (rule === undefined) return { id, helpUri }
  const text = unlinked(rule.todo === undefined ? rule.means : `${rule.means} ${rule.todo}`)
  return {
    id,
    shortDescription: { text: plain(unlinked(rule.means)) },
    help: { text: plain(text), markdown: text },
    helpUri,
  }
}

function unlinked(text: string): string {
  return text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1') // links between pages lead nowhere from outside
}

function plain(text: string): string {
  return text.replaceAll('`', '')
}

function resultOf(finding: ReportFinding, codes: readonly string[], told: RunRecord) {
  const { code, level, at, also } = finding
  // Code scanning shows nothing that stands nowhere: what is about the whole spec stands at its beginning.
  const place = at ?? { file: told.files[0] ?? 'mailconfig.yaml', line: 1, column: 1 }
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level,
    message: { text: sentences(finding) },
    locations: [{ physicalLocation: physical(place) }],
    ...(also === undefined ? {} : { relatedLocations: [{ id: 1, physicalLocation: physical(also) }] }),
  }
}

function physical({ file, line, column }: Position) {
  const name = file.replace(/\p{Cs}/gu, '\ufffd') // half a character has no place in an address
  const artifactLocation = isAbsolute(name)
    ? { uri: pathToFileURL(name).href }
    : { uri: name.split(/[\\/]/).map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' }
  return { artifactLocation, region: { startLine: line, startColumn: column } }
}
