import { defineCommand } from '../../program/define.ts'

/** `mailconfig emulator` */
export const emulatorCommand = defineCommand({
  name: 'emulator',
  summary: 'serve both APIs on loopback',
  options: {
    port: 'port; any free one if left out',
    host: { summary: 'address to listen on; loopback unless a host is allowed', preset: '127.0.0.1' },
    allowHost: 'a name under which others may call it, such as that of its container (may be repeated)',
    tls: 'serve https with a certificate that is made now',
    tlsCert: 'serve https with this certificate (PEM)',
    tlsKey: 'and this key (PEM)',
    settings: 'settings as JSON, or a file of them',
    withParent: 'stop when the process that started it is gone',
    data: 'keep the contents in a file',
    seed: 'start with the contents of a file (JSON or YAML)',
  },
  examples: [
    ['mailconfig emulator --port 8080', 'serve both APIs until Ctrl-C'],
    ['mailconfig emulator --seed account.json', 'begin with the contents of a file'],
  ],
  run: async () => (await import('./emulator.ts')).emulator,
})
