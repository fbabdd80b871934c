import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isRecord } from '../../src/model/json.ts'

/** Written from https://docs.github.com/en/rest/issues (comments, issues, labels) and its page about rate limits. */

/** Who a token writes as, and what it may. */
interface Token {
  readonly login: string
  readonly pulls?: boolean
  readonly issues?: boolean
  /** Labels of whoever may not set them are dropped without a word. */
  readonly dropsLabels?: boolean
}

/** Something that goes wrong once, with the next call that fits. */
export interface Trouble {
  readonly method: string
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly message?: string
  /** The call takes effect, and only its answer is lost. */
  readonly happened?: boolean
}

export interface Comment {
  readonly id: number
  readonly user: { readonly login: string }
  body: string
  readonly html_url: string
}

export interface Issue extends Comment {
  readonly number: number
  readonly title: string
  state: string
  labels: { name: string }[]
  readonly comments: Comment[]
  readonly pull_request?: object
}

/** A loopback stand-in of GitHub's REST API. */
export interface GitHubServer extends AsyncDisposable {
  readonly url: string
  readonly issues: Issue[]
  readonly calls: { method: string; path: string }[]
  readonly tokens: Map<string, Token>
  readonly troubles: Trouble[]
  readonly addIssue: (about: Partial<Issue>) => Issue
  readonly addComment: (to: Issue, login: string, body: string) => Comment
}

const NO_RIGHTS = { status: 403, data: { message: 'Resource not accessible by integration' } }
const NOT_FOUND = { status: 404, data: { message: 'Not Found' } }
type Answer = { readonly status: number; readonly data: unknown; readonly headers?: Record<string, string> }

/** Starts it with one pull request, number 7, of the repository acme/mail. */
export async function startGitHub(): Promise<GitHubServer> {
  const issues: Issue[] = []
  const calls: GitHubServer['calls'] = []
  const tokens = new Map<string, Token>([['job-token', { login: 'github-actions[bot]', pulls: true, issues: true }]])
  const troubles: Trouble[] = []
  let ids = 1000

  const addIssue = (about: Partial<Issue>): Issue => {
    ids += 1
    const number = about.number ?? issues.length + 20
    const issue: Issue = {
      id: ids,
      number,
      title: '',
      body: '',
      state: 'open',
      labels: [],
      comments: [],
      user: { login: 'ada' },
      html_url: `https://github.test/acme/mail/issues/${number}`,
      ...about,
    }
    issues.push(issue)
    return issue
  }
  const addComment = (to: Issue, login: string, body: string): Comment => {
    ids += 1
    const comment = { id: ids, user: { login }, body, html_url: `${to.html_url}#issuecomment-${ids}` }
    to.comments.push(comment)
    return comment
  }
  addIssue({ number: 7, title: 'A change', pull_request: {} })

  const mayWrite = (token: Token, issue: Issue) =>
    token.issues === true || (token.pulls === true && issue.pull_request !== undefined)

  function writeIssue(token: Token, issue: Issue | undefined, given: Record<string, unknown>, url: URL): Answer {
    const labels = Array.isArray(given['labels']) ? given['labels'].map((name) => ({ name: String(name) })) : []
    if (issue === undefined) {
      if (token.issues !== true) return NO_RIGHTS
      const kept = token.dropsLabels === true ? [] : labels
      const about = { title: String(given['title']), body: String(given['body']), labels: kept }
      return { status: 201, data: addIssue({ ...about, user: { login: token.login } }) }
    }
    if (!mayWrite(token, issue)) return NO_RIGHTS
    if (url.pathname.endsWith('/labels')) {
      if (token.dropsLabels === true) return NO_RIGHTS
      issue.labels.push(...labels)
      return { status: 200, data: issue.labels }
    }
    if (typeof given['body'] === 'string') issue.body = given['body']
    if (typeof given['state'] === 'string') issue.state = given['state']
    return { status: 200, data: issue }
  }

  function serve(method: string, url: URL, token: Token, given: Record<string, unknown>): Answer {
    const body = typeof given['body'] === 'string' ? given['body'] : ''
    if (body.length > 65_536)
      return { status: 422, data: { message: 'body is too long (maximum is 65536 characters)' } }
    if (url.pathname === '/graphql') return { status: 200, data: { data: { viewer: { login: token.login } } } }
    const [, path] = /^\/repos\/acme\/mail\/issues(\/.*)?$/.exec(url.pathname) ?? []
    if (!url.pathname.startsWith('/repos/acme/mail/issues')) return NOT_FOUND
    const [, comment] = /^\/comments\/(\d+)$/.exec(path ?? '') ?? []
    if (comment !== undefined) {
      const owner = issues.find((issue) => issue.comments.some(({ id }) => id === Number(comment)))
      const found = owner?.comments.find(({ id }) => id === Number(comment))
      if (owner === undefined || found === undefined || method !== 'PATCH') return NOT_FOUND
      if (!mayWrite(token, owner)) return NO_RIGHTS
      found.body = body
      return { status: 200, data: found }
    }
    const [, number, rest] = /^\/(\d+)(\/comments|\/labels)?$/.exec(path ?? '') ?? []
    const issue = issues.find((one) => one.number === Number(number))
    if (number !== undefined && issue === undefined) return NOT_FOUND
    if (rest === '/comments' && issue !== undefined) {
      if (method === 'GET') return paged(issue.comments, url)
      return mayWrite(token, issue) ? { status: 201, data: addComment(issue, token.login, body) } : NO_RIGHTS
    }
    if (method !== 'GET') return writeIssue(token, issue, given, url)
    const [state, labels] = [url.searchParams.get('state') ?? 'open', url.searchParams.get('labels')]
    const fits = (one: Issue) =>
      (state === 'all' || one.state === state) && (labels === null || one.labels.some(({ name }) => name === labels))
    return paged(issues.filter(fits), url)
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://127.0.0.1')
    const method = request.method ?? ''
    calls.push({ method, path: url.pathname })
    const given = await bodyOf(request)
    const token = tokens.get(request.headers.authorization?.replace(/^Bearer /, '') ?? '')
    const answer = (): Answer =>
      token === undefined ? { status: 401, data: { message: 'Bad credentials' } } : serve(method, url, token, given)
    const at = troubles.findIndex((one) => one.method === method && url.pathname !== '/graphql')
    const [trouble] = at === -1 ? [] : troubles.splice(at, 1)
    if (trouble?.happened === true) answer()
    if (trouble?.status === 0) {
      request.socket.destroy()
      return
    }
    const { status, data, headers } =
      trouble === undefined ? answer() : { ...trouble, data: { message: trouble.message ?? 'trouble' } }
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
    response.end(JSON.stringify(data))
  })

  function paged(rows: readonly unknown[], url: URL): Answer {
    const size = Math.min(100, Number(url.searchParams.get('per_page') ?? 30))
    const page = Number(url.searchParams.get('page') ?? 1)
    const next = new URL(url)
    next.searchParams.set('page', String(page + 1))
    const link = page * size < rows.length ? { link: `<${next}>; rel="next", <${url}>; rel="last"` } : {}
    return { status: 200, data: rows.slice((page - 1) * size, page * size), headers: link }
  }

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address: AddressInfo | string | null = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    issues,
    calls,
    tokens,
    troubles,
    addIssue,
    addComment,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  const given: unknown = text === '' ? {} : JSON.parse(text)
  return isRecord(given) ? { ...given } : {}
}
