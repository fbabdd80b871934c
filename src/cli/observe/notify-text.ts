import { EXIT } from '../invocation/exit.ts'
import type { NotifyOn } from '../options/notify-events.ts'
import { printable } from '../terminal/paint.ts'

/** What a run came to, in names and numbers; no value of a field. */
export interface RunOutcome {
  readonly events: readonly NotifyOn[]
  readonly code: number
  readonly results: readonly {
    readonly name: string
    readonly action: string
    readonly outcome: string
    readonly why?: string
  }[]
  readonly drifted: readonly string[]
  /** Why the run ended before its end. */
  readonly reason?: string
}

/** A message as Slack takes it; Mattermost, Rocket.Chat and others read `text`. */
export interface Notification {
  readonly text: string
  readonly blocks: readonly unknown[]
}

/** Who ran what, and where. */
interface About {
  readonly command: string
  readonly target: string
  readonly actor: string
  readonly url: string | undefined
  readonly commit: string | undefined
}

/** The most objects that are named; the others are counted. */
const MOST_NAMES = 20
/** Slack refuses a text of more than 3000 characters. */
const MOST_CHARACTERS = 2900

/** The message about a run. */
export function messageOf(about: RunOutcome & About): Notification {
  const { command, target, actor, url, commit } = about
  const head = `${signOf(about)} mailconfig ${command}: ${verdictOf(about)} (${target})`
  const lines = linesOf(about)
  const foot = [
    `by ${actor}`,
    ...(commit === undefined ? [] : [`commit ${commit.slice(0, 12)}`]),
    `exit code ${about.code}`,
  ].join(', ')
  const link = url !== undefined && /^https?:\/\/[^\s<>|]+$/.test(url) ? [mrkdwn(`<${escapeText(url)}|The job>`)] : []
  const list = lines.length === 0 ? [] : [{ type: 'section', text: plain(lines.join('\n')) }]
  return {
    text: [head, ...lines, foot].map(escapeText).join('\n'),
    blocks: [{ type: 'section', text: plain(head) }, ...list, { type: 'context', elements: [plain(foot), ...link] }],
  }
}

function signOf({ code, drifted }: RunOutcome): string {
  if (code === EXIT.ok || code === EXIT.changes) return drifted.length > 0 ? '⚠' : '✔'
  return code === EXIT.partial ? '⚠' : '✖'
}

function verdictOf({ code, results, drifted, reason }: RunOutcome): string {
  if (results.length > 0) {
    const count = (outcome: string) => results.filter((result) => result.outcome === outcome).length
    const parts = [
      ...[`${count('done')} done`, `${count('failed')} failed`],
      ...[`${count('skipped')} not tried`, `${count('unknown')} unknown`],
    ]
    return parts.filter((part) => !part.startsWith('0 ')).join(', ')
  }
  if (drifted.length > 0) return `${drifted.length} ${drifted.length === 1 ? 'object' : 'objects'} changed outside`
  if (code === EXIT.interrupted) return 'interrupted'
  if (code === EXIT.bug) return 'a bug in mailconfig'
  if (code === EXIT.ok) return 'nothing to do'
  if (code === EXIT.changes) return 'there are changes'
  return reason === undefined ? 'failed' : `failed: ${reason}`
}

/** Names first what somebody has to look at. */
function linesOf({ results, drifted, reason }: RunOutcome): string[] {
  const rank = ['failed', 'unknown', 'skipped', 'done']
  const sorted = [...results].sort((a, b) => rank.indexOf(a.outcome) - rank.indexOf(b.outcome))
  const named = [
    ...sorted.map(
      ({ name, action, outcome, why }) =>
        `${outcome}: ${action} ${name}${why === undefined ? '' : `, ${cut(why, 200)}`}`,
    ),
    ...drifted.map((name) => `changed outside: ${name}`),
  ]
  const more = named.length > MOST_NAMES ? [`and ${named.length - MOST_NAMES} more`] : []
  const said = results.length > 0 && reason !== undefined ? [cut(reason, 300)] : []
  return [...said, ...named.slice(0, MOST_NAMES), ...more]
}

function plain(text: string) {
  return { type: 'plain_text', text: cut(escapeText(text), MOST_CHARACTERS), emoji: false }
}

function mrkdwn(text: string) {
  return { type: 'mrkdwn', text }
}

/** A text in which nobody is called and nothing is a link: signs of Slack as entities, a mention cut by an invisible sign. */
function escapeText(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/(?<![\w.+-])@(?=\w)|@(?=(?:here|channel|everyone|all)\b)/gi, '@\u200B')
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}
