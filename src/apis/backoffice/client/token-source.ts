import type { Secret } from '../../../model/secret.ts'
import { ApiError } from '../../../model/wire.ts'
import { TOKEN_HINT } from './errors.ts'
import type { BackofficeSession, SignedIn } from './session.ts'

/** What tokens are got with. */
type SignIn = { readonly email: string; readonly password: Secret } | { readonly refreshToken: Secret }

/** Tokens that end after hours, obtained and renewed for all calls. */
interface TokenSource {
  readonly current: () => Secret | undefined
  /** Makes a call with a token; one that is answered with 401 is made once more with a new one, and no third time. */
  readonly with: <T>(call: () => Promise<T>) => Promise<T>
}

/** Only so many sign-ins are allowed in a minute, and then nobody gets in: a run makes no more than this. */
const MOST_SIGN_INS = 2

/** A source of tokens. All calls that wait for one wait for the same. */
export function tokenSource(session: BackofficeSession, login: SignIn, account: string): TokenSource {
  let current: Secret | undefined
  let refreshToken: Secret | undefined = 'refreshToken' in login ? login.refreshToken : undefined
  let renewing: Promise<void> | undefined
  let signIns = 0

  const refused = (message: string) =>
    new ApiError(message, { kind: 'auth', account, method: 'POST', path: '/api/v2/signin', hint: TOKEN_HINT })

  const keep = (signedIn: SignedIn): void => {
    if (!signedIn.done) throw refused('this user needs a second factor, so no run can sign in without a person')
    current = signedIn.accessToken.token
    refreshToken = signedIn.refreshToken?.token
  }

  const renew = async (): Promise<void> => {
    current = undefined
    const old = refreshToken
    refreshToken = undefined // it is used up, whatever the answer is
    if (old !== undefined)
      try {
        return keep(await session.refresh(old))
      } catch (error) {
        if (!('password' in login) || !(error instanceof ApiError) || error.kind !== 'auth') throw error
      }
    if (!('password' in login)) throw refused('the refresh token was used, and the answer brought no new one')
    signIns += 1
    if (signIns > MOST_SIGN_INS) throw refused('the tokens of this user are refused again and again')
    keep(await session.signIn(login.email, login.password))
  }

  /** A new token, unless somebody else has got one since. */
  const fresh = async (used: Secret | undefined): Promise<void> => {
    if (current !== used && current !== undefined) return
    renewing ??= renew().finally(() => {
      renewing = undefined
    })
    await renewing
  }

  return {
    current: () => current,
    async with(call) {
      if (current === undefined || renewing !== undefined) await fresh(current)
      const used = current
      try {
        return await call()
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 401) throw error
        await fresh(used)
        return await call()
      }
    },
  }
}
