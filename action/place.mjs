import { readFileSync } from 'node:fs'

/** Where the job runs, out of what GitHub sets: the repository, the pull request if there is one, the page of the run. */
export function placeOf(env) {
  const event = readEvent(env.GITHUB_EVENT_PATH)
  const pull = event.pull_request
  const server = env.GITHUB_SERVER_URL ?? ''
  return {
    api: (env.GITHUB_API_URL || 'https://api.github.com').replace(/\/+$/, ''),
    graphql: env.GITHUB_GRAPHQL_URL || 'https://api.github.com/graphql',
    repository: env.GITHUB_REPOSITORY ?? '',
    event: env.GITHUB_EVENT_NAME ?? '',
    pull: Number.isInteger(pull?.number) ? pull.number : undefined,
    // A head without a repository is one of a fork that is gone.
    isFork: pull !== undefined && pull.head?.repo?.full_name !== pull.base?.repo?.full_name,
    commit: pull?.head?.sha ?? env.GITHUB_SHA ?? '',
    run: server === '' ? undefined : `${server}/${env.GITHUB_REPOSITORY}/actions/runs/${env.GITHUB_RUN_ID}`,
  }
}

function readEvent(path) {
  try {
    return JSON.parse(readFileSync(path ?? '', 'utf8')) ?? {}
  } catch {
    return {} // started by hand, or by something that has no event
  }
}
