/** Milliseconds of a time as people write it (`90s`, `10m`, `1h`); a bare number is seconds. Undefined for anything else. */
export function milliseconds(text: string): number | undefined {
  const found = /^(\d{1,6})(s|m|h)?$/.exec(text.trim())
  if (found === null) return undefined
  const unit = found[2] === 'h' ? 3_600_000 : found[2] === 'm' ? 60_000 : 1000
  return Number(found[1]) * unit
}
