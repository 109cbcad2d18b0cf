/** Crowded channels: joins and leaves are not pushed there, because n users that join cost n² writes. */

/** A crowded channel stays crowded down to this share of the limit, so that a few users do not toggle it. */
const CROWDED_UNTIL_SHARE = 0.9

/**
 * Whether joins and leaves are left out. `limit`: of the namespace; 0: never. `was`: whether they have been.
 */
export function isCrowd(users: number, limit: number, was: boolean): boolean {
  return limit > 0 && users > (was ? limit * CROWDED_UNTIL_SHARE : limit)
}
