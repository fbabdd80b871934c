import { afterEach, describe, expect, test } from 'vitest'
import { closeHomes, type Home, home, writes } from '../harness.ts'

afterEach(closeHomes)

const GITHUB = { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'push', GITHUB_REF_NAME: 'topic' }
const GITLAB = { GITLAB_CI: 'true', CI_COMMIT_BRANCH: 'topic', CI_DEFAULT_BRANCH: 'main' }

async function ready(): Promise<Home> {
  const one = await home()
  one.spec('suppressions: [former@example.org]\n')
  one.file('event.json', '{"repository":{"default_branch":"main"}}')
  return one
}

describe('a job in CI', () => {
  test.each([
    ['GitHub, a topic branch', { ...GITHUB, GITHUB_REF_PROTECTED: 'false' }, /"topic" is not protected/],
    [
      'GitHub, a pull request into a protected branch',
      { ...GITHUB, GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF_PROTECTED: 'true' },
      /a pull_request event is not merged yet/,
    ],
    [
      'GitHub, a pull request with the rights of its target',
      { ...GITHUB, GITHUB_EVENT_NAME: 'pull_request_target', GITHUB_REF_PROTECTED: 'true', GITHUB_REF_NAME: 'main' },
      /not merged yet/,
    ],
    [
      'GitHub, a tag',
      { ...GITHUB, GITHUB_REF_TYPE: 'tag', GITHUB_REF_PROTECTED: 'false' },
      /a tag is set on any commit/,
    ],
    [
      'GitHub, a protected tag with the name of a branch',
      { ...GITHUB, GITHUB_REF_NAME: 'main', GITHUB_REF_TYPE: 'tag', GITHUB_REF_PROTECTED: 'true' },
      /a tag is set on any commit/,
    ],
    [
      'GitLab, a protected tag with the name of the default branch',
      { GITLAB_CI: 'true', CI_COMMIT_TAG: 'main', CI_COMMIT_REF_NAME: 'main', CI_COMMIT_REF_PROTECTED: 'true' },
      /a tag is set on any commit/,
    ],
    ['GitLab, a job that names no branch', { GITLAB_CI: 'true' }, /no branch is not protected/],
    ['CircleCI, a tag', { CIRCLECI: 'true', CIRCLE_TAG: 'v1' }, /a tag is set on any commit/],
    ['Bitbucket, a tag', { BITBUCKET_BUILD_NUMBER: '1', BITBUCKET_TAG: 'main' }, /a tag is set on any commit/],
    [
      'Jenkins, a tag',
      { JENKINS_URL: 'https://ci', BRANCH_NAME: 'main', TAG_NAME: 'main' },
      /a tag is set on any commit/,
    ],
    ['GitLab, a topic branch', GITLAB, /"topic" is not protected/],
    [
      'GitLab, a merge request',
      { ...GITLAB, CI_MERGE_REQUEST_IID: '4', CI_COMMIT_REF_PROTECTED: 'true' },
      /a merge request is not merged yet/,
    ],
    ['Buildkite, a topic branch', { BUILDKITE: 'true', BUILDKITE_BRANCH: 'topic' }, /"topic" is no main branch/],
    [
      'Azure, a pull request',
      { TF_BUILD: 'True', SYSTEM_PULLREQUEST_PULLREQUESTID: '9', BUILD_SOURCEBRANCH: 'refs/heads/main' },
      /a pull request is not merged yet/,
    ],
  ])('is refused before any call: %s', async (_, env, message) => {
    const one = await ready()
    for (const verb of ['apply', 'destroy']) {
      const ran = await one.run(`${verb} --auto-approve`, { env })
      expect(ran.stderr).toMatch(message)
      expect(ran.stderr).toContain('--branch')
      expect(ran.code).toBe(3)
    }
    expect(one.emulator.requests()).toEqual([])
  })

  test.each([
    ['GitHub, a protected branch', { ...GITHUB, GITHUB_REF_PROTECTED: 'true' }, ''],
    ['GitLab, a protected branch', { ...GITLAB, CI_COMMIT_REF_PROTECTED: 'true' }, ''],
    ['GitLab, the default branch', { ...GITLAB, CI_COMMIT_BRANCH: 'main' }, ''],
    ['a branch that --branch names', { ...GITHUB, GITHUB_REF_PROTECTED: 'false' }, '--branch main --branch top*'],
    ['Atlantis, whose own rules are the review', { BASE_REPO_OWNER: 'us', HEAD_BRANCH_NAME: 'topic' }, ''],
    ['CircleCI on main', { CIRCLECI: 'true', CIRCLE_BRANCH: 'main' }, ''],
    ['a CI that says no more than that it is one', { CI: 'true' }, ''],
  ])('applies: %s', async (_, env, more) => {
    const one = await ready()
    const ran = await one.run(`apply --auto-approve ${more}`, { env })
    expect(ran.stderr).not.toContain('refused')
    expect(ran.code).toBe(0)
    expect(writes(one.emulator).length).toBeGreaterThan(0)
  })

  test('applies from the default branch that the event of GitHub names', async () => {
    const one = await ready()
    const env = { ...GITHUB, GITHUB_REF_NAME: 'main', GITHUB_EVENT_PATH: `${one.dir}/event.json` }
    expect((await one.run('apply --auto-approve', { env })).code).toBe(0)
    const other = await one.run('apply --auto-approve', { env: { ...env, GITHUB_REF_NAME: 'topic' } })
    expect(other.code).toBe(3)
  })

  test('is refused where --branch names other branches, protected or not', async () => {
    const one = await ready()
    const env = { GITHUB_ACTIONS: 'true', GITHUB_REF_NAME: 'topic', GITHUB_REF_PROTECTED: 'false' }
    const ran = await one.run('apply --auto-approve --branch release/*', { env })
    expect(ran.stderr).toContain('GitHub Actions runs on the branch "topic", and --branch allows release/*')
    expect(ran.code).toBe(3)
  })

  test('may plan from anywhere, and try an apply on an emulator', async () => {
    const one = await ready()
    const env = { ...GITHUB, GITHUB_REF_PROTECTED: 'false' }
    expect((await one.run('plan', { env })).code).toBe(0)
    expect((await one.run('apply --auto-approve --emulator', { env })).code).toBe(0)
    expect(writes(one.emulator)).toEqual([])
  })
})
