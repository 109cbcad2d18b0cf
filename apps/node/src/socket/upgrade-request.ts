/** What is read of a request to upgrade: by getters, since most of them are asked for by some connections only. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { all, compile } from '@fastify/proxy-addr'

/** Whether the address, so many steps away, belongs to a proxy whose word is taken. */
export type Trust = (address: string, steps: number) => boolean

/** `undefined`: nobody is trusted, and nothing that proxies say is read. */
export function trustOf(proxies: readonly string[]): Trust | undefined {
  return proxies.length === 0 ? undefined : compile([...proxies])
}

const NO_QUERY = new URLSearchParams()

export class UpgradeRequest {
  readonly path: string
  readonly query: URLSearchParams
  readonly #raw: IncomingMessage
  readonly #trust: Trust | undefined

  constructor(raw: IncomingMessage, trust: Trust | undefined) {
    const { url = '' } = raw
    const at = url.indexOf('?')
    this.path = at < 0 ? url : url.slice(0, at)
    this.query = at < 0 ? NO_QUERY : new URLSearchParams(url.slice(at + 1))
    this.#raw = raw
    this.#trust = trust
  }

  get headers(): IncomingHttpHeaders {
    return this.#raw.headers
  }

  /** Of the client: the last address that a trusted proxy vouches for. */
  get address(): string {
    const { socket } = this.#raw
    if (this.#trust === undefined) return socket.remoteAddress ?? ''
    return all(this.#raw, this.#trust).at(-1) ?? ''
  }

  /** What the client asked for, with its port. */
  get host(): string | undefined {
    const { host, 'x-forwarded-host': forwarded } = this.headers
    const { remoteAddress = '' } = this.#raw.socket
    if (typeof forwarded !== 'string' || this.#trust?.(remoteAddress, 0) !== true) return host
    // Each proxy adds its own behind those before it.
    return forwarded.slice(forwarded.lastIndexOf(',') + 1).trim()
  }
}
