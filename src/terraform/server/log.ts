/** Lines for the log of Terraform (TF_LOG); never a value of a configuration. */
export type Log = (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void

/** Writes lines as hclog does: Terraform takes the time only with six digits. Without `chatty`, only what is wrong. */
export function hclog(write: (line: string) => unknown, now: () => Date, chatty: boolean): Log {
  return (level, message) => {
    if (!chatty && (level === 'debug' || level === 'info')) return
    const time = now().toISOString().replace('Z', '000Z')
    write(`${JSON.stringify({ '@level': level, '@message': message, '@module': 'mailconfig', '@timestamp': time })}\n`)
  }
}
