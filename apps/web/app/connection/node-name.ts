/**
 * Which node answered. The connect reply says it (`connect.node`), but the SDK keeps that to itself; so this WebSocket, which
 * the SDK takes by its option `websocket`, reads the first replies along. `tell` is called before the SDK is connected.
 */
export function socketThatTells(tell: (name: string) => void): typeof WebSocket {
  return class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols)
      const read = ({ data }: MessageEvent<unknown>): void => {
        const name = nodeIn(String(data))
        if (name === undefined) return
        this.removeEventListener('message', read)
        tell(name)
      }
      this.addEventListener('message', read)
    }
  }
}

/** The node named in one of these lines, if one is a connect reply. */
export function nodeIn(lines: string): string | undefined {
  for (const line of lines.split('\n')) {
    if (!line.includes('"connect"')) continue
    const { connect } = JSON.parse(line) as { connect?: { node?: unknown } }
    if (connect !== undefined) return typeof connect.node === 'string' ? connect.node : ''
  }
  return undefined
}
