import type { TrafficRow } from '../../../model/traffic/traffic.ts'
import { html } from '../../report/content/escape.ts'
import { numberText } from '../../traffic/counts.ts'

const WIDTH = 1000
const HEIGHT = 220
const LEFT = 56
const BOTTOM = 24
const TOP = 12

/** Messages and bounces of each row as bars that stand beside each other: made of SVG alone, without a script. */
export function chart(rows: readonly TrafficRow[], title: string): string {
  const most = ceiling(rows.reduce((largest, { counts }) => Math.max(largest, counts.sent), 0))
  const step = (WIDTH - LEFT) / Math.max(1, rows.length)
  const plot = HEIGHT - BOTTOM - TOP
  const height = (value: number) => (value / most) * plot
  const bars = rows.map(({ name, counts }, at) => {
    const x = LEFT + at * step + step * 0.12
    const bar = (value: number, style: string) =>
      value === 0
        ? ''
        : `<rect class="${style}" x="${fixed(x)}" y="${fixed(HEIGHT - BOTTOM - height(value))}" width="${fixed(step * 0.76)}" height="${fixed(height(value))}"/>`
    const words = `<title>${html(`${name}: ${numberText(counts.sent)} sent, ${numberText(counts.bounces)} bounced`)}</title>`
    return `<g>${words}${bar(counts.sent, 'bar')}${bar(counts.bounces, 'bounced')}</g>`
  })
  return `<figure><figcaption>${html(title)}; bounces in red. The table below has the same numbers.</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${html(title)}">
${gridLines(most, height).join('\n')}
${bars.join('\n')}
${labels(rows, step).join('\n')}
</svg></figure>`
}

function gridLines(most: number, height: (value: number) => number): string[] {
  return [0, 0.5, 1].map((part) => {
    const y = fixed(HEIGHT - BOTTOM - height(most * part))
    return `<line class="grid" x1="${LEFT}" x2="${WIDTH}" y1="${y}" y2="${y}"/><text x="${LEFT - 6}" y="${y}" dy="4" text-anchor="end">${numberText(most * part)}</text>`
  })
}

/** As many names as have room under their bars. */
function labels(rows: readonly TrafficRow[], step: number): string[] {
  const every = Math.max(1, Math.ceil(64 / step))
  return rows.flatMap(({ name }, at) => {
    if (at % every !== 0) return []
    const x = fixed(LEFT + (at + 0.5) * step)
    return [`<text x="${x}" y="${HEIGHT - 6}" text-anchor="middle">${html(name.slice(5))}</text>`]
  })
}

/** The next number that reads well on an axis and has a whole half. */
function ceiling(value: number): number {
  if (value <= 2) return 2
  const magnitude = 10 ** Math.floor(Math.log10(value))
  const nice = [1, 2, 4, 6, 8, 10].find((one) => one * magnitude >= value) ?? 10
  return nice * magnitude
}

const fixed = (value: number): string => value.toFixed(1).replace(/\.0$/, '')
