/** The emoji of the picker. The system's keyboard has all others. */
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
