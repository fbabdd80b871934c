import { hostname, userInfo } from 'node:os'
import { readText } from '../../model/files/text-file.ts'
import { isRecord, parseJson } from '../../model/json.ts'

type Env = Readonly<Record<string, string | undefined>>

/** Where a run takes place: who started it, from which commit, and whether its branch is one that others review. */
interface CiJob {
  /** The CI service, in words; undefined: no CI that we know. */
  readonly service?: string
  /** `ada@build-7`, or the actor of a job. */
  readonly actor: string
  readonly url?: string
  readonly commit?: string
  readonly branch?: string
  /** True for a protected or default branch, false for another one or a pull request, undefined where nobody says. */
  readonly reviewed?: boolean
  /** What makes us say so. */
  readonly why?: string
}

const TAG = 'a tag is set on any commit, and nobody has to review it'

/** Reads from the environment where a run takes place. */
export function ciJobOf(env: Env): CiJob {
  const found = github(env) ?? gitlab(env) ?? atlantis(env) ?? others(env)
  return found ?? { actor: person(env) }
}

/** The parts of a place that are known; an empty text counts as unknown. */
function place(
  service: string,
  parts: { readonly [K in keyof Omit<CiJob, 'service'>]: CiJob[K] | undefined },
): CiJob | undefined {
  const known = Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined && value !== ''))
  return { service, actor: service, ...known }
}

function github(env: Env): CiJob | undefined {
  if (env['GITHUB_ACTIONS'] !== 'true') return undefined
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env
  const event = env['GITHUB_EVENT_NAME'] ?? ''
  const isBranch = env['GITHUB_REF_TYPE'] !== 'tag'
  const branch = isBranch ? env['GITHUB_REF_NAME'] : undefined
  const guard = branch !== undefined && (env['GITHUB_REF_PROTECTED'] === 'true' || branch === defaultBranch(env))
  const pull = event.startsWith('pull_request')
  return place('GitHub Actions', {
    actor: env['GITHUB_ACTOR'],
    url: server !== undefined && repository !== undefined ? `${server}/${repository}/actions/runs/${run}` : undefined,
    commit: env['GITHUB_SHA'],
    branch,
    reviewed: guard && !pull,
    why: pull ? `a ${event} event is not merged yet` : isBranch ? undefined : TAG,
  })
}

function eventOf(path = ''): unknown {
  const read = readText(path)
  return read.ok ? parseJson(read.text) : undefined
}

/** GitHub names the default branch only in the file of the event. */
function defaultBranch(env: Env): string | undefined {
  try {
    const event: unknown = eventOf(env['GITHUB_EVENT_PATH'])
    const repository = isRecord(event) ? event['repository'] : undefined
    const name = isRecord(repository) ? repository['default_branch'] : undefined
    return typeof name === 'string' ? name : undefined
  } catch {
    return undefined // no file, or not JSON: then only the protection counts
  }
}

function gitlab(env: Env): CiJob | undefined {
  if (env['GITLAB_CI'] !== 'true') return undefined
  const merge = (env['CI_MERGE_REQUEST_IID'] ?? env['CI_EXTERNAL_PULL_REQUEST_IID']) !== undefined
  const isTag = env['CI_COMMIT_TAG'] !== undefined
  const branch = isTag ? undefined : (env['CI_COMMIT_BRANCH'] ?? env['CI_COMMIT_REF_NAME'])
  const guard =
    branch !== undefined && (env['CI_COMMIT_REF_PROTECTED'] === 'true' || branch === env['CI_DEFAULT_BRANCH'])
  return place('GitLab CI', {
    actor: env['GITLAB_USER_LOGIN'],
    url: env['CI_JOB_URL'],
    commit: env['CI_COMMIT_SHA'],
    branch,
    reviewed: guard && !merge,
    why: merge ? 'a merge request is not merged yet' : isTag ? TAG : undefined,
  })
}

/** Atlantis applies from pull requests by design; its own requirements (approved, mergeable) are the review. */
function atlantis(env: Env): CiJob | undefined {
  if (env['ATLANTIS_TERRAFORM_VERSION'] === undefined && env['BASE_REPO_OWNER'] === undefined) return undefined
  return place('Atlantis', {
    actor: env['USER_NAME'],
    url: env['PULL_URL'],
    commit: env['HEAD_COMMIT'],
    branch: env['HEAD_BRANCH_NAME'],
    reviewed: true,
    why: undefined,
  })
}

/** Services that name the branch and not whether it is protected: the usual names of main branches count as reviewed. */
function others(env: Env): CiJob | undefined {
  const pull = env['CHANGE_ID'] ?? env['BITBUCKET_PR_ID'] ?? env['SYSTEM_PULLREQUEST_PULLREQUESTID']
  const isPull = pull !== undefined || (env['BUILDKITE_PULL_REQUEST'] ?? 'false') !== 'false'
  const tag = env['BUILDKITE_TAG'] ?? env['CIRCLE_TAG'] ?? env['BITBUCKET_TAG'] ?? env['TAG_NAME'] ?? ''
  const known: readonly (readonly [
    string,
    string | undefined,
    Omit<Parameters<typeof place>[1], 'reviewed' | 'why'>,
  ])[] = [
    [
      'Buildkite',
      env['BUILDKITE'],
      {
        actor: env['BUILDKITE_BUILD_CREATOR'],
        url: env['BUILDKITE_BUILD_URL'],
        commit: env['BUILDKITE_COMMIT'],
        branch: env['BUILDKITE_BRANCH'],
      },
    ],
    [
      'CircleCI',
      env['CIRCLECI'],
      {
        actor: env['CIRCLE_USERNAME'],
        url: env['CIRCLE_BUILD_URL'],
        commit: env['CIRCLE_SHA1'],
        branch: env['CIRCLE_BRANCH'],
      },
    ],
    [
      'Azure Pipelines',
      env['TF_BUILD'],
      {
        actor: env['BUILD_REQUESTEDFOR'],
        url: undefined,
        commit: env['BUILD_SOURCEVERSION'],
        branch: env['BUILD_SOURCEBRANCH']?.replace(/^refs\/heads\//, ''),
      },
    ],
    [
      'Bitbucket Pipelines',
      env['BITBUCKET_BUILD_NUMBER'],
      {
        actor: env['BITBUCKET_STEP_TRIGGERER_UUID'],
        url: undefined,
        commit: env['BITBUCKET_COMMIT'],
        branch: env['BITBUCKET_BRANCH'],
      },
    ],
    [
      'Jenkins',
      env['JENKINS_URL'],
      { actor: env['BUILD_USER'], url: env['BUILD_URL'], commit: env['GIT_COMMIT'], branch: env['BRANCH_NAME'] },
    ],
  ]
  const found = known.find(([, mark]) => mark !== undefined)
  if (found === undefined) return undefined
  const [service, , parts] = found
  const usual = parts.branch === undefined ? undefined : ['main', 'master', 'trunk'].includes(parts.branch)
  return place(service, {
    ...parts,
    reviewed: isPull || tag !== '' ? false : usual,
    why: isPull ? 'a pull request is not merged yet' : tag === '' ? `"${parts.branch}" is no main branch` : TAG,
  })
}

function person(env: Env): string {
  return `${env['USER'] ?? env['USERNAME'] ?? userName()}@${hostname()}`
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    return 'somebody' // a container may run under an id that has no name
  }
}
