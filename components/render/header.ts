/** The first line of every placed file, behind the file's own comment sign. */
export const header = (comment: string): string =>
  `${comment} Placed by django-server. Change the stack's settings, not this file: the next deploy overwrites it.\n`;
