import { EMOJI } from './emoji.ts'

export function EmojiGrid({ pick }: { readonly pick: (emoji: string) => void }) {
  return (
    <div className="emojiGrid">
      {EMOJI.map((emoji) => (
        <button key={emoji} type="button" onClick={() => pick(emoji)}>
          {emoji}
        </button>
      ))}
    </div>
  )
}
