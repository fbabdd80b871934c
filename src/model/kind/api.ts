/** Which API a kind lives in. */
export type Api = 'smtp2go' | 'backoffice'
