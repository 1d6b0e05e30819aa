import * as pulumi from "@pulumi/pulumi";

/** The tags of an AWS resource: a name for people, and what made it. */
export const tagsOf = (name: string): Record<string, string> => ({
  Name: `${pulumi.getStack()}-${name}`,
  project: pulumi.getProject(),
  stack: pulumi.getStack(),
});
