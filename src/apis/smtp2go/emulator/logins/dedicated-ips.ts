import { reads } from '../call/operation.ts'

/** `/dedicated_ips/view` */
export const dedicatedIps = [reads('/dedicated_ips/view', {}, ({ scope }) => scope.dedicatedIps, { scoped: false })]
