import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { apis, kinds } from '../../../src/apis/index.ts'
import { specSchema } from '../../../src/derive/schema/spec.ts'
import { compileValidator } from '../../../src/derive/schema/validator.ts'
import type { LintOptions } from '../../../src/engine/documents/options.ts'
import { load } from '../../../src/engine/load.ts'
import type { Problem } from '../../../src/model/problem.ts'
import { htmlFaults } from '../../../src/templates/html.ts'
import { readTemplate } from '../../../src/templates/syntax.ts'

const validate = compileValidator(specSchema(kinds))

/** Accounts of both APIs, for sections that come behind it. */
export const HEAD = `version: 1
accounts:
  main: { api: smtp2go, apiKey: "\${env:SMTP2GO_API_KEY}" }
  office: { api: backoffice, url: https://backoffice.example.com, token: "\${env:BACKOFFICE_TOKEN}" }
`

/** What is wrong with a spec, warnings too. The files are given by name; references are not looked up. */
export async function problemsOf(
  files: Readonly<Record<string, string>>,
  which: LintOptions['which'] = 'all',
): Promise<readonly Problem[]> {
  const folder = mkdtempSync(join(tmpdir(), 'mailconfig-lint-'))
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
    const paths = Object.keys(files).filter((name) => name.endsWith('.yaml'))
    const lint = { which, mail: async () => ({ htmlFaults, readTemplate }) }
    const loaded = await load({ paths, cwd: folder, kinds, apis, validate, env: {}, formOnly: true, lint })
    return loaded.ok ? loaded.warnings : loaded.problems
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Codes and places, the shortest way to say what was found. */
export function said(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ code, at }) => `${code} ${at?.file}:${at?.line}:${at?.column}`)
}

/** The one file of a spec with these sections. */
export function specOf(sections: string): Readonly<Record<string, string>> {
  return { 'mailconfig.yaml': HEAD + sections }
}
