import { apis } from '../../apis/index.ts'
import type { MailServer } from '../../mail/session.ts'
import { Stop } from '../invocation/exit.ts'

/** The server that `--smtp` names; its port says how the encryption begins. Throws `Stop`. */
export function serverAt(text: string): MailServer {
  const found = /^(?:\[([0-9a-f:.]+)\]|([^[\]:\s]+)):(\d{1,5})$/i.exec(text)
  const port = Number(found?.[3])
  if (found === null || port < 1 || port > 65_535)
    throw new Stop(`--smtp is not HOST:PORT: "${text}"`, { hint: 'such as mail.smtp2go.com:2525' })
  const isEncrypted = apis.some((api) => api.mail?.servers?.encrypted.includes(port) === true)
  return { host: found[1] ?? found[2] ?? '', port, encryption: isEncrypted ? 'ssl' : 'tls' }
}
