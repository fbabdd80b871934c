#!/usr/bin/env node
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, parse } from 'node:path'
import { checkNode, findCommand, plainEnvironment, run } from './command.mjs'
import { failureText, markerOf, tellPull } from './comment.mjs'
import { countHits, tellIssue } from './drift.mjs'
import { github } from './github.mjs'
import { Mistake, readInputs } from './inputs.mjs'
import { placeOf } from './place.mjs'
import { runner } from './runner.mjs'

/** What fits a comment on GitHub with room for the line about the commit. */
const COMMENT_SIZE = 60_000

const said = runner(process.env, process.stdout)
try {
  process.exitCode = await main(process.env)
} catch (error) {
  said.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}

async function main(env) {
  checkNode(process.version)
  const inputs = readInputs(env)
  const place = placeOf(env)
  if (place.event === 'pull_request_target' && place.isFork)
    throw new Mistake(
      'pull_request_target gives the files of a fork your secrets: use pull_request, with emulator-data for a plan',
    )
  const temp = env.RUNNER_TEMP || tmpdir()
  const folder = mkdtempSync(join(temp, 'mailconfig-run-'))
  const clean = plainEnvironment(env)
  const own = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version
  const bin = await findCommand(inputs, { env: clean, temp, own, quoting: said.quoting })
  const args = await argumentsFor(inputs, place, folder)
  const ended = await run(process.execPath, [bin, ...args], { cwd: inputs.cwd, env: clean, quoting: said.quoting })
  if (ended.code === 130) return 130 // somebody ended the job, and nobody waits for comments
  return await report({ inputs, place, temp, folder, ended })
}

async function argumentsFor(inputs, place, folder) {
  const { command, options, planFile, emulatorData, target } = inputs
  const args = [command, ...options, '--no-input', '--no-color']
  for (const format of ['json', 'markdown']) args.push('--report', `${format}=${join(folder, `report.${format}`)}`)
  args.push('--report-target', target, '--max-size', String(COMMENT_SIZE))
  if (place.run !== undefined) args.push('--report-url', place.run)
  if (emulatorData !== undefined) args.push(`--emulator=${await copied(emulatorData, folder)}`)
  if (command === 'plan') args.push('--detailed-exitcode', ...(planFile === undefined ? [] : ['--out', planFile]))
  if (command === 'apply') {
    args.push('--auto-approve')
    if (planFile !== undefined) args.push(checkedPlan(inputs))
  }
  return args
}

/** The recorded account stays as it is: an emulator writes into its files, one for each other account beside the first. */
async function copied(data, folder) {
  if (!existsSync(data)) throw new Mistake(`emulator-data: there is no file "${data}"`)
  const { name, dir } = parse(data)
  const beside = readdirSync(dir).filter((file) => file.startsWith(`${name}.`) && file.endsWith('.json'))
  for (const file of beside) await copyFile(join(dir, file), join(folder, `account${file.slice(name.length)}`))
  await copyFile(data, join(folder, 'account.json'))
  return join(folder, 'account.json')
}

function checkedPlan({ planFile, planHash }) {
  if (!existsSync(planFile)) throw new Mistake(`plan-file: there is no file "${planFile}"`)
  if (planHash !== '' && hashOf(planFile) !== planHash)
    throw new Mistake('plan-file is not the plan with this plan-hash, so nothing was done')
  return planFile
}

function hashOf(file) {
  return `sha256:${createHash('sha256').update(readFileSync(file)).digest('hex')}`
}

async function report({ inputs, place, temp, folder, ended }) {
  const { command, target, planFile } = inputs
  const { code } = ended
  const facts = readJson(join(folder, 'report.json')) ?? {}
  const markdown = readText(join(folder, 'report.markdown')) ?? failureText({ ...inputs, ...ended, run: place.run })
  const found = changesOf(command, facts)
  const drifted = command === 'drift' && code === 2
  said.output('exit-code', code)
  said.output('has-changes', code === 2 || found > 0)
  said.output('changes', found)
  if (command === 'plan' && planFile !== undefined && existsSync(planFile)) {
    said.output('plan-file', planFile)
    said.output('hash', hashOf(planFile))
  }
  annotate(inputs, facts)
  said.summary(markdown)
  const marker = markerOf(target)
  const body = `${markdown.startsWith(`${marker}\n`) ? '' : `${marker}\n`}${markdown.trimEnd()}\n\n${footer(place, markdown)}`
  const url = await told({ inputs, place, temp, body, drifted, failed: code !== 0 && code !== 2 })
  if (url !== undefined) said.output('url', url)
  if (code === 2) return drifted && inputs.failOnDrift ? 2 : 0
  return code
}

function footer({ commit, run: page }, markdown) {
  const at = commit === '' ? [] : [`At commit ${commit.slice(0, 12)}.`]
  const link = page === undefined || markdown.includes(page) ? [] : [`<a href="${page}">The run</a>`]
  return [...at, ...link].length === 0 ? '' : `<sub>${[...at, ...link].join(' ')}</sub>\n`
}

/** Writes the comment or the issue, and answers where it is. */
async function told({ inputs, place, temp, body, drifted, failed }) {
  const { command, target, label, threshold } = inputs
  const hub = () => github({ ...place, token: inputs.token })
  const login = async (open) => inputs.author || (await open.login())
  if (command === 'plan' && inputs.comment && place.pull !== undefined) {
    try {
      const open = hub()
      return await tellPull({ hub: open, pull: place.pull, login: await login(open), target, body })
    } catch (error) {
      if (!place.isFork) throw error
      said.notice(
        `A pull request from a fork may not write comments: the plan is in the summary of the job. ${error.message}`,
      )
      return undefined
    }
  }
  if (command !== 'drift' || !inputs.driftIssue || failed) return undefined // a check that failed says nothing about drift
  const hits = threshold === 1 ? Number(drifted) : countHits(temp, target, drifted)
  const open = hub()
  const enough = hits >= threshold
  if (drifted && !enough) said.notice(`Drift in ${hits} of ${threshold} runs that it takes for an issue.`)
  const writer = await login(open)
  return (await tellIssue({ hub: open, login: writer, target, label, body, drifted, enough, run: place.run })).url
}

/** How many objects change, or drifted; 0 where nothing was found out. */
function changesOf(command, { changes = [], drift = [] }) {
  if (command === 'drift') return drift.length
  return command === 'plan' ? changes.filter(({ action }) => action !== 'noop').length : 0
}

/** Problems at their lines in the pull request; paths are from the root of the repository. */
function annotate({ folder }, { problems = [], warnings = [] }) {
  for (const { severity, code, message, hint, at } of [...problems, ...warnings]) {
    const path = at?.file === undefined ? undefined : [folder, at.file].filter((part) => part !== '').join('/')
    const line = path === undefined ? {} : { file: path, line: at.line, col: at.column }
    const level = severity === 'warning' ? 'warning' : 'error'
    said[level](hint === undefined ? message : `${message}\n${hint}`, { ...line, title: code })
  }
}

function readText(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

function readJson(file) {
  try {
    return JSON.parse(readText(file) ?? '')
  } catch {
    return undefined // the run ended before it could write one
  }
}
