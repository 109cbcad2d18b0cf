// @ts-check
/**
 * Messages on their way. One leaves this list when its publication arrives, like everybody's; until then it is shown as
 * on its way, or as failed, to be sent again or discarded.
 *
 * @typedef {{ text: string, client: string, element: HTMLLIElement }} Outgoing
 */
import { button, make } from './dom.js'
import { reasonOf } from './room.js'

/**
 * @param {HTMLOListElement} list
 * @param {{
 *   publish: (text: string) => Promise<unknown>,
 *   client: () => string | undefined,
 *   changed: () => void,
 *   idle: () => void,
 * }} options `client`: this connection's id while messages can be sent. `idle`: the pressed button goes, and the keyboard's
 *   place with it.
 */
export function createOutgoing(list, { publish, client, changed, idle }) {
  /** @type {Outgoing[]} */
  const waiting = []

  /** @param {Outgoing} item */
  const remove = (item) => {
    const at = waiting.indexOf(item)
    if (at >= 0) waiting.splice(at, 1)
    item.element.remove()
    changed()
  }

  /** @param {Outgoing} item @param {string} reason */
  const fail = (item, reason) => {
    if (!waiting.includes(item)) return
    const retry = button('Send again', () => {
      idle()
      void attempt(item)
    })
    const discard = button('Discard', () => {
      idle()
      remove(item)
    })
    paint(item, 'failed', `Not sent: ${reason}`, [retry, discard])
    changed()
  }

  /** @param {Outgoing} item */
  const attempt = async (item) => {
    const connected = client()
    if (connected === undefined) return fail(item, 'you were offline')
    item.client = connected
    paint(item, 'sending', 'Sending…', [])
    changed()
    try {
      await publish(item.text)
    } catch (error) {
      fail(item, reasonOf(error))
    }
  }

  return {
    /** @param {string} text */
    send(text) {
      const item = { text, client: '', element: make('li', 'message own') }
      waiting.push(item)
      list.append(item.element)
      void attempt(item)
    },
    /**
     * A publication arrived: the message that it was is no longer on its way. It may be one whose acknowledgement was lost
     * with the connection, and which is found among what was missed.
     *
     * @param {{ client: string, text: string }} message
     */
    arrived({ client: from, text }) {
      const item = waiting.find((one) => one.client === from && one.text === text)
      if (item !== undefined) remove(item)
    },
    clear() {
      for (const item of waiting.splice(0)) item.element.remove()
    },
  }
}

/** @param {Outgoing} item @param {'sending' | 'failed'} state @param {string} note @param {HTMLElement[]} actions */
function paint({ text, element }, state, note, actions) {
  element.setAttribute('data-state', state)
  const body = make('p', 'text', text)
  body.dir = 'auto'
  const foot = make('p', 'note', note)
  foot.append(...actions)
  element.replaceChildren(body, foot)
}
