import { formatScope } from '../../model/address.ts'
import type { DesiredObject } from '../../model/desired/object.ts'
import { isRecord } from '../../model/json.ts'
import { revealed } from '../../model/secret.ts'
import { isLoopbackUrl } from '../../model/value/loopback.ts'
import type { Around, LintFinding } from './finding.ts'

/** What is odd about webhooks that are on. */
export function webhookFindings({ of }: Around): LintFinding[] {
  const all = of('webhooks').filter(({ values }) => values['disabled'] !== true)
  const byScope = new Map<string, DesiredObject[]>()
  for (const one of all) {
    const name = formatScope(one.scope)
    byScope.set(name, [...(byScope.get(name) ?? []), one])
  }
  return [...all.flatMap(calls), ...[...byScope].flatMap(([scope, hooks]) => bounces(scope, hooks))]
}

/** How a webhook is called. A URL may be a secret: it is looked at, and never quoted. */
function calls(object: DesiredObject): LintFinding[] {
  const { auth, customHeaders } = object.values
  const url = String(revealed(object.values['url']))
  const found: LintFinding[] = []
  if (/^http:/i.test(url) && !isLoopbackUrl(url)) {
    const message = 'events go over plain http, and can be read on the way'
    found.push({ code: 'WEBHOOK_PLAIN_HTTP', object, path: ['url'], message })
  }
  if (!isRecord(auth) && customHeaders === undefined && !hasLogin(url)) {
    const message = 'nothing shows that a call comes from the service: anybody who knows the URL can report events'
    found.push({ code: 'WEBHOOK_NO_AUTH', object, path: auth === undefined ? [] : ['auth'], message })
  }
  return found
}

function hasLogin(url: string): boolean {
  if (!URL.canParse(url)) return url.includes('${') // a value that was not looked up may have one
  const { username, password } = new URL(url)
  return username !== '' || password !== ''
}

function bounces(scope: string, hooks: readonly DesiredObject[]): LintFinding[] {
  const [object] = hooks
  const asks = hooks.some(({ values: { events } }) => Array.isArray(events) && events.includes('bounce'))
  if (object === undefined || asks) return []
  const message = `no webhook in "${scope}" asks for bounces`
  return [{ code: 'WEBHOOK_NO_BOUNCES', object, path: ['events'], message }]
}
