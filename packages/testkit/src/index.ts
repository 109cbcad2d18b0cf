/** Clusters, clients and barriers for tests with real parts. Only tests import it. */
export { ApiError, type ApiReply, callApi, callRaw, type RawReply } from './api.ts'
export {
  Checker,
  FINDINGS,
  type Finding,
  type FindingKind,
  type Latency,
  now,
  readTrace,
  type TraceEvent,
  TraceWriter,
  type Verdict,
} from './checker/index.ts'
export { type Child, type Exit, startChild } from './child.ts'
export { type ClientEvent, type ConnectOptions, TestClient } from './client.ts'
export {
  type ClientOptions,
  type ClusterOptions,
  startCluster,
  TEST_API_KEY,
  type TestCluster,
} from './cluster.ts'
export type { Context } from './context.ts'
export { type Data, decodeData, encodeData } from './data.ts'
export { DEFAULT_CHANNELS } from './default-channels.ts'
export { ENCODINGS, freshChannel, freshUser } from './encodings.ts'
export {
  block,
  type Cut,
  FaultyProxy,
  firewallLacks,
  inOwnNetwork,
  limitMemory,
  memoryLimitLacks,
  ownNetworkLacks,
  smallBuffers,
  stepClock,
  steppable,
  steppedClockLacks,
} from './faults/index.ts'
export { freePort } from './free-port.ts'
export type { Closed } from './local-socket.ts'
export { median } from './median.ts'
export { type Sample, scrape, total } from './metrics.ts'
export { type NginxProcess, startNginx } from './nginx-process.ts'
export {
  type Checkout,
  fillCompileCache,
  type NodeProcess,
  spawnNode,
  statusOf,
  untilReady,
} from './node-process.ts'
export { PausableClock } from './pausable-clock.ts'
export { RawClient, type RawOptions } from './raw-client.ts'
export { Recording } from './recording.ts'
export { type RedisClusterOptions, type RedisClusterSetup, startRedisCluster } from './redis-cluster.ts'
export { type SentinelOptions, type SentinelSetup, startSentinel } from './redis-sentinel.ts'
export {
  command as redisCommand,
  infoField,
  type RedisServer,
  type RedisServerOptions,
  startRedis,
} from './redis-server.ts'
export { type Received, type SubscriptionEvent, TestSubscription } from './subscription.ts'
export { TcpProxy } from './tcp-proxy.ts'
export { type Claims, inSeconds, signToken, TEST_SECRET } from './token.ts'
export { pause, waitFor, within } from './wait.ts'
