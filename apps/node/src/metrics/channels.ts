/** Publications, subscriptions and gaps of channels, by namespace. */
import type { DomainEvents, Events } from '@skein/core'
import type { Registry } from 'prom-client'
import { Tally } from './tally.ts'

type NamespaceOf = (channel: string) => string

export function countChannels(registry: Registry, events: Events, namespace: NamespaceOf): void {
  countPublications(registry, events, namespace)
  countSubscriptions(registry, events, namespace)
  countHoles(registry, events, namespace)
}

function countPublications(registry: Registry, events: Events, namespace: NamespaceOf): void {
  const published = new Tally(registry, 'skein_published_total', 'Publications accepted on this node.', [
    'namespace',
    'by',
    'duplicate',
  ])
  const fanouts = new Tally(registry, 'skein_fanouts_total', 'Publications fanned out on this node.', [
    'namespace',
  ])
  const delivered = new Tally(
    registry,
    'skein_delivered_total',
    'Publications delivered to subscribers of this node.',
    ['namespace'],
  )
  events.on('published', ({ channel, user, duplicate }) =>
    published.add([namespace(channel), user === undefined ? 'server' : 'client', String(duplicate)]),
  )
  events.on('delivered', ({ channel, subscribers }) => {
    const label = namespace(channel)
    fanouts.add([label])
    delivered.add([label], subscribers)
  })
}

function countSubscriptions(registry: Registry, events: Events, namespace: NamespaceOf): void {
  const subscribed = new Tally(
    registry,
    'skein_subscribed_total',
    'Subscriptions; recovered: yes, no, or none (not requested).',
    ['namespace', 'recovered'],
  )
  const recovered = new Tally(
    registry,
    'skein_recovered_publications_total',
    'Publications sent by recovery.',
    ['namespace'],
  )
  const unsubscribed = new Tally(
    registry,
    'skein_unsubscribed_total',
    'Ended subscriptions, by unsubscribe code.',
    ['namespace', 'code'],
  )
  events.on('subscribed', (event) => {
    const label = namespace(event.channel)
    subscribed.add([label, recoveredLabel(event)])
    if (event.recovered === true) recovered.add([label], event.publications)
  })
  events.on('unsubscribed', ({ channel, code }) =>
    unsubscribed.add([namespace(channel), unsubscribeLabel(code)]),
  )
}

function countHoles(registry: Registry, events: Events, namespace: NamespaceOf): void {
  const gaps = new Tally(
    registry,
    'skein_gaps_total',
    'Gaps in the offsets of a channel: filled from history, or reported to subscribers (`notified`).',
    ['namespace', 'outcome'],
  )
  const missing = new Tally(registry, 'skein_gap_publications_total', 'Missing publications of these gaps.', [
    'namespace',
    'outcome',
  ])
  const duplicates = new Tally(
    registry,
    'skein_duplicates_dropped_total',
    'Duplicate publications that were dropped.',
    ['namespace'],
  )
  const ahead = new Tally(
    registry,
    'skein_ahead_dropped_total',
    'Dropped publications with an offset beyond the end of their stream.',
    ['namespace'],
  )
  events.on('gap', ({ channel, outcome, missing: count }) => {
    const labels = [namespace(channel), outcome] as const
    gaps.add(labels)
    missing.add(labels, count)
  })
  events.on('duplicateDropped', ({ channel }) => duplicates.add([namespace(channel)]))
  events.on('aheadDropped', ({ channel }) => ahead.add([namespace(channel)]))
}

function recoveredLabel({ recovered }: DomainEvents['subscribed']): string {
  if (recovered === undefined) return 'none'
  return recovered ? 'yes' : 'no'
}

function unsubscribeLabel(code: number): string {
  return code === 0 || (code >= 2000 && code <= 2999) ? String(code) : 'other'
}
