import { setTimeout as sleep } from 'node:timers/promises'
import { Mistake } from './inputs.mjs'

const TRIES = 4
const PAGE = 100
/** Nobody pays for a job that waits longer than this for a limit to end. */
const MOST_SECONDS = 60

/** A refusal of GitHub, or silence: then the status is 0, and a write may have happened. */
export class Refused extends Error {
  constructor(what, status, message) {
    super(`GitHub: ${what}: ${status === 0 ? 'no answer' : status}${message === '' ? '' : ` ${message}`}`)
    this.status = status
  }
}

/** GitHub's REST API, as far as comments and issues need it. Waits where GitHub says so, and tries again where it is down. */
export function github({ api, graphql, repository, token }) {
  if (token === '') throw new Mistake('there is no github-token, so nothing can be written')

  async function once(url, method, body) {
    const request = {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'user-agent': 'mailconfig-action',
        'x-github-api-version': '2022-11-28',
      },
      signal: AbortSignal.timeout(30_000),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }
    try {
      const answer = await fetch(url, request)
      const text = await answer.text()
      return { status: answer.status, headers: answer.headers, data: parsed(text) }
    } catch {
      return { status: 0, headers: new Headers(), data: undefined }
    }
  }

  /** A create that got no good answer is not sent again: whoever called looks first whether it happened. */
  async function call(url, method, body, isSafe = method !== 'POST') {
    for (let attempt = 1; ; attempt++) {
      const { status, headers, data } = await once(url, method, body)
      if (status >= 200 && status < 300) return { headers, data }
      const isLimit = limited(status, headers, data)
      const isDown = status === 0 || status >= 500
      const seconds = isLimit ? waitOf(headers, attempt) : 2 ** (attempt - 1)
      if (attempt < TRIES && seconds <= MOST_SECONDS && (isLimit || (isDown && isSafe))) {
        await sleep(seconds * 1000)
        continue
      }
      throw new Refused(`${method} ${new URL(url).pathname}`, status, messageOf(data))
    }
  }

  async function all(path, query) {
    const rows = []
    for (let page = 1; ; page++) {
      const search = new URLSearchParams({ ...query, per_page: String(PAGE), page: String(page) })
      const { headers, data } = await call(`${root}${path}?${search}`, 'GET')
      if (!Array.isArray(data)) throw new Refused(`GET ${path}`, 200, 'is no list')
      rows.push(...data)
      if (!/\brel="?next\b/.test(headers.get('link') ?? '')) return rows
    }
  }

  const root = `${api}/repos/${repository.split('/').map(encodeURIComponent).join('/')}`
  const send = async (method, path, body) => (await call(`${root}${path}`, method, body)).data
  return {
    /** The login that the token writes as; `github-actions[bot]` for a job's own token. */
    login: async () => {
      const { data } = await call(graphql, 'POST', { query: 'query { viewer { login } }' }, true)
      const login = data?.data?.viewer?.login
      if (typeof login === 'string' && login !== '') return login
      throw new Mistake('GitHub does not say whom the token belongs to: give the input comment-author')
    },
    comments: (issue) => all(`/issues/${issue}/comments`, {}),
    addComment: (issue, body) => send('POST', `/issues/${issue}/comments`, { body }),
    editComment: (id, body) => send('PATCH', `/issues/comments/${id}`, { body }),
    /** Pull requests are issues to GitHub, and are left out. */
    openIssues: async (label) =>
      (await all('/issues', { state: 'open', labels: label })).filter((one) => one.pull_request === undefined),
    addIssue: (issue) => send('POST', '/issues', issue),
    editIssue: (number, change) => send('PATCH', `/issues/${number}`, change),
    addLabel: (number, label) => send('POST', `/issues/${number}/labels`, { labels: [label] }),
  }
}

/** Finds what is there and changes it, or makes it; after a create without a good answer it looks again. */
export async function upsert({ find, edit, add }) {
  for (let attempt = 1; ; attempt++) {
    const found = await find()
    if (found !== undefined) return await edit(found)
    try {
      return await add()
    } catch (error) {
      const unclear = error instanceof Refused && (error.status === 0 || error.status >= 500)
      if (!unclear || attempt === TRIES) throw error
      await sleep(2 ** (attempt - 1) * 1000)
    }
  }
}

/** A refusal that ends by itself: too many calls, of this hour or all at once. */
function limited(status, headers, data) {
  if (status === 429) return true
  if (status !== 403) return false
  return (
    headers.has('retry-after') ||
    headers.get('x-ratelimit-remaining') === '0' ||
    /secondary rate limit/i.test(messageOf(data))
  )
}

function waitOf(headers, attempt) {
  const after = Number(headers.get('retry-after') ?? Number.NaN)
  if (Number.isFinite(after)) return Math.max(0, after)
  const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN)
  if (headers.get('x-ratelimit-remaining') === '0' && Number.isFinite(reset))
    return Math.max(1, reset - Date.now() / 1000)
  return 2 ** attempt
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // a page of a proxy
  }
}

function messageOf(data) {
  return typeof data?.message === 'string' ? data.message.replaceAll(/\s+/g, ' ').slice(0, 300) : ''
}
