/** The script and the style of the inbox; `scripts/inbox.mjs` puts them in when the emulator is built. */
export const INBOX: { readonly script: string; readonly style: string } = { script: '', style: '' }
