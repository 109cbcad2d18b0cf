import { ActionIcon, type ActionIconProps, Tooltip } from '@mantine/core'
import type { ComponentPropsWithRef } from 'react'
import { Icon, type IconName } from './icons.tsx'

interface Props extends ActionIconProps, Omit<ComponentPropsWithRef<'button'>, keyof ActionIconProps> {
  readonly icon: IconName
  /** What it does: for screen readers, and for the eye when the pointer rests on it. */
  readonly label: string
  readonly iconSize?: number
}

export function IconButton({ icon, label, iconSize = 20, className, ...rest }: Props) {
  return (
    <Tooltip label={label} disabled={rest['aria-expanded'] === true}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={36}
        radius="md"
        aria-label={label}
        {...rest}
        // The target of a menu has a class of its own.
        className={`iconButton ${className ?? ''}`}
      >
        <Icon name={icon} size={iconSize} />
      </ActionIcon>
    </Tooltip>
  )
}
