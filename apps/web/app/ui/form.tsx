/** A small form: Enter submits, the button waits for the reply, and an error appears at the field. */
import { Button } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useT } from '../i18n/locale.tsx'
import { problemText } from './use-attempt.ts'

interface Props {
  readonly action: string
  readonly disabled?: boolean
  /** The button beside the field. */
  readonly inline?: boolean
  readonly submit: () => Promise<void>
  /** Renders the fields with the error of the last attempt. */
  readonly children: (problem: string | undefined) => ReactNode
}

export function Form({ action, disabled = false, inline = false, submit, children }: Props) {
  const t = useT()
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)
  const onSubmit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setProblem(undefined)
    setBusy(true)
    try {
      await submit()
    } catch (error) {
      setProblem(problemText(t, error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <form className="form" data-inline={inline} onSubmit={(event) => void onSubmit(event)} autoComplete="off">
      {children(problem)}
      <Button type="submit" loading={busy} disabled={disabled}>
        {action}
      </Button>
    </form>
  )
}
