/**
 * A WebSocket class that reads the node's name from the connect reply (`connect.node`), which the SDK does
 * not expose. The SDK takes the class by its option `websocket`. `onName` runs before the SDK is connected.
 */
export function socketWithNodeName(onName: (name: string) => void): typeof WebSocket {
  return class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols)
      const read = ({ data }: MessageEvent<unknown>): void => {
        const name = nodeIn(String(data))
        if (name === undefined) return
        this.removeEventListener('message', read)
        onName(name)
      }
      this.addEventListener('message', read)
    }
  }
}

/** The node's name, if one of the lines is a connect reply; `''` where the reply has no name. */
export function nodeIn(lines: string): string | undefined {
  for (const line of lines.split('\n')) {
    if (!line.includes('"connect"')) continue
    const { connect } = JSON.parse(line) as { connect?: { node?: unknown } }
    if (connect !== undefined) return typeof connect.node === 'string' ? connect.node : ''
  }
  return undefined
}
