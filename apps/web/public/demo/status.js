// @ts-check
/** The connection's state in words. Screen readers hear each change once, not the countdown. */

/**
 * @param {{
 *   status: HTMLElement, text: HTMLElement, countdown: HTMLElement, live: HTMLElement,
 *   retryNow: HTMLButtonElement, toggle: HTMLButtonElement,
 * }} elements
 */
export function createStatus({ status, text, countdown, live, retryNow, toggle }) {
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let ticking

  /** @param {number} until */
  const count = (until) => {
    const tick = () => {
      const seconds = Math.max(1, Math.ceil((until - Date.now()) / 1000))
      countdown.textContent = ` in ${seconds} s`
    }
    tick()
    ticking = setInterval(tick, 250)
  }

  /** @param {import('./connection.js').ConnectionState} state */
  const show = (state) => {
    clearInterval(ticking)
    countdown.textContent = ''
    const words = wordsFor(state)
    status.setAttribute('data-state', state.kind)
    text.textContent = words
    if (live.textContent !== words) live.textContent = words
    if (state.kind === 'waiting') count(state.until)
    const unplugged = state.kind === 'unplugged' || state.kind === 'ended'
    retryNow.hidden = state.kind !== 'waiting'
    toggle.textContent = unplugged ? 'Come back' : 'Go offline'
    toggle.setAttribute('aria-pressed', String(state.kind === 'unplugged'))
  }

  return { show, stop: () => clearInterval(ticking) }
}

/** @param {import('./connection.js').ConnectionState} state */
function wordsFor(state) {
  switch (state.kind) {
    case 'connecting':
      return 'Connecting…'
    case 'connected':
      return state.node === '' ? 'Connected' : `Connected to ${state.node}`
    case 'waiting':
      return 'Offline, reconnecting'
    case 'unplugged':
      return 'Offline by your choice'
    case 'ended':
      return `Disconnected: ${state.reason} (${state.code})`
  }
}
