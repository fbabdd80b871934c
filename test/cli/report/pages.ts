import { pathToFileURL } from 'node:url'
import type { PlanDocument } from '../../../src/model/run/plan-document.ts'
import type { SavedDocument } from '../../../src/model/run/plan-file.ts'
import { type Home, home } from '../harness.ts'

/** A folder in which any plan can be made into a page by the built command. */
export interface PageHome {
  readonly at: Home
  /** The address of the page of a plan. */
  readonly page: (plan: PlanDocument) => Promise<string>
}

/** Opens a folder with a saved plan: `show` prints any plan that stands in it, if only with a warning. */
export async function pageHome(): Promise<PageHome> {
  const at = await home()
  at.spec('smtpUsers: []\n')
  const planned = await at.run('plan --out plan.json')
  if (planned.code !== 0) throw new Error(planned.stderr)
  const saved: SavedDocument = JSON.parse(at.text('plan.json'))
  let made = 0
  return {
    at,
    page: async (plan) => {
      at.file('other.json', JSON.stringify({ ...saved, ...plan }))
      made += 1
      const { code, stdout, stderr } = await at.run('show other.json --format html --report-target prod')
      if (code !== 0) throw new Error(stderr)
      return pathToFileURL(at.file(`page-${made}.html`, stdout)).href
    },
  }
}
