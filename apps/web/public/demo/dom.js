// @ts-check
/**
 * The element with this id, of this kind. A page that lacks it is broken, and says so at once.
 *
 * @template {HTMLElement} E
 * @param {string} id
 * @param {new () => E} kind
 * @returns {E}
 */
export function byId(id, kind) {
  const found = document.getElementById(id)
  if (!(found instanceof kind)) throw new Error(`the page has no ${kind.name} #${id}`)
  return found
}

/**
 * A new element with a class and text. Text is the only thing that ever gets in: no markup is made from data.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} className
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, className, text) {
  const element = document.createElement(tag)
  element.className = className
  if (text !== undefined) element.textContent = text
  return element
}

/**
 * A button that does something.
 *
 * @param {string} text
 * @param {() => void} act
 */
export function button(text, act) {
  const element = make('button', 'quiet small', text)
  element.type = 'button'
  element.addEventListener('click', act)
  return element
}

/** A name in a sentence keeps its own direction, so that it cannot turn the words around it. @param {string} name */
export function nameOf(name) {
  return make('bdi', 'name', name)
}

/** The round mark of a user: the first letter on one of eight colours, the same everywhere. @param {string} user */
export function avatar(user) {
  const [first = '?'] = user
  let hash = 0x811c9dc5 // FNV-1a: similar names should not look alike
  for (const char of user) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193)
  const mark = make('span', `avatar hue-${(hash >>> 16) % 8}`, first.toUpperCase())
  mark.setAttribute('aria-hidden', 'true')
  return mark
}
