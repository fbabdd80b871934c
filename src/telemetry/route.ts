/** A path without what differs from object to object: `/api/v2/mail/providers/{id}`. Words of an API stay. */
export function routeOf(path: string): string {
  return path
    .split('/')
    .map((part) => (part === '' || /^v\d$|^[a-z][a-z_-]*$/.test(part) ? part : '{id}'))
    .join('/')
}
