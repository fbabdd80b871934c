const COLORS = { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 36: '#79c0ff' }
const SEQUENCE = new RegExp(`${String.fromCharCode(27)}\\[([0-9;]*)m`)
const [WIDTH, HEIGHT, PAD, BAR] = [8.4, 19, 18, 34]

/** Text with ANSI colours as a picture of a terminal; the same text gives the same picture. */
export function ansiToSvg(text, title) {
  const lines = text.replace(/\n+$/, '').split('\n').map(spansOf)
  const columns = Math.max(...lines.map((spans) => spans.reduce((sum, span) => sum + span.text.length, 0)))
  const width = Math.ceil(columns * WIDTH + 2 * PAD)
  const height = BAR + lines.length * HEIGHT + PAD
  const rows = lines.map((spans, at) => {
    const y = BAR + at * HEIGHT + 14
    return spans.length === 0 ? '' : `<text x="${PAD}" y="${y}">${spans.map(spanSvg).join('')}</text>\n`
  })
  const dots = ['#ff5f57', '#febc2e', '#28c840'].map(
    (fill, at) => `<circle cx="${PAD + 4 + at * 18}" cy="16" r="5.5" fill="${fill}"/>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">
<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>
${dots.join('')}
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#e6edf3" xml:space="preserve" style="white-space: pre">
${rows.join('')}</g>
</svg>
`
}

/** One line as pieces of one look each. */
function spansOf(line) {
  const spans = []
  let look = {}
  line.split(SEQUENCE).forEach((part, at) => {
    if (at % 2 === 1) for (const code of part.split(';').map(Number)) look = lookAfter(look, code)
    else if (part !== '') spans.push({ text: part, ...look })
  })
  return spans
}

function lookAfter(look, code) {
  if (code === 0) return {}
  if (code === 1) return { ...look, bold: true }
  if (code === 2) return { ...look, dim: true }
  if (code === 22) return { ...look, bold: false, dim: false }
  if (code === 39) return { ...look, color: undefined }
  return code in COLORS ? { ...look, color: COLORS[code] } : look
}

function spanSvg({ text, color, bold, dim }) {
  const fill = color ?? (dim ? '#8b949e' : undefined)
  const attributes = [
    ...(fill === undefined ? [] : [`fill="${fill}"`]),
    ...(bold ? ['font-weight="bold"'] : []),
    `textLength="${(text.length * WIDTH).toFixed(1)}"`, // columns stay columns in any font
  ]
  return `<tspan ${attributes.join(' ')}>${escaped(text)}</tspan>`
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
