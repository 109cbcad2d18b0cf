/** The emoji that are one press away. For others there is the keyboard of the system. */
export const QUICK = ['👍', '❤️', '😂', '🎉', '😮', '😢'] as const
export const EMOJI = [
  ...QUICK,
  ...[
    '😀',
    '😄',
    '😅',
    '😊',
    '😍',
    '🤔',
    '🙄',
    '😴',
    '😎',
    '🥳',
    '😭',
    '😡',
    '👎',
    '👏',
    '🙏',
    '💪',
    '👀',
    '🔥',
  ],
  ...['✅', '❌', '⭐', '🚀', '💡', '☕'],
] as const
