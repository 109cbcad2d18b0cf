// k6's side of k6.ts: each virtual user is one connection in one room, and counts what comes.
import { Counter } from 'k6/metrics'
import { WebSocket } from 'k6/websockets'

const SECONDS = Number(__ENV.SECONDS)
const CONNECTIONS = Number(__ENV.CONNECTIONS)

export const options = {
  scenarios: {
    all: { executor: 'per-vu-iterations', vus: CONNECTIONS, iterations: 1, maxDuration: `${SECONDS + 60}s` },
  },
}
const joined = new Counter('joined')
const received = new Counter('received')

export default function () {
  const socket = new WebSocket(__ENV.URL)
  socket.onopen = () => {
    socket.send('{"join":"room"}')
    setTimeout(() => socket.close(), SECONDS * 1000)
  }
  socket.onmessage = ({ data }) => {
    if (data.includes('joined')) joined.add(1)
    else received.add(1)
  }
}
