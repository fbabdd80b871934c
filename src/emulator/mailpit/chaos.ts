import { isObject, type Json } from '../input/json.ts'
import { type Chaos, type ChaosTrigger, noChaos } from '../mail/chaos.ts'

const NAMES = [
  ['Authentication', 'authentication'],
  ['Recipient', 'recipient'],
  ['Sender', 'sender'],
] as const

/** What fails, in Mailpit's words. */
export function chaosDocument(chaos: Chaos) {
  const shown = ({ code, probability }: ChaosTrigger) => ({ ErrorCode: code, Probability: probability })
  return {
    Authentication: shown(chaos.authentication),
    Recipient: shown(chaos.recipient),
    Sender: shown(chaos.sender),
  }
}

/** Sets what fails: what is not named no longer does. Answers what is wrong with the body, where something is. */
export function setChaos(chaos: Chaos, body: Json | undefined): string | undefined {
  const next = noChaos()
  for (const [name, own] of NAMES) {
    const given = isObject(body) ? body[name] : undefined
    if (!isObject(given)) continue
    const [code, probability] = [Number(given['ErrorCode']), Number(given['Probability'])]
    if (!(code >= 400 && code <= 599)) return `${name}: the code has to be from 400 to 599`
    if (!(probability >= 0 && probability <= 100)) return `${name}: the probability has to be from 0 to 100`
    next[own] = { code, probability }
  }
  Object.assign(chaos, next)
  return undefined
}
