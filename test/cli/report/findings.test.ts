import fc from 'fast-check'
import type { Log } from 'sarif'
import { SaxesParser } from 'saxes'
import { describe, expect, test } from 'vitest'
import type { ResultDocument } from '../../../src/cli/invocation/telling.ts'
import type { RunRecord } from '../../../src/cli/report/content/record.ts'
import { annotationsReport } from '../../../src/cli/report/machine/annotations.ts'
import { junitReport } from '../../../src/cli/report/machine/junit.ts'
import { sarifLog } from '../../../src/cli/report/machine/sarif.ts'
import type { ProblemDocument } from '../../../src/model/run/plan-document.ts'
import { change, planOf } from './plans.ts'

function told(parts: Partial<RunRecord> = {}): RunRecord {
  return { command: 'validate', target: 'prod', problems: [], files: ['a.yaml', 'b.yaml'], strict: false, ...parts }
}

const problem: ProblemDocument = {
  code: 'UNKNOWN_FIELD',
  severity: 'error',
  message: 'no field "statuss"',
  hint: 'did you mean "status"?',
  at: { file: 'teams/b file.yaml', line: 3, column: 5 },
  also: { file: 'a.yaml', line: 1, column: 1 },
}
const warning: ProblemDocument = { code: 'ODD_PORT', severity: 'warning', message: 'odd' }
const gate = {
  number: 'G1',
  code: 'MANY_DELETES',
  reason: 'all would be deleted',
  addresses: ['main:smtpUsers/gone'],
  accept: 'G1:3f9c',
  accepted: false,
}
const refused = planOf(
  [change(), change({ key: 'gone', action: 'delete' }), change({ key: 'moved', reason: 'drift' })],
  {
    gates: [gate],
  },
)
const one = { account: 'main', subaccount: null, action: 'update' } as const
const results: ResultDocument[] = [
  { ...one, address: 'smtpUsers/good', outcome: 'done' },
  { ...one, address: 'smtpUsers/bad', outcome: 'failed', error: { message: 'no', code: 'E_NO', hint: 'ask' } },
  { ...one, address: 'smtpUsers/late', outcome: 'skipped' },
  { ...one, address: 'smtpUsers/lost', outcome: 'unknown' },
]
/** Texts that would break out of a line, an attribute, a document. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '\n::set-env name=A::b',
    '%0A::error::x',
    ']]>',
    '<!--',
    '"/><x a="',
    '&#0;',
    '\u0000\ufffe\uffff',
    'a\ud800',
    '\u202e',
  ),
)

function everywhere(text: string): RunRecord {
  const bad: ProblemDocument = { ...problem, message: text, hint: text, at: { file: text, line: 1, column: 1 } }
  const wild = change({
    key: text,
    subaccount: text,
    source: { file: text, line: 1, column: 1 },
    fields: [],
    reason: 'drift',
  })
  return told({
    target: text,
    problems: [bad],
    files: [text],
    plan: planOf([wild], { gates: [{ ...gate, reason: text, addresses: [text] }] }),
    results: [
      { ...one, address: text, subaccount: text, outcome: 'failed', error: { message: text, hint: text, code: text } },
    ],
    error: { message: text, hint: text },
  })
}

describe('SARIF', () => {
  test('has a result for each problem, at its place, relative to the repository', () => {
    const log: Log = sarifLog(told({ problems: [warning, problem] }))
    const [run] = log.runs
    expect(run?.results).toEqual([
      {
        ruleId: 'UNKNOWN_FIELD',
        ruleIndex: 1,
        level: 'error',
        message: { text: 'no field "statuss"\ndid you mean "status"?' },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'teams/b%20file.yaml', uriBaseId: '%SRCROOT%' },
              region: { startLine: 3, startColumn: 5 },
            },
          },
        ],
        relatedLocations: [
          {
            id: 1,
            physicalLocation: {
              artifactLocation: { uri: 'a.yaml', uriBaseId: '%SRCROOT%' },
              region: { startLine: 1, startColumn: 1 },
            },
          },
        ],
      },
      expect.objectContaining({ ruleId: 'ODD_PORT', ruleIndex: 0, level: 'warning' }),
    ])
    expect(run?.tool.driver.rules?.map(({ id }) => id)).toEqual(['ODD_PORT', 'UNKNOWN_FIELD'])
    expect(run?.invocations).toEqual([{ executionSuccessful: false }])
  })

  test('a warning is an error where a warning stops the run', () => {
    const level = (strict: boolean) => sarifLog(told({ problems: [warning], strict })).runs[0]?.results[0]?.level
    expect([level(false), level(true)]).toEqual(['warning', 'error'])
  })

  test('a gate stands at the first object that it names', () => {
    const [run] = sarifLog(told({ command: 'plan', plan: refused })).runs
    expect(run?.results).toHaveLength(1)
    expect(run?.results[0]).toMatchObject({
      ruleId: 'MANY_DELETES',
      level: 'error',
      locations: [{ physicalLocation: { region: { startLine: 8 } } }],
    })
  })

  test('a sound spec has no result', () => {
    const [run] = sarifLog(told()).runs
    expect({ results: run?.results, calls: run?.invocations }).toEqual({
      results: [],
      calls: [{ executionSuccessful: true }],
    })
  })

  test('every address of a file is a URI, whatever the name', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const { locations } of sarifLog(everywhere(text)).runs[0]?.results ?? [])
          expect(locations[0]?.physicalLocation.artifactLocation.uri).toMatch(/^[\w.!~*'()%/:-]*$/)
      }),
    )
  })
})

interface Tag {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
}

/** Every tag of a document that is XML; throws where it is none. */
function tagsOf(xml: string): Tag[] {
  const tags: Tag[] = []
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => tags.push({ name, attributes }))
  parser.write(xml).close()
  return tags
}

describe('JUnit', () => {
  /** Each test with how it came out. */
  const outcomes = (parts: Partial<RunRecord>): string[] => {
    const tags = tagsOf(junitReport(told(parts))).slice(2)
    return tags.flatMap(({ name, attributes }, at) => {
      if (name !== 'testcase') return []
      const next = tags[at + 1]
      return [`${attributes['name']} ${next === undefined || next.name === 'testcase' ? 'passed' : next.name}`]
    })
  }

  test('has a test for each file, and one for what stands nowhere', () => {
    expect(outcomes({ problems: [problem] })).toEqual(['a.yaml passed', 'b.yaml passed', 'teams/b file.yaml failure'])
    expect(outcomes({ problems: [{ ...warning, severity: 'error' }] })).toEqual([
      'a.yaml passed',
      'b.yaml passed',
      'spec failure',
    ])
  })

  test('has a test for each change, which fails at a gate and for drift', () => {
    expect(outcomes({ command: 'plan', plan: refused })).toEqual([
      'update smtpUsers/billing-app passed',
      'delete smtpUsers/gone failure',
      'update smtpUsers/moved failure',
    ])
  })

  test('has a test for each result, and counts them', () => {
    expect(outcomes({ command: 'apply', plan: planOf([]), results })).toEqual([
      'update smtpUsers/good passed',
      'update smtpUsers/bad failure',
      'update smtpUsers/late skipped',
      'update smtpUsers/lost error',
    ])
    expect(tagsOf(junitReport(told({ plan: planOf([]), results })))[0]?.attributes).toEqual({
      name: 'mailconfig',
      tests: '4',
      failures: '1',
      errors: '1',
      skipped: '1',
    })
  })

  test('a run that ended early is an error', () => {
    expect(outcomes({ command: 'plan', files: [], error: { message: 'no' } })).toEqual(['plan error'])
  })

  test('is XML, whatever the names', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const xml = junitReport(everywhere(text))
        const names = tagsOf(xml).map(({ name }) => name)
        expect(new Set(names)).toEqual(new Set(['testsuites', 'testsuite', 'testcase', 'failure']))
        expect(Buffer.from(xml, 'utf8').toString('utf8')).toBe(xml)
      }),
    )
  })
})

describe('annotations of GitHub', () => {
  const lines = (parts: Partial<RunRecord>) => annotationsReport(told(parts)).split('\n').slice(0, -1)

  test('name the place, the code and what to do, the errors first', () => {
    expect(lines({ problems: [warning, { ...problem, message: 'a: 50%, b' }] })).toEqual([
      '::error file=teams/b file.yaml,line=3,col=5,title=UNKNOWN_FIELD::a: 50%25, b%0Adid you mean "status"?',
      '::warning title=ODD_PORT::odd',
      '::notice title=mailconfig validate::1 problem',
    ])
  })

  test('tell of gates, of what failed, and why a run ended', () => {
    expect(lines({ command: 'plan', plan: refused })[0]).toContain('title=MANY_DELETES::G1 stops here')
    expect(lines({ command: 'apply', results })).toEqual([
      '::error title=failed%3A smtpUsers/bad::no%0Aask',
      '::error title=unknown%3A smtpUsers/lost::unknown',
      '::notice title=mailconfig apply::1 of 4 changes done, 1 failed, 1 unknown, 1 not tried',
    ])
    expect(lines({ command: 'plan', error: { message: 'no' } })[0]).toBe('::error title=mailconfig plan::no')
  })

  test('no name begins a command of its own', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const found = lines(everywhere(text))
        expect(found).toHaveLength(5)
        for (const line of found)
          expect(line).toMatch(/^::(?:error|warning|notice) (?:(?:file|line|col|title)=[^:,\n\r]*,?)+::[^\n\r]*$/)
      }),
    )
  })
})
