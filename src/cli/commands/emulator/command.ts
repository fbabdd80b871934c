import { defineCommand } from '../../program/define.ts'

/** `mailconfig emulator` */
export const emulatorCommand = defineCommand({
  name: 'emulator',
  summary: 'serve both APIs on loopback',
  options: {
    port: 'port (default: any free port)',
    smtpPort: 'take mail on this port, with STARTTLS (0: any free port)',
    smtpsPort: 'take mail on this port, with TLS from the first byte (0: any free port)',
    host: { summary: 'address to listen on; must be loopback unless a host is allowed', preset: '127.0.0.1' },
    allowHost: 'a host name that clients may use, such as the name of its container (may be repeated)',
    tls: 'serve https with a newly generated certificate',
    tlsCert: 'serve https with this certificate (PEM)',
    tlsKey: 'private key of --tls-cert (PEM)',
    settings: 'settings as JSON, or a file with settings',
    withParent: 'stop when the parent process ends',
    data: 'persist the contents in a file',
    seed: 'start with the contents of a file (JSON or YAML)',
  },
  examples: [
    ['mailconfig emulator --port 8080', 'serve both APIs until Ctrl-C'],
    ['mailconfig emulator --smtp-port 2525', 'take mail as well'],
    ['mailconfig emulator --seed account.json', 'begin with the contents of a file'],
  ],
  run: async () => (await import('./emulator.ts')).emulator,
})
