import type { OpenClient } from '../../../model/transport.ts'
import { smtp2go } from './client.ts'

/** The client of an SMTP2GO account; `send` answers `data`, out of the envelope. */
export const openSmtp2go: OpenClient = ({ credential, ...options }) => smtp2go({ ...options, apiKey: credential })
