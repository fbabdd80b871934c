import { Hono } from 'hono'
import type { Chaos } from '../mail/chaos.ts'
import { bodyOf, type MailpitBox, plain } from './box.ts'
import { chaosDocument, setChaos } from './chaos.ts'

/** The version of Mailpit whose API this is, so that a client sees what it knows. */
const VERSION = 'v1.30.5'

/** Calls about the server: `/api/v1/info`, `/api/v1/webui`, `/api/v1/chaos`. */
export function serverRoutes({ access }: MailpitBox, chaos: Chaos): Hono {
  const app = new Hono().basePath('/api/v1')
  app.get('/info', (c) => {
    const all = access.messages()
    const taken = all.filter(({ refused }) => refused === null)
    const tags = new Map<string, number>()
    for (const tag of taken.flatMap((one) => one.tags)) tags.set(tag, (tags.get(tag) ?? 0) + 1)
    const size = taken.reduce((sum, one) => sum + one.size, 0)
    return c.json({
      Version: VERSION,
      LatestVersion: VERSION,
      Database: '',
      DatabaseSize: size,
      Messages: taken.length,
      Unread: taken.filter(({ seen }) => !seen).length,
      Tags: Object.fromEntries(tags),
      RuntimeStats: {
        Uptime: Math.round(process.uptime()),
        Memory: process.memoryUsage().rss,
        MessagesDeleted: 0,
        SMTPAccepted: taken.length,
        SMTPAcceptedSize: size,
        SMTPRejected: all.length - taken.length,
        SMTPIgnored: 0,
      },
    })
  })
  app.get('/webui', (c) =>
    c.json({
      Label: 'mailconfig emulator',
      ChaosEnabled: true,
      DuplicatesIgnored: false,
      HideDeleteAllButton: false,
      SpamAssassin: false,
      MessageRelay: {
        Enabled: false,
        SMTPServer: '',
        ReturnPath: '',
        AllowedRecipients: '',
        BlockedRecipients: '',
        OverrideFrom: '',
        PreserveMessageIDs: false,
      },
    }),
  )
  app.get('/chaos', (c) => c.json(chaosDocument(chaos)))
  app.put('/chaos', async (c) => {
    const wrong = setChaos(chaos, await bodyOf(c))
    return wrong === undefined ? c.json(chaosDocument(chaos)) : plain(c, wrong, 400)
  })
  return app
}
