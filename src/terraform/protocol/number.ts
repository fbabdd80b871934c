import { Decimal } from './plugin.ts'

/** Whole numbers of more digits stay text: nobody counts with them, and their digits would fill the memory. */
const MOST_DIGITS = 1000
const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/

/** The number of a decimal text: a JavaScript number when that prints the same decimal again, else bigint or `Decimal`. */
export function numberOf(text: string): number | bigint | Decimal {
  const exact = partsOf(text)
  if (exact === undefined) throw new Error(`"${text}" is not a number`)
  const { sign, digits, exponent } = exact
  const number = Number(text)
  if (exponent < 0) return isSame(exact, partsOf(String(number))) ? number : new Decimal(text)
  if (Number.isSafeInteger(number)) return number === 0 ? 0 : number
  return digits.length + exponent > MOST_DIGITS ? new Decimal(text) : BigInt(`${sign}${digits}${'0'.repeat(exponent)}`)
}

/** The decimal text of a number; throws for NaN and the infinities, which Terraform does not have. */
export function textOf(value: number | bigint | Decimal): string {
  if (value instanceof Decimal) return value.text
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new Error(`${value} is not a number that Terraform has`)
  return String(value)
}

interface Parts {
  readonly sign: string
  readonly digits: string
  readonly exponent: number
}

/** Sign, digits without zeros at either end, and the power of ten; equal numbers have equal parts. */
function partsOf(text: string): Parts | undefined {
  const [, sign = '', whole = '', fraction = '', power = '0'] = NUMBER.exec(text) ?? []
  const all = whole + fraction
  if (all === '') return undefined
  const significant = all.replace(/0+$/, '')
  const digits = significant.replace(/^0+/, '')
  if (digits === '') return { sign: '', digits: '0', exponent: 0 }
  return {
    sign: sign === '-' ? '-' : '',
    digits,
    exponent: Number(power) - fraction.length + all.length - significant.length,
  }
}

function isSame(a: Parts, b: Parts | undefined): boolean {
  return b !== undefined && a.sign === b.sign && a.digits === b.digits && a.exponent === b.exponent
}
