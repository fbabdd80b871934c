import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { explained, isOurs, markerOf } from './comment.mjs'
import { upsert } from './github.mjs'

/** Counts the runs in a row that found drift, in a file that the cache of the job brings along. */
export function countHits(temp, target, drifted) {
  const file = join(temp, 'mailconfig-drift', `${target.replaceAll(/[^\w.-]/g, '_')}.json`)
  const hits = drifted ? hitsIn(file) + 1 : 0
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify({ hits })}\n`)
  return hits
}

function hitsIn(file) {
  if (!existsSync(file)) return 0
  try {
    const { hits } = JSON.parse(readFileSync(file, 'utf8'))
    return Number.isSafeInteger(hits) && hits > 0 ? hits : 0
  } catch {
    return 0 // cut off: counting begins anew
  }
}

/** Opens the one issue of a target or changes it in place while there is drift, and closes it when there is none. */
export async function tellIssue({ hub, login, target, label, body, drifted, enough, run }) {
  const marker = markerOf(target)
  const find = async () => (await hub.openIssues(label)).find((issue) => isOurs(issue, marker, login))
  const title = `E-mail configuration drifted: ${target}`
  try {
    if (!drifted) return await close(hub, await find(), run)
    if (!enough) {
      const known = await find()
      return known === undefined ? {} : { url: (await edit(hub, known, body)).html_url }
    }
    const written = await upsert({
      find,
      edit: (issue) => edit(hub, issue, body),
      add: () => hub.addIssue({ title, body, labels: [label] }),
    })
    // Without its label the next run would not find it: GitHub drops labels of whoever may not set them, and says nothing.
    const isLabelled = (written.labels ?? []).some((one) => (typeof one === 'string' ? one : one.name) === label)
    if (!isLabelled) await hub.addLabel(written.number, label)
    return { url: written.html_url }
  } catch (error) {
    throw explained(error, 'write issues', 'issues: write')
  }
}

function edit(hub, issue, body) {
  return issue.body === body ? issue : hub.editIssue(issue.number, { body })
}

async function close(hub, issue, run) {
  if (issue === undefined) return {}
  const where = run === undefined ? '' : ` [The run](${run}) found none.`
  const closed = await hub.editIssue(issue.number, { state: 'closed', state_reason: 'completed' })
  await hub.addComment(issue.number, `The drift is gone.${where}`)
  return { url: closed.html_url }
}
