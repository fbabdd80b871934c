/** Services at which anybody can have an address, by the part of the domain before its ending. */
const SERVICES = new Set(['yahoo', 'hotmail', 'live', 'outlook', 'gmx', 'yandex', 'zoho'])

const DOMAINS = new Set([
  ...['gmail.com', 'googlemail.com', 'aol.com', 'icloud.com', 'me.com', 'mac.com', 'msn.com', 'ymail.com'],
  ...['proton.me', 'protonmail.com', 'pm.me', 'tutanota.com', 'tuta.com', 'fastmail.com', 'hey.com', 'mail.com'],
  ...['web.de', 't-online.de', 'freenet.de', 'orange.fr', 'free.fr', 'laposte.net', 'wanadoo.fr', 'libero.it'],
  ...['mail.ru', 'bk.ru', 'list.ru', 'inbox.ru', 'qq.com', '163.com', '126.com', 'naver.com', 'comcast.net'],
  ...['btinternet.com', 'xtra.co.nz', 'bigpond.com', 'rediffmail.com', 'seznam.cz', 'wp.pl', 'o2.pl', 'bluewin.ch'],
])

/** True for the domain of a free mail service, or of one that gives addresses to its customers. */
export function isFreemail(domain: string): boolean {
  const [name = '', ...ending] = domain.split('.')
  const isCountry = ending.join('.').replace(/^(?:com?|net)\./, '').length <= 3
  return DOMAINS.has(domain) || (SERVICES.has(name) && isCountry)
}
