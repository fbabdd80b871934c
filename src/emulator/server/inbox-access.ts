import { randomUUID } from 'node:crypto'
import type { InboxAccess } from '../inbox/access.ts'
import type { Mailbox } from '../world/mailbox.ts'
import { type Core, noteChange, surroundings } from './core.ts'

/** The messages of the first service that has some. */
export function inboxAccess(core: Core): InboxAccess {
  const run = randomUUID() // a page that is open while the emulator starts again has to notice
  // The world may have been replaced since the last call.
  const box = (): Mailbox | undefined => [...core.world.values()].flatMap(({ mailbox }) => mailbox ?? [])[0]
  const changed = <T>(result: T): T => {
    noteChange(core)
    return result
  }
  return {
    version: () => `${run} ${[...core.world.values()].reduce((sum, { kept }) => sum + kept.version, 0)}`,
    messages: () => box()?.messages(surroundings(core)) ?? [],
    find: (id) => box()?.find(surroundings(core), id),
    logins: () => box()?.logins(surroundings(core)) ?? [],
    change: (...given) => changed(box()?.change(surroundings(core), ...given) ?? false),
    remove: (ids) => changed(box()?.remove(surroundings(core), ids)),
    react: (...given) => changed(box()?.react(surroundings(core), ...given) ?? false),
    send: (...given) => changed(box()?.send(surroundings(core), ...given) ?? { refused: 'nothing here takes mail' }),
  }
}
