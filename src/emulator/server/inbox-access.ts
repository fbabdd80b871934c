import type { InboxAccess } from '../inbox/access.ts'
import type { Mailbox } from '../world/mailbox.ts'
import { type Core, noteChange, surroundings } from './core.ts'

/** The messages of whichever service has some. */
export function inboxAccess(core: Core): InboxAccess {
  // The world may have been replaced since the last call.
  const box = (): Mailbox | undefined => [...core.world.values()].flatMap(({ mailbox }) => mailbox ?? [])[0]
  const changed = <T>(result: T): T => {
    noteChange(core)
    return result
  }
  return {
    version: () => [...core.world.values()].reduce((sum, { kept }) => sum + kept.version, 0),
    messages: () => box()?.messages(surroundings(core)) ?? [],
    change: (...given) => changed(box()?.change(surroundings(core), ...given) ?? false),
    remove: (ids) => changed(box()?.remove(surroundings(core), ids)),
    react: (...given) => changed(box()?.react(surroundings(core), ...given) ?? false),
    send: (...given) => changed(box()?.send(surroundings(core), ...given) ?? { refused: 'nothing here takes mail' }),
  }
}
