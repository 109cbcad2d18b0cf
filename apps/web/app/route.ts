/** The current view, kept in the address behind `#`: back and reload work, and the server needs no routes. */
import { useMemo, useSyncExternalStore } from 'react'

export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'conversation'; readonly id: string }
  | { readonly page: 'invitation'; readonly token: string }

export function parseRoute(hash: string): Route {
  const [, kind, rest = ''] = /^#\/(c|join)\/(.+)$/.exec(hash) ?? []
  const decoded = decode(rest)
  if (decoded === undefined || decoded === '') return { page: 'home' }
  return kind === 'c' ? { page: 'conversation', id: decoded } : { page: 'invitation', token: decoded }
}

export function hashOf(route: Route): string {
  switch (route.page) {
    case 'home':
      return '#/'
    case 'conversation':
      return `#/c/${encodeURIComponent(route.id)}`
    case 'invitation':
      return `#/join/${encodeURIComponent(route.token)}`
  }
}

export function go(route: Route): void {
  location.hash = hashOf(route)
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(listen, () => location.hash)
  return useMemo(() => parseRoute(hash), [hash])
}

function listen(changed: () => void): () => void {
  addEventListener('hashchange', changed)
  return () => removeEventListener('hashchange', changed)
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined // An invalid address leads to the start view.
  }
}
