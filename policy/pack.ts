import { PolicyPack, type ResourceValidationPolicy } from "@pulumi/policy";

import { type Rule, rules, type Subject } from "./rules";

/** The rules as a pack: `pulumi preview --policy-pack policy`. Each violation refuses the run. */
new PolicyPack("django-server", {
  enforcementLevel: "mandatory",
  policies: rules.map((rule): ResourceValidationPolicy => ({
    ...{ name: rule.name, description: rule.description },
    validateResource({ type, urn, props, opts: { protect } }, report) {
      const stack = /^urn:pulumi:([^:]*)::/.exec(urn)?.[1] ?? "";
      for (const violation of asFarAsKnown(rule, { type, stack, inputs: props, protect })) report(violation);
    },
  })),
});

/** What a first preview does not know yet, such as the machine's address, is judged by the update, before it acts. */
function asFarAsKnown(rule: Rule, subject: Subject): string[] {
  try {
    return rule.violations(subject);
  } catch (error) {
    if (error instanceof Error && error.message.endsWith("can't be known during preview")) return [];
    throw error;
  }
}
