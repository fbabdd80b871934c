import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'

const FOUND = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].find((path) => path !== undefined && existsSync(path))

/** Where pictures of the page go; ignored by Git. */
const PICTURES = 'artifacts/report'

/** True where there is a browser to test with; under CI there has to be one. */
export function hasBrowser(): boolean {
  if (FOUND !== undefined) return true
  if (process.env['CI'] === 'true') throw new Error('chromium is missing, and CI tests with it')
  process.stderr.write('No chromium here, so the pages of reports are not tested; CHROMIUM names one.\n')
  return false
}

/** How a page is looked at. */
export interface Look {
  readonly scheme?: 'light' | 'dark'
  readonly width?: number
  readonly height?: number
}

/** A page in the browser, with all that it asked for and complained of. */
export interface Opened extends AsyncDisposable {
  readonly page: Page
  /** Every address that it asked for but its own. */
  readonly requests: string[]
  readonly errors: string[]
  /** Keeps a picture for whoever wants to see it. */
  readonly picture: (name: string) => Promise<void>
}

/** Starts the browser without a window. */
export async function launch(): Promise<Browser> {
  return await chromium.launch({ executablePath: FOUND ?? '', args: ['--no-sandbox', '--disable-dev-shm-usage'] })
}

/** Opens a page. */
export async function open(browser: Browser, url: string, look: Look = {}): Promise<Opened> {
  const context = await browser.newContext({
    colorScheme: look.scheme ?? 'light',
    viewport: { width: look.width ?? 1280, height: look.height ?? 900 },
  })
  const page = await context.newPage()
  const [requests, errors]: [string[], string[]] = [[], []]
  page.on('request', (request) => {
    if (request.url() !== url && !/^(?:data|about):/.test(request.url())) requests.push(request.url())
  })
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text())
  })
  await page.goto(url)
  return {
    page,
    requests,
    errors,
    picture: async (name) => {
      mkdirSync(PICTURES, { recursive: true })
      await page.screenshot({ path: `${PICTURES}/${name}.png` })
    },
    [Symbol.asyncDispose]: () => context.close(),
  }
}

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/** The faults for people with a screen reader or weak eyes that axe finds: `[rule, ...elements]`. */
export function violations({ page }: Opened): Promise<string[][]> {
  return page.evaluate<string[][]>(
    `${AXE};axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))`,
  )
}
