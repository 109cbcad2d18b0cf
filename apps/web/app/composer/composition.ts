/**
 * True while an input method composes. Safari reports the Enter that ends a composition with `isComposing`
 * false and the key code 229 (UI Events, section 7.3.1).
 */
export function isComposing(event: { readonly isComposing: boolean; readonly keyCode: number }): boolean {
  return event.isComposing || event.keyCode === 229
}
