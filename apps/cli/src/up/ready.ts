/** Readiness check of the endpoint, by a client connection through the front. */

const ANSWER_TIMEOUT_MS = 3000

/** Connects with this token; true if a node replies to `connect`. */
export const endpointAnswers = (port: number, token: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/connection/websocket`)
    const timer = setTimeout(() => settle(false), ANSWER_TIMEOUT_MS)
    const settle = (answer: boolean): void => {
      clearTimeout(timer)
      socket.close()
      resolve(answer)
    }
    socket.addEventListener('open', () => socket.send(JSON.stringify({ id: 1, connect: { token } })))
    socket.addEventListener('message', ({ data }) => settle(String(data).includes('"connect"')))
    socket.addEventListener('error', () => settle(false))
    socket.addEventListener('close', () => settle(false))
  })
