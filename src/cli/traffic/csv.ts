/** Rows as CSV (RFC 4180). A cell that a spreadsheet would take for a formula begins with an apostrophe; control characters are written out. */
export function csvText(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const visible = value.replace(/\p{Cc}/gu, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`)
  const safe = /^[=+\-@]/.test(visible.trimStart()) ? `'${visible}` : visible
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
