/** The resource name of a stack's only machine, which makes the shortest names. */
export const defaultResourceName = "machine";

/**
 * The name of a container machine, unique on this computer: the stack's, followed by the resource's unless that is the
 * default one.
 */
export function machineName(stack: string, resource: string = defaultResourceName): string {
  return checkedName(resource === defaultResourceName ? stack : `${stack}-${resource}`);
}

/** Returns a name that is safe as a container's, a folder's and an SSH host's name; throws otherwise. */
export function checkedName(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]{0,40}$/.test(name)) return name;
  throw new Error(
    `"${name}" can't name a container machine: use 1 to 41 letters, digits, dots, dashes and underscores, ` +
      "beginning with a letter or digit",
  );
}

/** The container's name. */
export function containerName(machine: string): string {
  return `django-server-${machine}`;
}
