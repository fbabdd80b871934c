import { compiledPage } from './report.mjs'

/** Puts the script and the style of the inbox into the emulator. */
export const compiledInbox = {
  name: 'compiled-inbox',
  setup(plugin) {
    plugin.onLoad({ filter: /src[\\/]emulator[\\/]inbox[\\/]assets\.ts$/ }, async () => ({
      contents: `export const INBOX = ${JSON.stringify(await compiledPage('src/emulator/inbox/page/main.ts', 'src/emulator/inbox/page.css'))}`,
    }))
  },
}
