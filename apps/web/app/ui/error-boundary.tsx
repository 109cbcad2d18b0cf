/** Shows what happened when the page fails, instead of a blank page. */
import { Component, type ReactNode } from 'react'
import { useT } from '../i18n/locale.tsx'

interface Props {
  readonly children: ReactNode
}

export class ErrorBoundary extends Component<Props, { readonly error: unknown }> {
  override state = { error: undefined as unknown }

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error }
  }

  override render(): ReactNode {
    return this.state.error === undefined ? this.props.children : <Failed error={this.state.error} />
  }
}

function Failed({ error }: { readonly error: unknown }) {
  const t = useT()
  return (
    <main className="failed" role="alert">
      <h1>{t('app.failed')}</h1>
      <p>{error instanceof Error ? error.message : String(error)}</p>
      <button type="button" onClick={() => location.reload()}>
        {t('app.reload')}
      </button>
    </main>
  )
}
