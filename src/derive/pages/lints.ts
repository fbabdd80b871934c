import { largest } from '../../model/append.ts'
import type { Lint } from '../../model/lint/lint.ts'

/** All lints, a line each: the code, and what to do about it. */
export function lintsText(lints: readonly Lint[]): string {
  const width = largest(lints.map(({ code }) => code.length))
  return `${lints.map(({ code, fix }) => `${code.padEnd(width)}  ${fix}`).join('\n')}\n`
}

/** What a lint means, a part of a spec in which it is found, and what to do. */
export function lintText({ code, severity, says, fix, example }: Lint): string {
  const sample = example
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`)
  const lines = [
    `${code} (${severity})`,
    `  ${says}`,
    '',
    '  Found in',
    ...sample,
    '',
    `  What to do: ${fix}`,
    `  To allow it where it stands: # mailconfig: allow ${code} because …`,
    `  To change its level: lint: { ${code}: off }`,
  ]
  return `${lines.join('\n')}\n`
}
