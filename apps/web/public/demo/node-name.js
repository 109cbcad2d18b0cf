// @ts-check
/**
 * Which node answered. The connect reply says it (`connect.node`), but the SDK keeps that to itself; so this WebSocket, which
 * the SDK takes by its option `websocket`, reads the first replies along.
 *
 * @param {(name: string) => void} tell Called before the SDK knows that it is connected.
 */
export function socketThatTells(tell) {
  return class extends WebSocket {
    /** @param {string | URL} url @param {string | string[]} [protocols] */
    constructor(url, protocols) {
      super(url, protocols)
      /** @param {MessageEvent<unknown>} event */
      const read = ({ data }) => {
        const name = nodeIn(String(data))
        if (name === undefined) return
        this.removeEventListener('message', read)
        tell(name)
      }
      this.addEventListener('message', read)
    }
  }
}

/** The node named in one of these lines, if one is a connect reply. @param {string} lines */
export function nodeIn(lines) {
  for (const line of lines.split('\n')) {
    if (!line.includes('"connect"')) continue
    const { connect } = JSON.parse(line)
    if (connect !== undefined) return typeof connect.node === 'string' ? connect.node : ''
  }
}
