import { isAbsolute, relative, resolve } from 'node:path'

const COMMANDS = ['plan', 'apply', 'drift', 'validate']

/** Something that whoever wrote the workflow can mend. */
export class Mistake extends Error {}

/** Reads the inputs of the action out of the environment; throws `Mistake` for one that will not do. */
export function readInputs(env) {
  const text = (name) => (env[`INPUT_${name}`] ?? '').trim()
  const lines = (name) =>
    text(name)
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '')
  const command = text('COMMAND') || 'plan'
  if (!COMMANDS.includes(command)) throw new Mistake(`no command "${command}"; there are ${COMMANDS.join(', ')}`)
  const workspace = env.GITHUB_WORKSPACE || process.cwd()
  const cwd = resolve(workspace, text('WORKING_DIRECTORY') || '.')
  const folder = relative(workspace, cwd)
  if (folder.startsWith('..') || isAbsolute(folder)) throw new Mistake('working-directory is outside the repository')
  const files = lines('FILES')
  const ledger = text('LEDGER')
  return {
    command,
    cwd,
    folder: folder.replaceAll('\\', '/'),
    target: targetName(text('TARGET') || [folder, ...files].filter((part) => part !== '').join(',') || 'mailconfig'),
    options: [
      ...files.flatMap((file) => ['--file', file]),
      ...(ledger === '' ? [] : ['--ledger', ledger]),
      ...lines('ACCEPT').flatMap((token) => ['--accept', token]),
      ...lines('ARGS'),
    ],
    planFile: pathOf(text('PLAN_FILE'), cwd),
    planHash: text('PLAN_HASH'),
    emulatorData: pathOf(text('EMULATOR_DATA'), cwd),
    version: text('VERSION'),
    bin: pathOf(text('MAILCONFIG_PATH'), workspace),
    token: text('GITHUB_TOKEN'),
    comment: yesOrNo(text('COMMENT'), 'comment', true),
    author: text('COMMENT_AUTHOR'),
    failOnDrift: yesOrNo(text('FAIL_ON_DRIFT'), 'fail-on-drift', true),
    driftIssue: yesOrNo(text('DRIFT_ISSUE'), 'drift-issue', false),
    label: text('DRIFT_LABEL') || 'mailconfig-drift',
    threshold: wholeNumber(text('THRESHOLD') || '1'),
  }
}

/** A name that can stand in a comment of HTML; the command line leaves such a one as it is. */
function targetName(text) {
  return text.replace(/[^\w./,=-]+/g, '-').replace(/-{2,}/g, '-')
}

function pathOf(text, folder) {
  return text === '' ? undefined : resolve(folder, text)
}

function yesOrNo(text, name, usual) {
  if (text === '') return usual
  if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true'
  throw new Mistake(`${name} is true or false, not "${text}"`)
}

function wholeNumber(text) {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
  throw new Mistake(`threshold is a whole number from 1, not "${text}"`)
}
