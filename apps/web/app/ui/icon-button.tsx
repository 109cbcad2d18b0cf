import { ActionIcon, type ActionIconProps, Tooltip } from '@mantine/core'
import type { ComponentPropsWithRef } from 'react'
import { Icon, type IconName } from './icons.tsx'

interface Props extends ActionIconProps, Omit<ComponentPropsWithRef<'button'>, keyof ActionIconProps> {
  readonly icon: IconName
  /** The label for screen readers and the tooltip. */
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
        // A menu adds a class to its target.
        className={`iconButton ${className ?? ''}`}
      >
        <Icon name={icon} size={iconSize} />
      </ActionIcon>
    </Tooltip>
  )
}
