import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Ran } from '../cli/harness.ts'
import { closeHomes, state, writes } from '../cli/harness.ts'
import { type Company, openCompany } from './company.ts'

/*
 * A month of a company that keeps its mail settings in Git, as people and jobs live through it: with Git, with the built
 * command in processes of its own, and with an account that others click in. The days build on each other.
 */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

/** The account as the company has it on the first day: it has grown by hand for years. */
const GROWN = {
  ...Object(
    state({
      smtpUsers: [
        { username: 'billing-app', description: 'Bills', status: 'allowed' },
        { username: 'shop-app', description: 'Shop', status: 'allowed' },
        { username: 'old-crm', description: '2019?', status: 'allowed' },
        { username: 'intranet', description: '', status: 'allowed' },
      ],
      webhooks: [{ id: 1, url: 'https://hooks.example.com/mail', events: ['bounce', 'spam'], output_format: 'json' }],
      suppressions: ['ada', 'bob', 'eve'].map((name) => ({
        email_address: `${name}@example.org`,
        block_description: '',
        reason: 'manual',
        timestamp: '2026-10-01 12:00:00',
      })),
      templates: [
        { id: 'welcome-01', name: 'Welcome', subject: 'Hi {{name}}', html_body: '<p>Hi</p>\n', text_body: 'Hi\n' },
      ],
      allowedSenders: { mode: 'whitelist', entries: ['example.com'] },
    }),
  ),
  backoffice: {
    providers: [
      {
        id: 1,
        caption: 'Primary',
        driver: 'smtp',
        host: 'smtp.example.com',
        port: 587,
        username: 'relay',
        password: 'as-it-was',
        sendFrom: 'noreply@example.com',
        sendFromName: 'Example',
        encryption: 'tls',
        isEnabled: true,
      },
    ],
  },
}

/** What a run printed as JSON. */
const json = ({ stdout }: Ran) => JSON.parse(stdout)
/** Action, address and reason of each change of a plan. */
const changes = (ran: Ran): string[] =>
  json(ran).changes.map((one: Record<string, unknown>) => `${one['action']} ${one['address']} ${one['reason']}`)
/** What changed outside, in a line each. */
const drifted = (ran: Ran): string[] =>
  json(ran).drift.map((one: Record<string, unknown>) => `${one['what']} ${one['address']} ${one['reason']}`)
/** Edits of a spec: lines put below a line, and a text for another one. */
const below =
  (line: string, text: string): Edit =>
  (spec) =>
    instead(`\n${line}\n`, `\n${line}\n${text}`)(spec)
const instead =
  (old: string, text: string): Edit =>
  (spec) => {
    expect(spec.split(old)).toHaveLength(2)
    return spec.replace(old, () => text)
  }
const both =
  (...edits: readonly Edit[]): Edit =>
  (spec) =>
    edits.reduce((text, edit) => edit(text), spec)
type Edit = (spec: string) => string

const user = (username: string, secret: string) =>
  below('smtpUsers:', `  - username: ${username}\n    password: \${env:${secret}}\n`)

const hook = (host: string, events: string, username: string) =>
  `  - url: https://${host}/mail\n    events: ${events}\n    usernames: [${username}]\n`

describe('November', () => {
  let us: Company
  beforeAll(async () => {
    us = await openCompany(GROWN)
  })
  let broken = false
  beforeEach(({ skip }) => skip(broken, 'a day before went wrong'))
  afterEach(async ({ task }) => {
    broken ||= task.result?.state === 'fail'
    if (broken) return
    broken = true
    await us.evening()
    broken = false
  })
  afterAll(closeHomes)

  const find = (username: string) => us.live('smtpUsers').find((one) => one['username'] === username)
  /** A change goes the usual way: a branch, a plan in its pull request, a merge, an apply. */
  const change = async (name: string, edit: (spec: string) => string) => {
    us.branch(name, edit)
    const planned = await us.pull(name, 'plan --format json --no-input')
    const commit = us.merge(name)
    const applied = await us.main('apply --auto-approve --no-input')
    return { planned, applied, commit }
  }
  const done = { code: 0, stdout: expect.stringContaining('Applied.') }

  test('the 2nd: what is there is written down, and mailconfig learns what is its own', async () => {
    us.day(2)
    expect((await us.ada('export -o mailconfig.yaml')).code).toBe(0)
    expect(await us.ada('plan --detailed-exitcode')).toMatchObject({ code: 0 })
    us.branch('bootstrap')
    us.merge('bootstrap')
    expect(await us.main('apply --auto-approve')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Nothing to do.'),
    })
    expect(json(await us.main('adopt --all --format json')).summary).toMatchObject({ adopted: 15, not: 0 })
    expect(writes(us.emulator)).toEqual([])
  })

  test('the 3rd: from now on, what leaves the file goes; nothing goes yet', async () => {
    us.day(3)
    const { planned, applied } = await change(
      'owned',
      both(
        below('account: main', 'manage: { default: owned }\n'),
        below('  - username: shop-app', '    status: allowed\n'), // a field that nobody names is not looked after
      ),
    )
    expect(changes(planned)).toEqual([])
    expect(applied.code).toBe(0)
    expect(writes(us.emulator)).toEqual([])
  })

  test('the 4th: a new application: the plan of the branch is what is applied after the merge', async () => {
    us.day(4)
    us.branch(
      'news',
      both(
        user('news-app', 'NEWS_APP_PASSWORD'),
        below('webhooks:', hook('news.example.com', '[unsubscribe]', 'news-app')),
        below(
          'apiKeys:',
          '  - { description: Figures, endpoints: [/stats/*], saveTo: { command: cat > "$VAULT/figures" } }\n',
        ),
      ),
    )
    const file = us.artefact('news.plan')
    const planned = await us.pull('news', `plan --out ${file} --detailed-exitcode --format json --no-input`)
    expect(planned.code).toBe(2)
    expect(changes(planned)).toEqual([
      'create apiKeys/Figures spec',
      'create smtpUsers/news-app spec',
      'create webhooks/https://news.example.com/mail spec',
    ])
    const shown = await us.ada(`show ${file}`)
    expect(shown.stdout).toContain('news-app')
    // A pull request writes nothing, with the plan or without.
    for (const words of [`apply ${file}`, 'apply --auto-approve', 'destroy --auto-approve', 'adopt --all'])
      expect(await us.pull('news', words)).toMatchObject({ code: 3, stderr: expect.stringContaining('not merged yet') })
    expect(writes(us.emulator)).toEqual([])
    us.merge('news')
    expect(await us.main(`apply ${file} --no-input`)).toMatchObject(done)
    expect(find('news-app')?.['email_password']).toBe(us.secrets['NEWS_APP_PASSWORD'])
    expect(us.vault()).toEqual([expect.stringMatching(/^api-/)])
    // A plan is for one apply.
    expect((await us.main(`apply ${file}`)).code).toBe(3)
  })

  test('the 6th: two clicks in the console: one is kept in Git, the other one is put right', async () => {
    us.day(6)
    await us.click('/users/smtp/edit', { username: 'shop-app', status: 'blocked' })
    await us.click('/users/smtp/edit', { username: 'billing-app', description: 'mine now' })
    const night = await us.main('drift --format json')
    expect(night.code).toBe(2)
    expect(drifted(night)).toEqual(['changed smtpUsers/billing-app drift', 'changed smtpUsers/shop-app drift'])
    expect((await us.ada('export --into mailconfig.yaml --only smtpUsers/shop-app')).code).toBe(0)
    us.branch('keep-the-block')
    us.merge('keep-the-block')
    expect(drifted(await us.main('drift --format json'))).toEqual(['changed smtpUsers/billing-app drift'])
    expect(await us.main('apply --auto-approve')).toMatchObject(done)
    expect(find('shop-app')).toMatchObject({ status: 'blocked', description: 'Shop' })
    expect(find('billing-app')).toMatchObject({ description: 'Bills' })
  })

  test('the 9th: what leaves the file goes, behind its gate; what others made stays', async () => {
    us.day(9)
    await us.click('/users/smtp/add', { username: 'guest-app', email_password: 'Gaeste-!Liste-77' })
    us.branch(
      'less',
      both(
        instead('  - username: old-crm\n    description: 2019?\n', ''),
        instead('  - address: eve@example.org\n', ''),
      ),
    )
    const planned = await us.pull('less', 'plan --format json')
    expect(changes(planned)).toEqual(['delete smtpUsers/old-crm spec', 'delete suppressions/eve@example.org spec'])
    expect(json(planned).unmanaged).toMatchObject([{ address: 'smtpUsers/guest-app' }])
    us.merge('less')
    const count = writes(us.emulator).length
    expect(await us.main('apply --auto-approve')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('nothing was written: G1 SUPPRESSION_REMOVED'),
    })
    expect(writes(us.emulator)).toHaveLength(count)
    expect(await us.main(`apply --auto-approve --accept ${json(planned).gates[0].accept}`)).toMatchObject(done)
    expect(
      us
        .live('smtpUsers')
        .map((one) => one['username'])
        .sort(),
    ).toEqual(['billing-app', 'guest-app', 'intranet', 'news-app', 'shop-app'])
  })

  test('the 11th: things get other names and stay the things they are', async () => {
    us.day(11)
    const { planned, applied } = await change(
      'names',
      both(
        instead(
          'https://hooks.example.com/mail',
          'https://hooks.example.com/events\n    moved: https://hooks.example.com/mail',
        ),
        instead('caption: Primary', 'caption: Relay\n    moved: Primary'),
      ),
    )
    expect(changes(planned).map((line) => line.split(' ')[0])).toEqual(['update', 'update'])
    expect(applied).toMatchObject(done)
    expect(us.live('webhooks').find((one) => one['id'] === 1)).toMatchObject({
      url: 'https://hooks.example.com/events',
    })
    expect(us.providers()).toMatchObject([{ id: 1, caption: 'Relay', password: 'as-it-was' }])
  })

  test('the 13th: a password is another one: nobody can read it, the ledger knows', async () => {
    us.day(13)
    us.secrets['NEWS_APP_PASSWORD'] = 'Neue%20Depesche"}{.*14'
    const planned = await us.main('plan --format json')
    expect(changes(planned)).toEqual(['update smtpUsers/news-app spec'])
    expect(json(planned).changes[0].fields).toMatchObject([{ path: 'password', sensitive: true, after: '(sensitive)' }])
    expect(await us.main('apply --auto-approve')).toMatchObject(done)
    expect(find('news-app')?.['email_password']).toBe(us.secrets['NEWS_APP_PASSWORD'])
  })

  test('the 14th: a new password is made up, delivered, and known to nobody else', async () => {
    us.day(14)
    const rotate = 'rotate smtpUsers/news-app --generate --save-to "command:cat > $VAULT/news-password"'
    expect(await us.pull('news', `${rotate} --auto-approve`)).toMatchObject({ code: 3 })
    expect(await us.main(`${rotate} --auto-approve`)).toMatchObject({ code: 0 })
    const sent = find('news-app')?.['email_password']
    expect(us.vault()).toContain(sent)
    expect(sent).not.toBe(us.secrets['NEWS_APP_PASSWORD'])
    us.secrets['NEWS_APP_PASSWORD'] = String(sent) // the CI reads it from the vault from now on
  })

  test('the 16th: a plan that was reviewed is stale when somebody else was faster', async () => {
    us.day(16)
    us.branch('slow', below('  - username: billing-app', '    openTracking: true\n'))
    const file = us.artefact('slow.plan')
    expect((await us.pull('slow', `plan --out ${file}`)).code).toBe(0)
    await change('fast', instead('description: Shop', 'description: Shop and returns'))
    us.merge('slow')
    const count = writes(us.emulator).length
    expect(await us.main(`apply ${file}`)).toMatchObject({ code: 3, stderr: expect.stringContaining('STALE_SPEC') })
    expect(writes(us.emulator)).toHaveLength(count)
    expect(find('billing-app')).toMatchObject({ open_tracking_enabled: false })
    expect(await us.main('apply --auto-approve')).toMatchObject(done)
    expect(find('billing-app')).toMatchObject({ open_tracking_enabled: true })
  })

  test('the 18th: two runners at once: one is at work, one is sent away, one waits', async () => {
    us.day(18)
    us.branch('rates', below('  - username: intranet', '    rateLimit: { messages: 50, per: 1 hour }\n'))
    us.merge('rates')
    const count = writes(us.emulator).length
    us.emulator.faults([{ match: { path: '/v3/users/smtp/edit' }, fault: 'latency', ms: 4000 }])
    await us.counted(async () => {
      const first = us.begin('apply --auto-approve')
      await vi.waitFor(() => expect(writes(us.emulator).length).toBeGreaterThan(count), 60_000)
      const away = us.begin('apply --auto-approve --lock-timeout 0')
      const patient = us.begin('apply --auto-approve --lock-timeout 2m')
      expect(await away.ended).toMatchObject({ code: 3, stderr: expect.stringContaining('LEDGER_LOCKED') })
      expect(await patient.ended).toMatchObject({
        code: 0,
        stderr: expect.stringContaining('Waiting for ada'),
        stdout: expect.stringContaining('Nothing to do.'),
      })
      expect(await first.ended).toMatchObject(done)
    })
    us.emulator.clearFaults()
    expect(writes(us.emulator)).toHaveLength(count + 1)
  })

  test('the 20th: a runner is killed in the middle: the next one takes over and finishes', async () => {
    us.day(20)
    us.branch(
      'shipping',
      both(
        user('shipping-app', 'SHIPPING_APP_PASSWORD'),
        below('webhooks:', hook('shipping.example.com', '[bounce]', 'shipping-app')),
      ),
    )
    us.merge('shipping')
    us.emulator.faults([{ match: { path: '/v3/users/smtp/add' }, fault: 'hang-after-commit' }])
    await us.counted(async () => {
      const dying = us.begin('apply --auto-approve')
      await vi.waitFor(() => expect(find('shipping-app')).toBeDefined(), 60_000)
      dying.child.kill('SIGKILL')
      expect((await dying.ended).code).toBe(null)
    })
    us.emulator.clearFaults()
    const next = await us.main('apply --auto-approve --lock-timeout 2m')
    expect(next).toMatchObject({ code: 0, stderr: expect.stringContaining('is taken over') })
    expect(us.live('smtpUsers').filter((one) => one['username'] === 'shipping-app')).toHaveLength(1)
    expect(us.live('webhooks').filter((one) => String(one['url']).includes('shipping'))).toHaveLength(1)
    const runs = json(await us.ada('history --format json')).runs
    expect(runs.slice(0, 2).map((run: { state: string }) => run.state)).toEqual(['done', 'interrupted'])
  })

  test('the 23rd: a bad change is rolled back, and then taken out of Git', async () => {
    us.day(23)
    const [{ id }] = json(await us.ada('history --format json')).runs
    const { applied, commit } = await change(
      'bad',
      both(
        below('suppressions:', '  - everybody@example.org\n'),
        instead('description: Bills', 'description: Oops'),
        below('  - username: news-app', '    status: blocked\n'),
      ),
    )
    expect(applied).toMatchObject(done)
    const closed = await us.main(`rollback --to ${id} --auto-approve`)
    expect(closed.code).toBe(3)
    const [token = ''] = /G1:[0-9a-f]{4}/.exec(closed.stdout + closed.stderr) ?? []
    const back = await us.main(`rollback --to ${id} --auto-approve --accept ${token}`)
    expect(back).toMatchObject({ code: 0, stdout: expect.stringContaining(`revert the commit ${commit.slice(0, 7)}`) })
    expect(find('billing-app')).toMatchObject({ description: 'Bills', open_tracking_enabled: true })
    expect(find('news-app')).toMatchObject({ status: 'allowed' })
    us.revert(commit)
  })

  test('the 25th: the ledger is lost: nothing is deleted, and it is said', async () => {
    us.day(25)
    us.loseLedger()
    const { planned, applied } = await change('intranet', (spec) =>
      spec.replace(/ {2}- username: intranet\n( {4}.*\n)*/, ''),
    )
    expect(changes(planned)).toEqual([])
    expect(applied).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to do.') })
    expect(find('intranet')).toBeDefined()
    expect(json(await us.main('adopt --all --format json')).summary).toMatchObject({ known: 0, not: 0 })
  })

  test('the 27th: a bad night of the service is no change, and half an apply is finished by the next one', async () => {
    us.day(27)
    us.emulator.faults([{ match: { path: '/v3/webhook/view' }, fault: 'status', status: 500 }])
    expect((await us.main('drift')).code).toBe(1)
    us.emulator.clearFaults()
    us.emulator.faults([{ match: { path: '/v3/webhook/view' }, fault: 'empty-list' }])
    const count = writes(us.emulator).length
    expect(await us.main('apply --auto-approve')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('EMPTY_LIVE'),
    })
    expect(writes(us.emulator)).toHaveLength(count)
    us.emulator.clearFaults()
    us.branch(
      'half',
      both(instead('events: [bounce]', 'events: [bounce, spam]'), below('suppressions:', '  - late@example.org\n')),
    )
    us.merge('half')
    us.emulator.faults([
      {
        match: { path: '/v3/webhook/edit' },
        fault: 'status',
        status: 400,
        body: { data: { error: 'not now', error_code: 'E_X' } },
      },
    ])
    expect((await us.main('apply --auto-approve')).code).toBe(4)
    us.emulator.clearFaults()
    expect(await us.main('apply --auto-approve')).toMatchObject(done)
  })

  test('the 30th: every run is in the history, with a commit that is in Git', async () => {
    us.day(30)
    const { runs } = json(await us.ada('history --format json'))
    expect(runs.length).toBeGreaterThan(2)
    for (const { commit, by } of runs) expect([us.commits().includes(commit), by]).toEqual([true, 'ada'])
    expect((await us.ada('export -o again.yaml')).code).toBe(0)
    expect(await us.ada('plan -f again.yaml --detailed-exitcode --ledger none')).toMatchObject({ code: 0 })
  })
})
