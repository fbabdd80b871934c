import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { diffArrays } from 'diff'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isMap, isNode, LineCounter, parseAllDocuments } from 'yaml'
import { kinds } from '../../../src/apis/index.ts'
import { diff } from '../../../src/engine/diff/diff.ts'
import type { LoadOptions } from '../../../src/engine/documents/options.ts'
import { load } from '../../../src/engine/load.ts'
import { type MergeResult, merge } from '../../../src/engine/merge/merge.ts'
import { wantedForMerge } from '../../../src/engine/merge/wanted.ts'
import { read } from '../../../src/engine/read/read.ts'
import { openWorld, realChanges, specOf, type World } from '../../apis/kinds/world.ts'
import { account, clicked, provider, put } from '../account.ts'
import { loading } from '../loading.ts'
import { commentsOf, restyled, tape } from '../restyle.ts'

describe('merge', () => {
  let world: World
  let file: string
  let options: LoadOptions
  beforeAll(async () => {
    world = await openWorld()
    file = join(world.folder, 'mailconfig.yaml')
    options = loading(world)
  })
  afterAll(() => world.close())

  async function mergedInto(text: string, more: { readonly allSections?: boolean } = {}) {
    writeFileSync(file, text)
    const spec = specOf(await load(options))
    const allSections = more.allSections ?? false
    const live = await read(wantedForMerge(spec, kinds, allSections), { kinds, send: world.send })
    const found = await merge(spec, {
      load: options,
      into: file,
      live,
      wanted: () => true,
      allSections,
      updateFiles: false,
    })
    return { found, live }
  }

  it('makes the plan empty but for what it reports, keeps comments and every line that it need not touch', async () => {
    let edits = 0
    let conflicts = 0
    await fc.assert(
      fc.asyncProperty(
        account,
        account,
        fc.array(provider, { maxLength: 3 }),
        fc.array(fc.nat(1000), { minLength: 31, maxLength: 67 }),
        fc.boolean(),
        async (first, second, providers, numbers, allSections) => {
          const next = tape(numbers)
          put(world.emulator, first, providers)
          const text = restyled(await world.exported(), next)
          put(
            world.emulator,
            clicked(first, second, next),
            providers.map((one) => (next() % 2 === 0 ? one : { ...one, port: 2525 })),
          )
          const { found, live } = await mergedInto(text, { allSections })
          const left = new Set(
            found.items
              .filter(({ outcome }) => outcome !== 'updated' && outcome !== 'added')
              .map(({ address }) => address),
          )
          const isLeft = (address: string) => [...left].some((one) => one === address || one.startsWith(`${address}/`))
          edits += found.items.length - left.size
          conflicts += left.size
          expect(commentsOf(found.text)).toEqual(commentsOf(text))
          expect(lostLines(text, found)).toEqual([])
          expect(/(?:^|[^\r])\n/.test(found.text)).toBe(/(?:^|[^\r])\n/.test(text)) // one sort of line ends
          const again = await mergedInto(found.text, { allSections })
          expect(again.found.text).toBe(found.text)
          expect(again.found.items.filter(({ outcome }) => outcome === 'updated' || outcome === 'added')).toEqual([])
          const changes = diff(specOf(await load(options)), live).changes.filter(({ action }) => action !== 'noop')
          expect(changes.map(({ address }) => address).filter((address) => !isLeft(address))).toEqual([])
          if (left.size === 0) expect(realChanges(await world.planText(found.text))).toEqual([])
        },
      ),
      { numRuns: Number(process.env['MAILCONFIG_RUNS'] ?? 40), endOnFailure: true }, // to shrink takes minutes
    )
    expect(edits).toBeGreaterThan(50)
    expect(conflicts).toBeGreaterThan(5)
  }, 7_200_000)
})

/** Lines of the file before that are not there any more, in order, though nothing about them was to change. */
function lostLines(before: string, { text, items }: MergeResult): string[] {
  const counter = new LineCounter()
  const documents = parseAllDocuments(before.endsWith('\n') ? before : `${before}\n`, {
    lineCounter: counter,
    uniqueKeys: false,
  })
  const changed = new Set<number>()
  for (const { outcome, source } of items) {
    if (outcome !== 'updated' && outcome !== 'added') continue
    const document = Array.isArray(documents) ? documents[source.document] : undefined
    const node: unknown = document?.getIn(source.path, true)
    if (!isNode(node) || node.range === undefined || node.range === null) continue
    const isOpenList = outcome === 'added' && node.srcToken?.type !== 'flow-collection'
    const holder: unknown = document?.getIn(source.path.slice(0, -1), true)
    const key = isMap(holder) ? holder.items.find((pair) => pair.value === node)?.key : undefined
    const from = counter.linePos((isNode(key) ? key.range?.[0] : undefined) ?? node.range[0]).line
    const to = counter.linePos(node.range[1]).line
    const isBlockList = outcome === 'added' && !/^[[{]/.test(before.slice(node.range[0]))
    if (isOpenList && isBlockList) continue
    for (let line = from; line <= to; line++) changed.add(line)
  }
  let line = 0
  return diffArrays(before.split(/\r?\n/), text.split(/\r?\n/)).flatMap(({ added, removed, value }) => {
    if (added) return []
    line += value.length
    const isKept = (at: number) => !changed.has(line - value.length + at + 1)
    return removed ? value.filter((text, at) => text.trim() !== '' && isKept(at)) : [] // one blank line is like another
  })
}
