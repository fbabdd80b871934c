/** The part of undici that a configuration call needs; the whole costs three times as long to load. */
declare module 'undici/lib/dispatcher/agent.js' {
  import { Agent } from 'undici'
  export default Agent
}
