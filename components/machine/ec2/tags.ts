import * as pulumi from "@pulumi/pulumi";

/**
 * The tags of an AWS resource: a name for people, and what made it.
 * @param name one that carries the stack's
 */
export const tagsOf = (name: string): Record<string, string> => ({
  Name: name,
  project: pulumi.getProject(),
  stack: pulumi.getStack(),
});
