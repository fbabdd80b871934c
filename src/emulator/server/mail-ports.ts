import { chaosRefusal } from '../mail/chaos.ts'
import type { SmtpBackend, SmtpListener } from '../mail/smtp.ts'
import type { MailDoor } from '../world/mail.ts'
import { type Core, noteChange, surroundings } from './core.ts'

/** The submission servers of an emulator. */
interface MailPorts {
  readonly smtp?: SmtpListener
  readonly smtps?: SmtpListener
  close(): Promise<void>
}

/** Listens for mail on the ports that are asked for, for the first service that takes some. */
export async function openMailPorts(
  core: Core,
  options: {
    readonly host: string
    readonly tls: { readonly cert: string; readonly key: string }
    readonly smtpPort: number | undefined
    readonly smtpsPort: number | undefined
  },
): Promise<MailPorts> {
  const { listenForMail } = await import('../mail/smtp.ts')
  const { host, tls, smtpPort, smtpsPort } = options
  const open = (port: number | undefined, secure: boolean) =>
    port === undefined ? undefined : listenForMail({ host, port, secure, tls }, backendOf(core))
  const [smtp, smtps] = await Promise.all([open(smtpPort, false), open(smtpsPort, true)])
  return {
    ...(smtp && { smtp }),
    ...(smtps && { smtps }),
    close: async () => {
      await Promise.all([smtp?.close(), smtps?.close()])
    },
  }
}

function backendOf(core: Core): SmtpBackend {
  return {
    signIn: (username, password) =>
      chaosRefusal(core.chaos.authentication, 'login') ?? doorOf(core).signIn(surroundings(core), username, password),
    sender: () => chaosRefusal(core.chaos.sender, 'sender'),
    recipient: (...asked) => {
      const failed = chaosRefusal(core.chaos.recipient, 'recipient')
      if (failed !== undefined) return failed
      const refused = doorOf(core).recipient(surroundings(core), ...asked)
      if (refused !== undefined) noteChange(core) // it is kept
      return refused
    },
    take: (...sent) => {
      const refused = doorOf(core).take(surroundings(core), ...sent)
      noteChange(core)
      return refused
    },
  }
}

/** The world may have been replaced since the last message. */
function doorOf({ world }: Core): MailDoor {
  const door = [...world.values()].map(({ mail }) => mail).find((one) => one !== undefined)
  if (door === undefined) throw new Error('no API here takes mail')
  return door
}
