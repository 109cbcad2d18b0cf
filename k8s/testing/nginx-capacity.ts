/** Memory of nginx by clients, for the limits, replicas and autoscaler of the manifests. */

/**
 * Memory of one idle client with a margin of a tenth: 18.7 KiB plain and 50.4 KiB with TLS are measured at
 * 2,000 to 4,000 clients. test/containers/nginx-memory.test.ts measures it again.
 */
export const NGINX_KIB_PER_CLIENT = { plain: 22, tls: 56 } as const

/** Processes, code and shared zones without clients. */
const BASE_BYTES = 64 * 1024 ** 2
const MARGIN_FACTOR = 1.1

/** Clients that the workers of one nginx accept: two connections per client. */
export function clientsPerNginx(settings: Readonly<Record<string, string>>): number {
  return (Number(settings['SKEIN_NGINX_CONNECTIONS']) * Number(settings['SKEIN_NGINX_WORKERS'])) / 2
}

/** Memory that one nginx needs for this number of clients. */
export function nginxBytes(clients: number, kind: keyof typeof NGINX_KIB_PER_CLIENT): number {
  return BASE_BYTES + clients * NGINX_KIB_PER_CLIENT[kind] * 1024 * MARGIN_FACTOR
}
