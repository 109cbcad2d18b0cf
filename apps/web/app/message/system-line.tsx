import type { Item } from '@skein/client'
import { useSystemText } from './system-text.ts'

export function SystemLine({ item }: { readonly item: Item }) {
  const text = useSystemText()(item)
  return (
    <li className="systemLine" data-kind={item.system?.kind}>
      <span>{text}</span>
    </li>
  )
}
