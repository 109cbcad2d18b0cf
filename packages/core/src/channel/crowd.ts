/**
 * Channels with so many members that only their number is told. A join that each of n members is told of costs n writes, and n
 * members coming costs n²; a list of all of them is too long to be asked for by each.
 */

/** Having been crowded, a channel is until its users are this part of the limit: those who come and go must not toggle it. */
const BELOW = 0.9

/** Whether join and leave of so many users are left out. `limit`: the namespace's; 0: never. `was`: whether they have been. */
export function isCrowd(users: number, limit: number, was: boolean): boolean {
  return limit > 0 && users > (was ? limit * BELOW : limit)
}
