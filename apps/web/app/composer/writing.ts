import type { Item } from '@skein/client'

/** The purpose of the composer's text: a new message, a reply, or an edit of a sent one. */
export type Writing =
  | { readonly kind: 'new' }
  | { readonly kind: 'reply'; readonly item: Item }
  | { readonly kind: 'edit'; readonly item: Item }
