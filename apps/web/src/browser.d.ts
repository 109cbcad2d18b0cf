/** What `/vendor/centrifuge.js` puts on the page: the official SDK's browser bundle. */
declare const Centrifuge: typeof import('centrifuge').Centrifuge & {
  readonly UnauthorizedError: typeof import('centrifuge').UnauthorizedError
}
