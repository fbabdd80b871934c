import { readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { kinds, smtpUser, template, webhook } from '../../../src/apis/index.ts'
import { riskOf, riskRules } from '../../../src/engine/plan/risk.ts'
import type { FieldChange } from '../../../src/model/kind/difference.ts'
import type { Field, Fields, Values } from '../../../src/model/kind/field.ts'
import type { ResourceKind } from '../../../src/model/kind/kind.ts'
import type { Risky } from '../../../src/model/kind/risk.ts'
import type { Change } from '../../../src/model/run/change.ts'
import { riskTable } from '../../house/risks.ts'

const scope = { account: 'main', subaccount: null }
const source = { file: 'mailconfig.yaml', document: 0, path: [] }

function update(
  kind: ResourceKind,
  fields: readonly FieldChange[],
  values: { readonly live?: Values; readonly desired?: Values; readonly key?: string } = {},
): Change & { readonly action: 'update' } {
  const key = kind.singleton === undefined ? 'one' : ''
  const address = `${kind.name}/${key}`
  const desired = { kind, scope, key, address, values: values.desired ?? {}, state: 'present', protect: false, source }
  const live = { key: values.key ?? key, id: '1', values: values.live ?? {}, dormant: false }
  return { action: 'update', kind, scope, key, address, desired: { ...desired, state: 'present' }, live, fields }
}

const field = (path: string, before: unknown, after: unknown): FieldChange => ({
  path,
  before,
  after,
  sensitive: false,
})

/** Every rule that a field of a kind carries, with its path. */
function risky(fields: Fields, prefix = ''): [string, Risky][] {
  return Object.entries(fields).flatMap(([name, one]: [string, Field]): [string, Risky][] => [
    ...(one.risky ?? []).map((rule): [string, Risky] => [`${prefix}${name}`, rule]),
    ...(one.type === 'object' ? risky(one.fields, `${prefix}${name}.`) : []),
  ])
}

/** A change that a rule is about, and one in the other direction that it is not. */
function turns({ when }: Risky): [FieldChange['before'], FieldChange['after'], boolean][] {
  if (typeof when === 'object')
    return [
      ['else', when.becomes, true],
      [when.becomes, 'else', false],
    ]
  switch (when) {
    case 'changed':
      return [['a', 'b', true]]
    case 'lowered':
      return [
        [2, 1, true],
        [1, 2, false],
      ]
    case 'raised':
      return [
        [1, 2, true],
        [2, 1, false],
      ]
    case 'on':
      return [
        [false, true, true],
        [true, false, false],
      ]
    case 'off':
      return [
        [true, false, true],
        [false, true, false],
      ]
    case 'cleared':
      return [
        ['a', '', true],
        [{ a: 1 }, 'off', true],
        ['off', { a: 1 }, false],
      ]
    case 'added':
      return [
        [['a'], ['a', 'b'], true],
        [['a', 'b'], ['a'], false],
      ]
    case 'removed':
      return [
        [['a', 'b'], ['a'], true],
        [['a'], ['a', 'b'], false],
      ]
  }
}

describe('the rules of the fields', () => {
  const rules = kinds.flatMap((kind) => risky(kind.fields).map(([path, rule]) => ({ kind, path, rule })))

  it('are many', () => {
    expect(rules.length).toBeGreaterThan(40)
  })

  it.each(rules.map((one) => [`${one.kind.name}.${one.path} ${JSON.stringify(one.rule.when)}`, one] as const))(
    '%s says so one way and not the other',
    (_, { kind, path, rule }) => {
      for (const [before, after, holds] of turns(rule)) {
        const { level, why } = riskOf(update(kind, [field(path, before, after)]), [])
        expect(why.some((reason) => reason.endsWith(rule.why))).toBe(holds)
        if (holds) expect(level).not.toBe('low')
        if (holds && rule.level === 'high') expect(level).toBe('high')
      }
    },
  )
})

describe('the rules of the kinds', () => {
  const kindOf = (name: string) => kinds.find((kind) => kind.name === name) ?? expect.fail(name)
  const members = (added: unknown[], removed: unknown[]) => ({ added, edited: [], removed, after: [] })

  it.each<[string, Change, string[]]>([
    [
      'a rate limit is lowered, in whatever words',
      update(smtpUser, [field('rateLimit.per', '1 hour', '1 day')], {
        live: { rateLimit: { messages: 100, per: '1 hour' } },
        desired: { rateLimit: { messages: 100, per: '1 day' } },
      }),
      ['the rate limit is lowered: fewer messages may be sent in the same time'],
    ],
    [
      'a rate limit is raised',
      update(smtpUser, [field('rateLimit.messages', 100, 3000)], {
        live: { rateLimit: { messages: 100, per: '1 hour' } },
        desired: { rateLimit: { messages: 3000, per: '1 day' } },
      }),
      [],
    ],
    [
      'a rate limit is set where there was none',
      update(smtpUser, [field('rateLimit', 'off', { messages: 1, per: '1 hour' })], {
        live: { rateLimit: 'off' },
        desired: { rateLimit: { messages: 1, per: '1 hour' } },
      }),
      ['the rate limit is lowered: fewer messages may be sent in the same time'],
    ],
    [
      'a rate limit is taken away',
      update(smtpUser, [field('rateLimit', { messages: 1, per: '1 hour' }, 'off')], {
        live: { rateLimit: { messages: 1, per: '1 hour' } },
        desired: { rateLimit: 'off' },
      }),
      [],
    ],
    [
      'a webhook goes to another host',
      update(webhook, [field('url', 'https://a.example/x', 'https://b.example/x')], { key: 'https://a.example/x' }),
      [
        'what knows it as "https://a.example/x" no longer finds it',
        'events, and the secret that goes with them, are sent to b.example instead of a.example',
      ],
    ],
    [
      'a webhook goes to another path of its host',
      update(webhook, [field('url', 'https://a.example/x', 'https://a.example/y')]),
      [],
    ],
    [
      'a gap leaves a template, and another comes',
      update(template, [
        field('subject', 'Hello {{name}}', 'Hello {{ firstName }}'),
        field('html', '{{#if paid}}{{{total}}}{{/if}}', '{{#if paid}}{{{total}}}{{/if}}'),
      ]),
      ['{{name}} is no longer filled in', 'senders have to provide a value for {{firstName}}'],
    ],
    [
      'somebody leaves a list that allows',
      {
        ...update(kindOf('allowedSenders'), [], { live: { mode: 'allow' } }),
        members: members(['b.example'], ['a.example']),
      },
      ['a.example may no longer send', 'b.example may send'],
    ],
    [
      'somebody leaves a list that blocks',
      {
        ...update(kindOf('allowedSenders'), [], { live: { mode: 'block' } }),
        members: members(['b.example'], ['a.example']),
      },
      ['b.example may no longer send', 'a.example may send'],
    ],
    [
      'a network is let in and another shut out',
      {
        ...update(kindOf('ipAllowlist'), []),
        members: members([{ address: '192.0.2.0/24' }], [{ address: '198.51.100.1' }]),
      },
      ['192.0.2.0/24 is let in', 'traffic from 198.51.100.1 is refused while the list is enabled'],
    ],
  ])('%s', (_, change, why) => {
    expect(riskOf(change, []).why).toEqual(why)
  })

  it('what is new or stays is no risk', () => {
    const { desired } = update(smtpUser, [])
    const common = { kind: smtpUser, scope, key: 'one', address: 'smtpUsers/one', desired }
    expect(riskOf({ ...common, action: 'create', fields: [] }, [])).toEqual({ level: 'low', why: [] })
    expect(riskOf({ ...common, action: 'noop' }, [])).toEqual({ level: 'low', why: [] })
  })

  it('a deletion says what stops, a gate what it is about, a secret that it goes again', () => {
    const { live, desired } = update(smtpUser, [])
    const gone: Change = {
      action: 'delete',
      kind: smtpUser,
      scope,
      key: 'one',
      address: 'smtpUsers/one',
      live,
      fields: [],
    }
    const gate = { number: 'G1', code: 'TOY', reason: 'because', addresses: ['main:smtpUsers/one'], accepted: true }
    expect(riskOf({ ...gone, desired }, [gate])).toEqual({
      level: 'high',
      why: ['because', 'it is deleted: applications that log in with it can no longer send'],
    })
    expect(riskOf(update(smtpUser, [{ ...field('password', 0, 1), sensitive: true }]), [])).toEqual({
      level: 'medium',
      why: ['password is sent again'],
    })
    expect(riskOf({ ...update(smtpUser, []), live: { ...live, dormant: true } }, []).why).toEqual([
      'it is opened again',
    ])
  })
})

test('every kind that can be deleted says what happens then', () => {
  expect(riskRules(kinds).filter((rule) => rule.why === '')).toEqual([])
})

test('docs/safety.md has every rule, and no other', () => {
  expect(readFileSync('docs/safety.md', 'utf8')).toContain(riskTable(kinds))
})
