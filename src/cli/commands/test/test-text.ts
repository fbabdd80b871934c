import { formatScope } from '../../../model/address.ts'
import { defined } from '../../../model/json.ts'
import { formatPosition, type Position, type Source } from '../../../model/position.ts'
import type { TestResult } from '../../../policy/spec-tests.ts'
import { html } from '../../report/content/escape.ts'
import { type Paint, printable } from '../../terminal/paint.ts'

/** The results of tests, and how their places are found. */
interface ToldTests {
  readonly results: readonly TestResult[]
  readonly locate: (source: Source) => Position
  readonly isOffline: boolean
}

/** As people read them. */
export function testText({ results, locate, isOffline }: ToldTests, color: Paint): string {
  const lines = results.flatMap(({ test, failed, combinations }) => {
    const name = printable(test.name)
    if (failed === undefined)
      return [
        `${color.green('ok')}      ${name}${combinations === 1 ? '' : color.dim(` (${combinations} combinations)`)}`,
      ]
    return [
      `${color.red('failed')}  ${name}  ${color.dim(printable(formatPosition(locate(test.source))))}`,
      `        ${printable(failed.combination)}`,
      `        ${printable(failed.because)}`,
      ...(failed.hint === undefined ? [] : [`        ${color.cyan(printable(failed.hint))}`]),
    ]
  })
  const bad = results.filter(({ failed }) => failed !== undefined).length
  const verdict =
    bad === 0
      ? color.green(`All ${results.length} hold.`)
      : color.red(`${bad} of ${results.length} ${bad === 1 ? 'does' : 'do'} not hold.`)
  const note = isOffline ? color.dim(' From the spec alone: the account was not asked.') : ''
  return `${[...lines, '', `${verdict}${note}`].join('\n')}\n`
}

/** As data. */
export function testJson({ results, locate, isOffline }: ToldTests) {
  return {
    formatVersion: '1.0',
    isOffline,
    passed: results.filter(({ failed }) => failed === undefined).length,
    failed: results.filter(({ failed }) => failed !== undefined).length,
    tests: results.map(({ test, combinations, failed }) => ({
      name: test.name,
      scope: formatScope(test.scope),
      expect: test.expect,
      at: locate(test.source),
      combinations,
      ...defined({ failed }),
    })),
  }
}

/** In the Test Anything Protocol, version 14. */
export function testTap({ results, locate }: ToldTests): string {
  const lines = results.flatMap(({ test, failed }, at) => {
    const name = printable(test.name).replace(/[\\#]/g, '\\$&')
    if (failed === undefined) return [`ok ${at + 1} - ${name}`]
    const detail = { combination: failed.combination, because: failed.because, at: formatPosition(locate(test.source)) }
    const yaml = Object.entries(detail).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`)
    return [`not ok ${at + 1} - ${name}`, '  ---', ...yaml, '  ...']
  })
  return `${['TAP version 14', `1..${results.length}`, ...lines].join('\n')}\n`
}

/** As JUnit's XML. */
export function testJunit({ results, locate }: ToldTests): string {
  const failures = results.filter(({ failed }) => failed !== undefined).length
  const cases = results.map(({ test, failed }) => {
    const { file, line } = locate(test.source)
    const head = `    <testcase name="${html(test.name)}" classname="${html(formatScope(test.scope))}" file="${html(file)}" line="${line}"`
    if (failed === undefined) return `${head}/>`
    const text = `${failed.combination}: ${failed.because}`
    return `${head}>\n      <failure message="${html(failed.because)}">${html(text)}</failure>\n    </testcase>`
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${results.length}" failures="${failures}">`,
    `  <testsuite name="mailconfig test" tests="${results.length}" failures="${failures}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}
