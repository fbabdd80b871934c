import { Refused, upsert } from './github.mjs'
import { Mistake } from './inputs.mjs'

/** The first line of all that is told of a target; nobody sees it. */
export function markerOf(target) {
  return `<!-- mailconfig:${target} -->`
}

/** True for a text that begins with the marker and was written by this login: a marker alone anybody can write. */
export function isOurs({ body, user }, marker, login) {
  return user?.login === login && typeof body === 'string' && body.split(/\r?\n/, 1)[0] === marker
}

/** Writes the one comment of a pull request and a target: the first time it is added, then changed in place. */
export async function tellPull({ hub, pull, login, target, body }) {
  const marker = markerOf(target)
  try {
    const written = await upsert({
      find: async () => (await hub.comments(pull)).find((comment) => isOurs(comment, marker, login)),
      edit: (comment) => (comment.body === body ? comment : hub.editComment(comment.id, body)),
      add: () => hub.addComment(pull, body),
    })
    return written.html_url
  } catch (error) {
    throw explained(error, 'comment on the pull request', 'pull-requests: write')
  }
}

/** A refusal for want of rights, said so that it can be mended; anything else as it is. */
export function explained(error, what, permission) {
  if (!(error instanceof Refused) || ![401, 403, 404].includes(error.status)) return error
  const denied = new Mistake(
    `the github-token may not ${what}: add "${permission}" to the permissions of the job (${error.message})`,
  )
  denied.isDenied = true
  return denied
}

/** What is told where a run ended before it could report: the end of what it said, in a block that nothing can leave. */
export function failureText({ target, command, code, said, run }) {
  const text = said.trim().slice(-20_000)
  const ticks = Math.max(2, ...[...text.matchAll(/`+/g)].map(([found]) => found.length)) + 1
  const fence = '`'.repeat(ticks)
  const link = run === undefined ? '' : `\n[The run](${run})\n`
  return `${markerOf(target)}\n### mailconfig ${command}: failed with exit code ${code}\n\n${fence}text\n${text}\n${fence}\n${link}`
}
