/** The oldest Node.js that the package runs on, as its `engines` say; an older one cannot even parse the rest. */
export const OLDEST_NODE = '20.19'

/** Why this version of Node.js is too old; undefined where it is not. */
export function tooOld(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [least = 0, step = 0] = OLDEST_NODE.split('.').map(Number)
  if (major > least || (major === least && minor >= step)) return undefined
  return `mailconfig needs Node.js ${OLDEST_NODE} or later, and this is ${version}`
}
