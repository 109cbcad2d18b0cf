import { Button } from '@mantine/core'
import { ChatError, type ChatMessage, type Conversation } from '@skein/client'
import { useT } from '../i18n/locale.tsx'
import { problemText } from '../ui/use-attempt.ts'

interface Props {
  readonly conversation: Conversation
  readonly message: ChatMessage
}

/** The reason of a failed message, with buttons to retry or discard it. */
export function Undelivered({ conversation, message: { item, failure } }: Props) {
  const t = useT()
  const why = failure && problemText(t, new ChatError(0, failure.message, false))
  return (
    <div className="undelivered" role="alert">
      <span>{why ?? t('status.failed')}</span>
      <Button size="compact-xs" variant="light" onClick={() => conversation.retry(item.clientId)}>
        {t('message.retry')}
      </Button>
      <Button
        size="compact-xs"
        variant="subtle"
        color="red"
        onClick={() => conversation.discard(item.clientId)}
      >
        {t('message.discard')}
      </Button>
    </div>
  )
}
