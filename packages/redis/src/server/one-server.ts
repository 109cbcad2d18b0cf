/** Routes to one server, or to the primary that the Sentinels name. */
import type { Route, Routes } from './routes.ts'
import { SentinelWatch } from './sentinel-watch.ts'
import { Server } from './server.ts'
import type { Settings } from './settings.ts'
import type { Endpoint } from './url.ts'

export class OneServer implements Routes {
  readonly #route: Route
  readonly #onSwitch: ((primary: Endpoint) => void)[] = []
  readonly #watch: SentinelWatch | undefined

  constructor(settings: Settings) {
    const server = new Server(settings)
    this.#route = { server, client: server.link.client }
    if (settings.url.kind === 'sentinel')
      this.#watch = new SentinelWatch(settings, (primary) => this.#switch(primary))
  }

  current(): Route | undefined {
    return this.#route.server.link.readiness.isReady ? this.#route : undefined
  }

  async find(what: string): Promise<Route> {
    await this.#route.server.link.readiness.whenReady(what)
    return this.#route
  }

  async retry(): Promise<undefined> {
    return undefined
  }

  servers(): readonly Server[] {
    return [this.#route.server]
  }

  onReady(run: () => void): void {
    this.#route.server.link.readiness.onReady(run)
  }

  onSwitch(run: (primary: Endpoint) => void): void {
    this.#onSwitch.push(run)
  }

  close(): Promise<void> {
    this.#watch?.close()
    return this.#route.server.close()
  }

  #switch(primary: Endpoint): void {
    this.#route.server.moveTo(primary)
    for (const run of this.#onSwitch) run(primary)
  }
}
