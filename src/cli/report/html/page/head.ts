import type { ProblemDocument } from '../../../../model/run/plan-document.ts'
import type { PageContents } from '../contents.ts'
import { el } from './element.ts'

/** What is said before the changes: the verdict, what stopped the run, gates, problems. */
export function summary(contents: PageContents): HTMLElement[] {
  const { plan, error, problems, outcome, time, url } = contents
  const facts = [
    ...(plan?.accounts ?? []).slice(0, 10).map(({ name, api, url: where }) => fact(name, `${api}, ${where}`)),
    ...(plan === null
      ? []
      : [
          fact('Unchanged', plan.summary.noop.toLocaleString('en-US')),
          fact('Calls', plan.summary.calls.toLocaleString('en-US') + (time === null ? '' : `, ${time}`)),
        ]),
    ...(plan === null ? [] : [fact('Spec', plan.specHash.slice(0, 19)), fact('mailconfig', plan.mailconfig)]),
  ]
  const job =
    url === null || !/^https?:\/\//.test(url)
      ? undefined
      : el('a', { href: url, rel: 'noreferrer noopener' }, 'The job that made this report')
  return [
    el('h1', {}, outcome.charAt(0).toUpperCase() + outcome.slice(1)),
    el('dl', { class: 'about' }, ...facts),
    ...(job === undefined ? [] : [el('p', {}, job)]),
    ...(error === null
      ? []
      : [
          el(
            'section',
            { class: 'notice stop', 'aria-label': 'Stopped' },
            el('p', {}, el('b', {}, 'Stopped: '), error.message),
            error.hint === undefined ? undefined : el('p', { class: 'hint' }, error.hint),
          ),
        ]),
    ...gates(contents),
    ...sendingList(contents),
    ...problemList(problems),
  ]
}

function fact(name: string, value: string): HTMLElement {
  return el('div', {}, el('dt', {}, name), el('dd', {}, value))
}

function gates({ plan }: PageContents): HTMLElement[] {
  const found = plan?.gates ?? []
  if (found.length === 0) return []
  const closed = found.filter((gate) => !gate.accepted).length
  const items = found.map(({ number, code, reason, accept, accepted }) =>
    el(
      'li',
      { class: accepted ? 'gate is-accepted' : 'gate' },
      el(
        'div',
        {},
        el('b', {}, number),
        ' ',
        el('code', {}, code),
        ' ',
        el(
          'span',
          { class: accepted ? 'badge outcome done' : 'badge outcome failed' },
          accepted ? 'accepted' : 'stops here',
        ),
      ),
      el('div', {}, reason),
      accepted
        ? undefined
        : accept === null
          ? el('div', { class: 'hint' }, 'Nobody can accept it: change the spec.')
          : el('div', { class: 'hint' }, 'To accept it: ', el('code', { class: 'token' }, `--accept ${accept}`)),
    ),
  )
  const title = closed === 0 ? 'Gates' : `${closed} ${closed === 1 ? 'gate stops' : 'gates stop'} it`
  return [
    el(
      'section',
      { class: closed === 0 ? 'notice' : 'notice stop', 'aria-labelledby': 'gates' },
      el('h2', { id: 'gates' }, title),
      el('ul', { class: 'plain' }, ...items),
    ),
  ]
}

/** What becomes possible with the plan, and what no longer is. */
function sendingList({ sending }: PageContents): HTMLElement[] {
  return sending.map(({ scope, lines }, at) =>
    el(
      'section',
      { class: 'notice', 'aria-labelledby': `sending-${at}` },
      el('h2', { id: `sending-${at}` }, `Who may send (${scope})`),
      el(
        'ul',
        { class: 'plain' },
        ...lines.map(({ sign, text }) =>
          el('li', {}, el('code', {}, sign), ' ', sign === '+' ? 'now: ' : 'no longer: ', text),
        ),
      ),
    ),
  )
}

function problemList(problems: readonly ProblemDocument[]): HTMLElement[] {
  if (problems.length === 0) return []
  const errors = problems.filter((problem) => problem.severity === 'error').length
  const items = problems
    .slice(0, 500)
    .map(({ code, message, hint, at }) =>
      el(
        'li',
        {},
        el(
          'div',
          {},
          el('code', {}, code),
          ' ',
          at === undefined ? undefined : el('span', { class: 'source' }, `${at.file}:${at.line}:${at.column}`),
        ),
        el('div', {}, message),
        hint === undefined ? undefined : el('div', { class: 'hint' }, hint),
      ),
    )
  if (problems.length > 500) items.push(el('li', {}, `and ${problems.length - 500} more`))
  const warnings = problems.length - errors
  const title = [
    ...(errors === 0 ? [] : [`${errors} ${errors === 1 ? 'problem' : 'problems'}`]),
    ...(warnings === 0 ? [] : [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`]),
  ].join(', ')
  return [
    el(
      'section',
      { class: errors === 0 ? 'notice warn' : 'notice stop', 'aria-labelledby': 'problems' },
      el('h2', { id: 'problems' }, title),
      el('ul', { class: 'plain' }, ...items),
    ),
  ]
}

/** What no spec names, folded. */
export function unmanaged({ plan }: PageContents): HTMLElement[] {
  const found = plan?.unmanaged ?? []
  if (found.length === 0) return []
  const body = el('div')
  const box = el(
    'details',
    { class: 'unmanaged' },
    el('summary', {}, el('h2', {}, `${found.length.toLocaleString('en-US')} not managed, left alone`)),
    body,
  )
  box.addEventListener('toggle', () => {
    if (!box.open || body.childElementCount > 0) return
    const items = found
      .slice(0, 2000)
      .map(({ account, subaccount, address }) =>
        el('li', {}, el('code', {}, `${account}${subaccount === null ? '' : `/${subaccount}`}:${address}`)),
      )
    if (found.length > 2000) items.push(el('li', {}, `and ${(found.length - 2000).toLocaleString('en-US')} more`))
    body.append(el('ul', { class: 'columns' }, ...items))
  })
  return [box]
}
