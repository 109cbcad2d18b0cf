/** A client-side subscription of the SDK with every event recorded. */
import type { Encoding } from '@skein/protocol'
import type { PublicationContext, Subscription } from 'centrifuge'
import { type Context, readContext } from './context.ts'
import { type Data, decodeData, encodeData } from './data.ts'
import { Recording } from './recording.ts'
import { within } from './wait.ts'

export interface Received {
  readonly data: Data | undefined
  /** 0: the channel keeps no history. */
  readonly offset: number
  /** The author's user id; '' when the server API published. */
  readonly user: string
  readonly tags: Readonly<Record<string, string>> | undefined
}

/** Events that the SDK emitted, publications excepted, in order. */
export interface SubscriptionEvent {
  readonly type: (typeof SUBSCRIPTION_EVENTS)[number]
  readonly context: Context
}
const SUBSCRIPTION_EVENTS = ['subscribing', 'subscribed', 'unsubscribed', 'join', 'leave', 'error'] as const

export class TestSubscription {
  readonly sdk: Subscription
  readonly publications: Recording<Received>
  readonly events: Recording<SubscriptionEvent>
  readonly #encoding: Encoding

  constructor(sdk: Subscription, encoding: Encoding, owner: string) {
    this.sdk = sdk
    this.#encoding = encoding
    this.publications = new Recording(`publications of ${owner} in ${sdk.channel}`)
    this.events = new Recording(`subscription events of ${owner} in ${sdk.channel}`)
    for (const type of SUBSCRIPTION_EVENTS) {
      sdk.on(type, (context: object) => this.events.push({ type, context: readContext(context) }))
    }
    sdk.on('publication', (context) => this.publications.push(received(context)))
  }

  /** Resolves when subscribed; rejects with the server's error code. */
  async subscribe(): Promise<void> {
    this.sdk.subscribe()
    try {
      await within(`subscribing to ${this.sdk.channel}`, this.sdk.ready(8000), 9000)
    } catch (error) {
      // `ready` reports "unsubscribed" only; the event before it has the code.
      const refusal = this.events.all.findLast(({ type }) => type === 'unsubscribed')?.context
      throw refusal === undefined ? error : Object.assign(new Error(refusal.reason), { code: refusal.code })
    }
  }

  async publish(data: Data): Promise<void> {
    await this.sdk.publish(encodeData(this.#encoding, data))
  }

  /** The context of the next event of this type that no other waiter has taken. */
  async next(type: SubscriptionEvent['type'], ms?: number): Promise<Context> {
    return (await this.events.next((event) => event.type === type, ms)).context
  }

  /** The users of all events of this type so far. */
  users(type: 'join' | 'leave'): readonly string[] {
    return this.events.all.filter((event) => event.type === type).map(userOf)
  }

  /** The user of the next join or leave that no other waiter has taken. */
  async nextUser(type: 'join' | 'leave', ms?: number): Promise<string> {
    return userOf(await this.events.next((event) => event.type === type, ms))
  }
}

function received(context: PublicationContext): Received {
  return {
    data: decodeData(context.data),
    offset: context.offset ?? 0,
    user: context.info?.user ?? '',
    tags: context.tags,
  }
}

function userOf(event: SubscriptionEvent): string {
  return event.context.info?.user ?? ''
}
