/** The code of an error of Node or of a library, such as `ENOENT`; what is given instead where it has none. */
export function errorCode(cause: unknown, otherwise = ''): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : otherwise
}
