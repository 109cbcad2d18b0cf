/** For tests of packages above core: a simulated clock, and clients without sockets. */
export { connected, TestClient } from './client.ts'
export { settle, TestClock } from './clock.ts'
