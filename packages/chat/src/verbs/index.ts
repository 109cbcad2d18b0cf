/** Every method that clients can call. A test compares docs/reference/chat.md with this list. */
import type { Presence } from '../people/presence.ts'
import type { Verb } from '../rpc/verb.ts'
import { CONVERSATION } from './conversation.ts'
import { CONVERSATION_SET } from './conversation-set.ts'
import { CONVERSATIONS } from './conversations.ts'
import { DELETE } from './delete.ts'
import { DELIVERED } from './delivered.ts'
import { DEVICES } from './devices.ts'
import { DEVICES_SIGNOUT } from './devices-signout.ts'
import { EDIT } from './edit.ts'
import { HISTORY } from './history.ts'
import { INBOX } from './inbox.ts'
import { MESSAGES } from './messages.ts'
import { presenceVerb } from './presence.ts'
import { presenceSetVerb } from './presence-set.ts'
import { PROFILE_SET } from './profile-set.ts'
import { PROFILES } from './profiles.ts'
import { REACT } from './react.ts'
import { READ } from './read.ts'
import { RECEIPTS } from './receipts.ts'
import { ROOM_ACCEPT } from './room/accept.ts'
import { ROOM_ARCHIVE } from './room/archive.ts'
import { ROOM_BAN } from './room/ban.ts'
import { ROOM_BANS } from './room/bans.ts'
import { ROOM_CREATE } from './room/create.ts'
import { ROOM_GET } from './room/get.ts'
import { ROOM_INVITE } from './room/invite.ts'
import { ROOM_JOIN } from './room/join.ts'
import { ROOM_KICK } from './room/kick.ts'
import { ROOM_LEAVE } from './room/leave.ts'
import { ROOM_MEMBERS } from './room/members.ts'
import { ROOM_MUTE } from './room/mute.ts'
import { ROOM_RENAME } from './room/rename.ts'
import { ROOM_ROLE } from './room/role.ts'
import { ROOM_UNBAN } from './room/unban.ts'
import { ROOM_VISIBILITY } from './room/visibility.ts'
import { ROOMS } from './rooms.ts'
import { SEND } from './send.ts'
import { TYPING } from './typing.ts'

export function verbs(presence: Presence): readonly Verb[] {
  return [
    SEND,
    EDIT,
    DELETE,
    REACT,
    HISTORY,
    MESSAGES,
    INBOX,
    TYPING,
    DELIVERED,
    READ,
    RECEIPTS,
    CONVERSATIONS,
    CONVERSATION,
    CONVERSATION_SET,
    ROOM_CREATE,
    ROOM_GET,
    ROOMS,
    ROOM_RENAME,
    ROOM_VISIBILITY,
    ROOM_ARCHIVE,
    ROOM_INVITE,
    ROOM_ACCEPT,
    ROOM_JOIN,
    ROOM_LEAVE,
    ROOM_KICK,
    ROOM_BAN,
    ROOM_UNBAN,
    ROOM_MUTE,
    ROOM_ROLE,
    ROOM_MEMBERS,
    ROOM_BANS,
    presenceVerb(presence),
    presenceSetVerb(presence),
    DEVICES,
    DEVICES_SIGNOUT,
    PROFILE_SET,
    PROFILES,
  ]
}
