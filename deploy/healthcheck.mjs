/** The container's health check: exits 0 when this node serves connections. Without curl, which slim images lack. */
// biome-ignore lint/style/noProcessEnv: a program of its own beside the node; the port is all that it needs.
const port = process.env.SKEIN_INTERNAL_PORT || '9090'

try {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2500) })
  if (!response.ok) console.error(`readyz: ${response.status} ${await response.text()}`)
  process.exitCode = response.ok ? 0 : 1
} catch (error) {
  console.error(`readyz: ${error.message}`)
  process.exitCode = 1
}
