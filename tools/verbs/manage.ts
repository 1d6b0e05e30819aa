/** `npm run manage -- ARGUMENT…`: a manage.py command of the release that serves; its exit status is this one's. */
import { attach } from "./entrance";
import { atSite, manage } from "./site";
import { runVerb } from "./verb";

const help = `
npm run manage -- [--stack NAME] COMMAND [ARGUMENT…]
Runs manage.py on the machine, as the site's user, with the site's environment. Standard input and output are passed on,
and so is the exit status; npm run --silent keeps npm's own lines out.`;

runVerb({ name: "manage", help, passesOn: true }, ({ values, positionals }) => {
  if (positionals.length === 0) throw new Error("name a command, as in: npm run manage -- check");
  return atSite(values, (open) => attach(open.machine, manage(open, positionals)));
});
