import type { MailRefusal } from '../world/mail.ts'

/** How often a step of SMTP fails, in percent, and with which code. */
export interface ChaosTrigger {
  readonly code: number
  readonly probability: number
}

/** The steps that can be made to fail. */
export interface Chaos {
  authentication: ChaosTrigger
  sender: ChaosTrigger
  recipient: ChaosTrigger
}

/** Nothing fails. */
export function noChaos(): Chaos {
  const never = { code: 451, probability: 0 }
  return { authentication: { code: 535, probability: 0 }, sender: never, recipient: never }
}

/** The refusal of a step whose turn it is to fail. */
export function chaosRefusal({ code, probability }: ChaosTrigger, step: string): MailRefusal | undefined {
  if (Math.random() * 100 >= probability) return undefined
  return { code, lines: [`Chaos: this ${step} was made to fail`] }
}
