import { listPost, post } from '../../../model/kind/call.ts'
import { oneOf, set, string } from '../../../model/kind/field.ts'
import type { RiskRule } from '../../../model/kind/judgement.ts'
import { defineKind } from '../../../model/kind/kind.ts'
import { smtp2goApi } from '../api.ts'

type Update = Parameters<RiskRule['found']>[0]

const risks: readonly RiskRule[] = [
  {
    when: 'somebody leaves the list in the mode `allow`, or comes onto it in the mode `block`',
    level: 'medium',
    why: 'they may no longer send',
    found: (change) => turned(change, 'removed', 'added').map((entry) => `${entry} may no longer send`),
  },
  {
    when: 'somebody comes onto the list in the mode `allow`, or leaves it in the mode `block`',
    level: 'medium',
    why: 'they may send',
    found: (change) => turned(change, 'added', 'removed').map((entry) => `${entry} may send`),
  },
]

/** The entries that change in one way where the list allows, in the other where it blocks. */
function turned(
  { desired, live, members }: Update,
  allows: 'added' | 'removed',
  blocks: 'added' | 'removed',
): string[] {
  const mode = desired.values['mode'] ?? live.values['mode']
  if (mode === 'allow') return (members?.[allows] ?? []).map(String)
  return mode === 'block' ? (members?.[blocks] ?? []).map(String) : []
}

/** Who may send, or may not. */
export const allowedSenders = defineKind({
  name: 'allowedSenders',
  api: smtp2goApi,
  title: 'list of allowed senders',
  resource: 'allowed_senders',
  doc: 'Addresses and domains that may send (`allow`) or may not (`block`).',
  notes: [
    'The modes `allow` and `block` switch sender domains and single senders off: the list alone decides then.',
    'Entries that the spec does not name stay, unless `manage` says `allowedSenders: authoritative`.',
  ],
  key: '',
  id: '',
  scope: 'subaccount',
  singleton: 'one',
  fields: {
    mode: oneOf('What the list means.', ['allow', 'block', 'disabled'], {
      required: true,
      risky: [
        { when: { becomes: 'disabled' }, level: 'medium', why: 'the list no longer controls who may send' },
        { when: { becomes: 'block' }, level: 'high', why: 'only the senders of the list are refused' },
        { when: { becomes: 'allow' }, level: 'high', why: 'only the senders of the list may send' },
      ],
      wireValues: { allow: 'whitelist', block: 'blacklist', disabled: 'disabled' },
    }),
    entries: set(string('An address or a domain.', { format: 'sender' }), 'The list.', {
      required: true,
      wire: 'allowed_senders',
    }),
  },
  risks,
  members: { field: 'entries', add: post('/allowed_senders/add'), batch: true },
  calls: {
    list: listPost('/allowed_senders/view', { one: true }),
    update: post('/allowed_senders/update', { whole: true }),
  },
  example: { mode: 'allow', entries: ['example.com', 'ceo@example.net'] },
  dangers(change) {
    if (change.action !== 'update') return []
    const mode = change.fields.find((field) => field.path === 'mode')
    const after = change.members?.after ?? change.desired.values['entries']
    const emptied = (change.members?.removed.length ?? 0) > 0
    const allows = (change.desired.values['mode'] ?? change.live.values['mode']) === 'allow'
    const dangers = []
    if (mode !== undefined && mode.after !== 'disabled')
      dangers.push({
        code: 'SENDER_DOMAINS_OFF',
        reason: `${change.address} in mode "${String(mode.after)}" switches sender domains and single senders off`,
      })
    if (allows && (mode !== undefined || emptied) && Array.isArray(after) && after.length === 0)
      dangers.push({ code: 'NOBODY_SENDS', reason: `${change.address} would block every sender` })
    return dangers
  },
})
