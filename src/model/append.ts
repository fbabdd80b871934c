/** Adds items to a list one by one: spread into `push` they would be arguments, of which there may not be too many. */
export function append<T>(list: T[], ...more: readonly (readonly T[])[]): void {
  for (const items of more) for (const one of items) list.push(one)
}

/** The largest of some numbers, and not less than `least`. */
export function largest(numbers: Iterable<number>, least = Number.NEGATIVE_INFINITY): number {
  let found = least
  for (const one of numbers) if (one > found) found = one
  return found
}
