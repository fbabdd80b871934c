const STATUSES = ['allowed', 'blocked', 'sandbox']

/** A spec with so many SMTP users as YAML, the same as JSON, and the emulator's state in which it is already applied. */
export function users(count, url) {
  const list = Array.from({ length: count }, (_, at) => ({
    username: `user-${String(at).padStart(6, '0')}`,
    description: `Application number ${at}`,
    status: STATUSES[at % 3],
    messages: 100 + (at % 50) * 10,
    openTracking: at % 2 === 0,
  }))
  const yaml = list.map(
    (user) => `  - username: ${user.username}
    password: \${env:BENCH_PASSWORD}
    description: ${user.description}
    status: ${user.status}
    rateLimit: { messages: ${user.messages}, per: 1 hour }
    openTracking: ${user.openTracking}
`,
  )
  const account = { api: 'smtp2go', url, apiKey: `\${env:BENCH_KEY}` }
  const head = `version: 1\naccounts:\n  main: { api: smtp2go, url: "${url}", apiKey: "\${env:BENCH_KEY}" }\nsmtpUsers:\n`
  const entries = list.map(({ messages, ...user }) => ({
    ...user,
    password: `\${env:BENCH_PASSWORD}`,
    rateLimit: { messages, per: '1 hour' },
  }))
  const smtpUsers = list.map((user) => ({
    username: user.username,
    email_password: 'not-Real-7pQ2x-Vw9Km',
    description: user.description,
    status: user.status,
    custom_ratelimit: true,
    custom_ratelimit_value: user.messages,
    custom_ratelimit_period: '01:00:00',
    open_tracking_enabled: user.openTracking,
  }))
  return {
    yaml: head + yaml.join(''),
    json: JSON.stringify({ version: 1, accounts: { main: account }, smtpUsers: entries }),
    state: JSON.stringify({ smtp2go: { scopes: { '': { smtpUsers } } } }),
  }
}
