/** The form of a whole API key. */
export const KEY_FORM = 'api-[0-9A-Za-z]{32}'

const WHOLE = new RegExp(`^${KEY_FORM}$`)

/** What is wrong with an API key by its look, without the key: an `error` is never sent, a `warning` may work yet. */
export function checkKey(key: string): { severity: 'error' | 'warning'; message: string } | undefined {
  const looks = 'a key is "api-" and 32 letters and digits'
  if (key === '') return { severity: 'error', message: `the API key is empty; ${looks}` }
  if (key.includes('*')) {
    return {
      severity: 'error',
      message: `a masked key is not a key: SMTP2GO shows the whole key once, when it is made`,
    }
  }
  if (!/^[\x21-\x7e]+$/.test(key)) {
    return {
      severity: 'error',
      message: `the API key contains a space, a line break or a non-ASCII character; ${looks}`,
    }
  }
  return WHOLE.test(key) ? undefined : { severity: 'warning', message: `this does not look like an API key: ${looks}` }
}
