/** For tests of what stands on core: a clock that moves when told, and clients without sockets. */
export { connected, TestClient } from './client.ts'
export { settle, TestClock } from './clock.ts'
